from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only access and business events."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"
