from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """The child, care periods, episodes and allocations."""

    name = "children"
    default_auto_field = "django.db.models.BigAutoField"
