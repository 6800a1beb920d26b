from django.apps import AppConfig


class EscalationsConfig(AppConfig):
    """A concern, its ladder and its answers."""

    name = "escalations"
    default_auto_field = "django.db.models.BigAutoField"
