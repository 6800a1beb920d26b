from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Read-only pages and figures; owns no data."""

    name = "dashboards"
    default_auto_field = "django.db.models.BigAutoField"
