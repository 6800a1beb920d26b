"""The pages about one child, then the authority's access log."""

from django.urls import path

from . import log_views, views

app_name = "children"
urlpatterns = [
    path("children/<uuid:uuid>/people/", views.people, name="people"),
    path("children/<uuid:uuid>/people/allocate/", views.allocate, name="allocate"),
    path("children/<uuid:uuid>/care/", views.care, name="care"),
    path("children/<uuid:uuid>/access/", views.access, name="access"),
    path("children/<uuid:uuid>/changes/", views.changes, name="changes"),
    path("access-log/", log_views.access_log, name="access_log"),
]
