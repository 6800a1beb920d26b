"""Wiring only: settings, addresses, the Celery app, the servers. No app imports it."""

from .celery import app as celery_app

__all__ = ["celery_app"]
