from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """What has slipped, who is told, and whether it reached them."""

    name = "alerts"
    default_auto_field = "django.db.models.BigAutoField"
