from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """The furniture every page shares: form markup, tables, tags, error pages, CSV."""

    name = "screens"
    verbose_name = "Screens"
