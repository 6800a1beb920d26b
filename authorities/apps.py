from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    """Local authorities, their services and teams, and what each has decided for itself."""

    name = "authorities"
    default_auto_field = "django.db.models.BigAutoField"
