"""Every address, in the order a user meets the rooms. Each room lists its own, from the root."""

from django.urls import include, path

from . import health

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("", include("dashboards.urls")),
    path("", include("children.urls")),
    path("", include("duties.urls")),
    path("", include("reviews.urls")),
    path("", include("escalations.urls")),
    path("", include("alerts.urls")),
    path("", include("returns.urls")),
    path("", include("audit.urls")),
    path("", include("accounts.urls")),
    path("", include("authorities.urls")),
    path("api/v1/", include("iro_service.api_urls")),
    path("accounts/", include("accounts.login_urls")),
]

handler400 = "screens.errors.bad_request"
handler403 = "screens.errors.permission_denied"
handler404 = "screens.errors.page_not_found"
handler500 = "screens.errors.server_error"
