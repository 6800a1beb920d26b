from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """What is owed about a child by a day."""

    name = "duties"
    default_auto_field = "django.db.models.BigAutoField"
