"""Everything that changes a child's place here: care, people, and who may see the record."""

import unicodedata
from datetime import date, datetime
from types import EllipsisType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils.timezone import localdate

from accounts.access import Viewer
from accounts.models import User
from accounts.roles import ChildPermission
from audit.models import AccessEvent
from audit.querysets import AccessEventQuerySet
from audit.services import record_access, record_event
from authorities.models import Authority, Team
from authorities.rules import Refused

from .access_rows import derive_access
from .models import Allocation, CarePeriod, Child, Episode, TeamAllocation
from .permissions import manages
from .querysets import ChildQuerySet
from .readers import readings
from .rules import NOT_INDEPENDENT

__all__ = [
    "add_child",
    "allocate",
    "children_seen_by",
    "derive_access",
    "end_allocation",
    "end_care",
    "folded",
    "move_team",
    "open_record",
    "search_access_log",
    "start_care",
]


def folded(*parts: str) -> str:
    """Names as they sort and are searched: no accents, no capitals, family name first."""
    text = " ".join(part for part in parts if part)
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


@transaction.atomic
def add_child(
    *,
    authority: Authority,
    reference: str,
    date_of_birth: date,
    sex: str,
    at: datetime,
    by: User | None = None,
    given_name: str = "",
    family_name: str = "",
    **details: Any,
) -> Child:
    """Create a child's record, seen from the start by the posts that reach the whole authority."""
    child = Child.objects.create(
        authority=authority,
        reference=reference,
        given_name=given_name,
        family_name=family_name,
        sort_name=folded(family_name, given_name) or reference.casefold(),
        date_of_birth=date_of_birth,
        sex=sex,
        **details,
    )
    derive_access(child_ids=[child.pk])
    record_event(verb="child.added", subject=child, by=by, at=at, authority_id=authority.pk, child_id=child.pk)
    return child


@transaction.atomic
def start_care(*, child: Child, on: date, at: datetime, by: User | None = None, **episode: str) -> CarePeriod:
    """Open a care period and its first episode. `episode` holds legal_status, category_of_need, placement_type…

    Raises Refused when the child is already looked after or the day is before birth.
    """
    if on < child.date_of_birth:
        raise Refused("Care cannot begin before the child was born.", "on")
    if child.care_periods.filter(ends_on__isnull=True).exists():
        raise Refused("The child is already looked after.", "on")
    period = CarePeriod.objects.create(child=child, authority_id=child.authority_id, starts_on=on)
    Episode.objects.create(
        child=child,
        authority_id=child.authority_id,
        care_period=period,
        starts_on=on,
        reason_started="S",
        **episode,
    )
    record_event(
        verb="care.started",
        subject=period,
        by=by,
        at=at,
        authority_id=child.authority_id,
        child_id=child.pk,
        on=on.isoformat(),
    )
    return period


@transaction.atomic
def end_care(*, care_period: CarePeriod, on: date, reason: str, at: datetime, by: User | None = None) -> None:
    """End a care period and its open episode. `reason` is the SSDA903 code of why."""
    if on < care_period.starts_on or on > localdate(at):
        raise Refused("Give a day from the start of care up to today.", "on")
    care_period.episodes.filter(ends_on__isnull=True).update(ends_on=on, reason_ended=reason)
    CarePeriod.objects.filter(pk=care_period.pk).update(ends_on=on, reason_ended=reason)
    care_period.ends_on, care_period.reason_ended = on, reason
    record_event(
        verb="care.ended",
        subject=care_period,
        by=by,
        at=at,
        authority_id=care_period.authority_id,
        child_id=care_period.child_id,
        on=on.isoformat(),
        reason=reason,
    )


@transaction.atomic
def allocate(
    *,
    child: Child,
    kind: str,
    user: User,
    on: date,
    at: datetime,
    by: User | None = None,
    seen: int | EllipsisType | None = ...,
) -> Allocation:
    """Make this person the child's IRO or social worker from a day, ending the allocation before.

    `seen` is the key of the allocation that stood when the person decided; where another stands since, Refused
    says who. Left out, nobody is asked.
    Raises Refused when the day is in the future, before the child was born (for an IRO: first looked after) or
    before the current allocation began, or when the person belongs to another authority, is inactive, is allocated
    already, or may not be independent (Care Planning Regulations 2010, reg. 46: an IRO has no part in managing the
    case).
    """
    Child.objects.select_for_update().get(pk=child.pk)
    if user.authority_id != child.authority_id or not user.is_active:
        raise Refused("Choose an active member of this authority's staff.", "user")
    if on > localdate(at):
        raise Refused("An allocation cannot begin in the future. Record it on the day.", "on")
    _refuse_conflict(child, kind, user)
    live = child.allocations.filter(kind=kind, ends_on__isnull=True).first()
    if live and live.user_id == user.pk:
        raise Refused(f"{user} is already the {live.get_kind_display()}, since {live.starts_on:%-d %B %Y}.", "user")
    _refuse_overtaken(live, seen, "user")
    if live and live.starts_on > on:
        raise Refused(f"The present allocation began on {live.starts_on:%-d %B %Y}.", "on")
    _refuse_before_birth(child, on)
    if kind == Allocation.Kind.IRO:
        _refuse_before_care(child, on)
    if live:
        Allocation.objects.filter(pk=live.pk).update(ends_on=on)
    allocation = Allocation.objects.create(
        child=child, authority_id=child.authority_id, kind=kind, user=user, starts_on=on
    )
    derive_access(child_ids=[child.pk])
    record_event(
        verb="allocation.made",
        subject=allocation,
        by=by,
        at=at,
        authority_id=child.authority_id,
        child_id=child.pk,
        kind=kind,
        to=user.pk,
    )
    return allocation


def _refuse_overtaken(live: Allocation | TeamAllocation | None, seen: int | EllipsisType | None, field: str) -> None:
    if seen in (..., live.pk if live else None):
        return
    what = f"{getattr(live, field)} was chosen" if live else "The one shown before has left"
    raise Refused(f"{what} since you opened this page. Save again to go on with your choice.", field)


def _refuse_before_birth(child: Child, on: date) -> None:
    if on < child.date_of_birth:
        raise Refused(f"The child was born on {child.date_of_birth:%-d %B %Y}. Give that day or a later one.", "on")


def _refuse_before_care(child: Child, on: date) -> None:
    """A child has an IRO from the first time looked after; social workers and teams may know the child before."""
    first = child.care_periods.aggregate(first=Min("starts_on"))["first"]
    if first and on < first:
        raise Refused(f"The child was first looked after on {first:%-d %B %Y}. Give that day or a later one.", "on")


def _refuse_conflict(child: Child, kind: str, user: User) -> None:
    other = "SOCIAL_WORKER" if kind == Allocation.Kind.IRO else "IRO"
    if child.allocations.filter(kind=other, user=user).exists():
        raise Refused(f"That person has worked with this child in the other role. {NOT_INDEPENDENT}", "user")
    if kind == Allocation.Kind.IRO and manages(user_id=user.pk, child=child):
        raise Refused(f"That person manages this child's case. {NOT_INDEPENDENT}", "user")


def _refuse_managed_by_iro(child: Child, team: Team) -> None:
    iro = child.allocations.live().filter(kind=Allocation.Kind.IRO).first()
    if iro and manages(user_id=iro.user_id, child=child, team=team):
        raise Refused(f"The child's IRO manages that team. {NOT_INDEPENDENT} Allocate another IRO first.", "team")


@transaction.atomic
def end_allocation(*, allocation: Allocation, on: date, at: datetime, by: User | None = None) -> None:
    """End an allocation on a day that is not in the future; what it opened closes at once."""
    if on > localdate(at) or on < allocation.starts_on:
        raise Refused("Give a day from the start of the allocation up to today.", "on")
    Allocation.objects.filter(pk=allocation.pk, ends_on__isnull=True).update(ends_on=on)
    derive_access(child_ids=[allocation.child_id])
    record_event(
        verb="allocation.ended",
        subject=allocation,
        by=by,
        at=at,
        authority_id=allocation.authority_id,
        child_id=allocation.child_id,
        kind=allocation.kind,
    )


@transaction.atomic
def move_team(
    *,
    child: Child,
    team: Team,
    on: date,
    at: datetime,
    by: User | None = None,
    seen: int | EllipsisType | None = ...,
) -> TeamAllocation:
    """Make this team responsible for the child from a day that is not in the future.

    Raises Refused for such a day, one before birth or before the present team took over, for a team of another
    authority, the present one, or one the child's IRO manages. `seen` as for `allocate`.
    """
    Child.objects.select_for_update().get(pk=child.pk)
    if team.authority_id != child.authority_id:
        raise Refused("That team belongs to another authority.", "team")
    _refuse_managed_by_iro(child, team)
    live = child.team_allocations.filter(ends_on__isnull=True).select_related("team").first()
    if live and live.team_id == team.pk:
        raise Refused(f"{team} is already the team, since {live.starts_on:%-d %B %Y}.", "team")
    _refuse_overtaken(live, seen, "team")
    if on > localdate(at) or (live and live.starts_on > on):
        raise Refused("Give a day from the start of the present team up to today.", "on")
    _refuse_before_birth(child, on)
    if live:
        TeamAllocation.objects.filter(pk=live.pk).update(ends_on=on)
    moved = TeamAllocation.objects.create(child=child, authority_id=child.authority_id, team=team, starts_on=on)
    derive_access(child_ids=[child.pk])
    record_event(
        verb="team.moved",
        subject=moved,
        by=by,
        at=at,
        authority_id=child.authority_id,
        child_id=child.pk,
        team=team.pk,
    )
    return moved


def children_seen_by(*, user: Viewer) -> ChildQuerySet:
    """The children this person may see, with who works with them and their care periods: three queries more."""
    found: ChildQuerySet = Child.objects.visible_to(user)
    return found.with_people().with_care_periods()


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
