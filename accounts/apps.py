from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, posts, and the one access module."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
