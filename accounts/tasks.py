"""The clock's door to accounts."""

import structlog
from celery import shared_task
from django.utils import timezone

from .services import tidy as tidy_away

log = structlog.get_logger(__name__)


@shared_task
def tidy() -> None:
    """Drop what ended sessions left behind."""
    log.info("sessions_tidied", held_posts_dropped=tidy_away(at=timezone.now()))
