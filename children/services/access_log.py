"""Searching the log of who looked, with the search itself logged."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.querysets import AccessEventQuerySet
from audit.services import record_event

from ..models import Child
from ..readers import readings


@transaction.atomic
def search_access_log(*, reference: str, email: str, by: User, at: datetime) -> AccessEventQuerySet | None:
    """Looks at the child with this reference, or by the person with this address, in the searcher's authority.

    None where the searcher's authority has no such child or account, as for one of another authority.
    The search itself is logged as an act.
    """
    authority_id = by.authority_id
    child = Child.objects.filter(authority_id=authority_id, reference=reference).first() if reference else None
    person = User.objects.filter(authority_id=authority_id, username=email.lower()).first() if email else None
    record_event(
        verb="access_log.searched",
        subject=child or person or by,
        by=by,
        at=at,
        authority_id=authority_id,
        child_id=child.pk if child else None,
    )
    if child is None and person is None:
        return None
    return readings(
        authority_id=authority_id, child_id=child.pk if child else None, actor_id=person.pk if person else None
    )
