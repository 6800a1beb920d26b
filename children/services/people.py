"""Who works with the child: the IRO, the social worker and the team, each from a day."""

from datetime import date, datetime
from types import EllipsisType

from django.db import transaction
from django.db.models import Min, Q
from django.utils.timezone import localdate

from accounts.models import Holding, User
from accounts.roles import allocated_as
from accounts.services import lock_person
from audit.services import record_event
from authorities.models import Team
from authorities.services import lock_team, refuse_closed
from timescales.refusals import Conflict, Refused

from ..access_rows import derive_access
from ..models import Allocation, Child, TeamAllocation
from ..permissions import manages
from ..rules import NOT_INDEPENDENT
from .locks import lock_child


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

    `seen` is the key of the allocation that stood when the person decided; where another stands since, Conflict
    says who made it. Left out, nobody is asked. The same person from the same day again changes nothing.
    Raises Refused when the day is in the future, before the child was born (for an IRO: first looked after) or
    before the current allocation began, or when the person belongs to another authority, is inactive, holds no post
    for it, is allocated already, or may not be independent (Care Planning Regulations 2010, reg. 46: an IRO has no
    part in managing the case).
    """
    child, user = lock_child(child.pk), lock_person(user.pk)
    live = child.allocations.filter(kind=kind, ends_on__isnull=True).first()
    if live and (live.user_id, live.starts_on) == (user.pk, on):
        return live
    if user.authority_id != child.authority_id or not user.is_active:
        raise Refused("Choose an active member of this authority's staff.", "user")
    if on > localdate(at):
        raise Refused("An allocation cannot begin in the future. Record it on the day.", "on")
    refuse_conflict(child, kind, user)
    refuse_without_post(kind, user)
    if live and live.user_id == user.pk:
        raise Refused(f"{user} is already the {live.get_kind_display()}, since {live.starts_on:%-d %B %Y}.", "user")
    _refuse_overtaken(live, seen, "user")
    if live and live.starts_on > on:
        raise Refused(f"The present allocation began on {live.starts_on:%-d %B %Y}.", "on")
    refuse_before_birth(child, on)
    if kind == Allocation.Kind.IRO:
        refuse_before_care(child, on)
    if live:
        Allocation.objects.filter(pk=live.pk).update(ends_on=on)
    allocation = Allocation.objects.create(
        child=child, authority_id=child.authority_id, kind=kind, user=user, starts_on=on, made_by=by
    )
    derive_access(child_ids=[child.pk])
    _log("allocation.made", allocation, by, at, kind=kind, to=user.pk)
    return allocation


def _refuse_overtaken(live: Allocation | TeamAllocation | None, seen: int | EllipsisType | None, field: str) -> None:
    if seen in (..., live.pk if live else None):
        return
    what = f"{live.made_by or 'Somebody'} chose {getattr(live, field)}" if live else "The one shown before has left"
    raise Conflict(f"{what} since you opened this page. Save again to go on with your choice.", field)


def is_in_post(kind: str, user: User) -> bool:
    """Whether this active person holds a post now as whose holder a child may be allocated to them."""
    return user.is_active and Holding.objects.of_user(user.pk).filter(post__role__in=allocated_as(kind)).exists()


def refuse_without_post(kind: str, user: User) -> None:
    """A child is allocated to somebody in post, since what it opens closes when they leave."""
    if is_in_post(kind, user):
        return
    posts, called = Q(post__role__in=allocated_as(kind)), Allocation.Kind(kind).label
    left = user.holdings.filter(posts, ends_on__isnull=False).order_by("-ends_on").first()
    if left:
        raise Conflict(
            f"{user} left their last post as {called} on {left.ends_on:%-d %B %Y}. Choose somebody in such a post.",
            "user",
        )
    raise Refused(f"{user} holds no post as {called}. Choose somebody who does.", "user")


def refuse_before_birth(child: Child, on: date, field: str = "on") -> None:
    """Raise Refused for a day before the child was born."""
    if on < child.date_of_birth:
        raise Refused(f"The child was born on {child.date_of_birth:%-d %B %Y}. Give that day or a later one.", field)


def refuse_before_care(child: Child, on: date, field: str = "on") -> None:
    """A child has an IRO from the first time looked after; social workers and teams may know the child before."""
    first = child.care_periods.aggregate(first=Min("starts_on"))["first"]
    if first and on < first:
        raise Refused(f"The child was first looked after on {first:%-d %B %Y}. Give that day or a later one.", field)


def refuse_conflict(child: Child, kind: str, user: User) -> None:
    """Raise Refused for an IRO who has a part in the case, or had (reg. 46)."""
    other = "SOCIAL_WORKER" if kind == Allocation.Kind.IRO else "IRO"
    if child.allocations.filter(kind=other, user=user).exists():
        raise Refused(f"That person has worked with this child in the other role. {NOT_INDEPENDENT}", "user")
    if kind == Allocation.Kind.IRO and manages(user_id=user.pk, child=child):
        raise Refused(f"That person manages this child's case. {NOT_INDEPENDENT}", "user")


def refuse_managed_by_iro(child: Child, team: Team) -> None:
    """Raise Refused for a team that the child's IRO manages (reg. 46)."""
    iro = child.allocations.live().filter(kind=Allocation.Kind.IRO).first()
    if iro and manages(user_id=lock_person(iro.user_id).pk, child=child, team=team):
        raise Refused(f"The child's IRO manages that team. {NOT_INDEPENDENT} Allocate another IRO first.", "team")


@transaction.atomic
def end_allocation(*, allocation: Allocation, on: date, at: datetime, by: User | None = None) -> None:
    """End an allocation on a day that is not in the future; what it opened closes at once.

    Ending it again changes nothing. Raises Refused for such a day or one before it began.
    """
    lock_child(allocation.child_id)
    if on > localdate(at) or on < allocation.starts_on:
        raise Refused("Give a day from the start of the allocation up to today.", "on")
    if not Allocation.objects.filter(pk=allocation.pk, ends_on__isnull=True).update(ends_on=on):
        return
    derive_access(child_ids=[allocation.child_id])
    _log("allocation.ended", allocation, by, at, kind=allocation.kind)


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
    authority, the present one, or one the child's IRO manages; Conflict for a closed one. `seen`, and the same
    again, as for `allocate`.
    """
    child = lock_child(child.pk)
    live = child.team_allocations.filter(ends_on__isnull=True).first()
    if live and (live.team_id, live.starts_on) == (team.pk, on):
        return live
    if team.authority_id != child.authority_id:
        raise Refused("That team belongs to another authority.", "team")
    refuse_managed_by_iro(child, team)
    refuse_closed(lock_team(team.pk), "team")
    if live and live.team_id == team.pk:
        raise Refused(f"{team} is already the team, since {live.starts_on:%-d %B %Y}.", "team")
    _refuse_overtaken(live, seen, "team")
    if on > localdate(at) or (live and live.starts_on > on):
        raise Refused("Give a day from the start of the present team up to today.", "on")
    refuse_before_birth(child, on)
    if live:
        TeamAllocation.objects.filter(pk=live.pk).update(ends_on=on)
    moved = TeamAllocation.objects.create(
        child=child, authority_id=child.authority_id, team=team, starts_on=on, made_by=by
    )
    derive_access(child_ids=[child.pk])
    _log("team.moved", moved, by, at, team=team.pk)
    return moved


def _log(verb: str, row: Allocation | TeamAllocation, by: User | None, at: datetime, **detail: str | int) -> None:
    record_event(verb=verb, subject=row, by=by, at=at, authority_id=row.authority_id, child_id=row.child_id, **detail)
