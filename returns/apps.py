from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """SSDA903 in and out, and the demonstration authority."""

    name = "returns"
    default_auto_field = "django.db.models.BigAutoField"
