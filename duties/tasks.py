"""The clock's door to duties."""

import structlog
from celery import shared_task
from django.utils import timezone

from audit.history import by_the_service
from authorities.models import Authority

from .services import redate as redate_duties

log = structlog.get_logger(__name__)


@shared_task
@by_the_service("redate")
def redate() -> None:
    """Date what is owed as each authority's policy of today and the calendar say; a repeat finds nothing to change.

    Whatever changed a clock is caught up with so: a policy that begins today, a day proclaimed or taken back, and
    what changed while nothing ran.
    """
    at = timezone.now()
    on = timezone.localdate(at)
    changed = sum(redate_duties(authority_id=authority.pk, on=on, at=at) for authority in Authority.objects.all())
    log.info("duties_dated_again", changed=changed)
