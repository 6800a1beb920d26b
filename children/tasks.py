"""The clock's door to children."""

import structlog
from celery import shared_task

from .access_rows import reconcile_access as reconcile

log = structlog.get_logger(__name__)


@shared_task
def reconcile_access() -> None:
    """Repair guardian's rows where they differ from the facts, and say how many did."""
    log.info("access_reconciled", differences=reconcile())
