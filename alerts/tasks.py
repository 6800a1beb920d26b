"""The clock's door to alerts."""

import structlog
from celery import shared_task
from django.db import Error
from django.utils import timezone

from audit.history import by_the_service

from . import services
from .models import Sweep

log = structlog.get_logger(__name__)


@shared_task
@by_the_service("sweep")
def sweep() -> None:
    """Raise what has slipped and clear what is met, an authority at a time; a repeat is harmless.

    Where the database refuses one authority, the others still have their turn.
    """
    raised = cleared = failed = 0
    for authority in Sweep.objects.authorities():
        try:
            swept = services.sweep(authority=authority, at=timezone.now(), on=timezone.localdate())
        except Error:
            failed += 1
            log.exception("authority_not_swept", authority=authority.code)
        else:
            raised, cleared = raised + swept.raised, cleared + swept.cleared
    log.info("alerts_swept", raised=raised, cleared=cleared, failed=failed)


@shared_task
@by_the_service("deliver")
def deliver() -> None:
    """Send what is unsent; a repeat finds nothing left."""
    log.info("alerts_delivered", mails=services.deliver(at=timezone.now()))
