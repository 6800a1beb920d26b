"""Opening a record and the log of who looked, with the looking itself logged."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.access import Viewer
from accounts.models import User
from accounts.roles import ChildPermission
from audit.models import AccessEvent
from audit.querysets import AccessEventQuerySet
from audit.services import record_access, record_event

from ..models import Allocation, CarePeriod, Child, Episode, TeamAllocation
from ..querysets import CarePeriodQuerySet, ChildQuerySet
from ..readers import readings


def children_seen_by(*, user: Viewer) -> ChildQuerySet:
    """The children this person may see, with who works with them and their care periods: three queries more."""
    found: ChildQuerySet = Child.objects.visible_to(user)
    found = found.with_people(Allocation.objects.all(), TeamAllocation.objects.all())
    return found.with_care_periods(CarePeriod.objects.all())


def care_periods_of(child: Child) -> CarePeriodQuerySet:
    """The times a child was looked after, the latest first, each with its episodes: two queries."""
    found: CarePeriodQuerySet = CarePeriod.objects.filter(child=child)
    return found.with_episodes(Episode.objects.all())


def open_record(
    *, uuid: UUID, by: User, what: str, at: datetime, permission: ChildPermission = ChildPermission.VIEW
) -> Child:
    """The child this person may see, with the reading logged in the same transaction.

    `what` is the name of the page. Raises Child.DoesNotExist when there is no such child for this person.
    """
    child = Child.objects.visible_to(by, permission).select_related("authority").get(uuid=uuid)
    record_access(
        child_ids=[child.pk],
        authority_id=child.authority_id,
        action=AccessEvent.Action.VIEW,
        what=what,
        by=by,
        at=at,
    )
    return child


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
