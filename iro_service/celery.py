"""The Celery app. Tasks take keys only, so Redis never holds a name."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iro_service.settings")

app = Celery("iro_service")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)  # task ids in every line a task writes


@setup_logging.connect
def keep_logging(**said: Any) -> None:
    """Celery leaves logs as settings.LOGGING has them: hearing this signal is enough to stop it."""


@worker_ready.connect
def look_at_once(**said: Any) -> None:
    """Sweep and deliver when a worker starts: what slipped while none ran does not wait for beat."""
    sweep, deliver = (app.signature(f"alerts.tasks.{name}", immutable=True) for name in ("sweep", "deliver"))
    (sweep | deliver).delay()
