"""The clock's door to alerts."""

import structlog
from celery import shared_task
from django.utils import timezone

from audit.history import by_the_service

from . import services

log = structlog.get_logger(__name__)


@shared_task
@by_the_service("sweep")
def sweep() -> None:
    """Raise what has slipped and clear what is met; a repeat is harmless."""
    swept = services.sweep(at=timezone.now(), on=timezone.localdate())
    log.info("alerts_swept", raised=swept.raised, cleared=swept.cleared)


@shared_task
@by_the_service("deliver")
def deliver() -> None:
    """Send what is unsent; a repeat finds nothing left."""
    log.info("alerts_delivered", mails=services.deliver(at=timezone.now()))
