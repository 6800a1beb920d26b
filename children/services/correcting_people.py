"""An allocation, of a person or a team, is corrected: the day it began, whose it was, or that it never was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.services import lock_person
from audit.services import record_event
from authorities.models import Team
from timescales.refusals import Conflict, Refused

from ..access_rows import derive_access
from ..models import Allocation, Child, CorrectedFact, TeamAllocation
from .correcting import Change, keep_facts, refuse_corrected_since
from .locks import lock_child
from .people import (
    is_in_post,
    refuse_before_birth,
    refuse_before_care,
    refuse_conflict,
    refuse_managed_by_iro,
    refuse_without_post,
)

Row = Allocation | TeamAllocation


@dataclass(frozen=True)
class AllocationMade:
    """Whose an allocation was and from when, as it ought to be; nobody's where it was made by mistake."""

    who: User | Team | None
    starts_on: date


@dataclass(frozen=True)
class AllocationPlan:
    """The rows as they ought to be, itself first, and what each said before; `is_gone` where it is to go."""

    rows: list[Row]
    changes: list[Change]
    is_gone: bool


@transaction.atomic
def foresee_allocation(*, allocation: Row, made: AllocationMade, seen: int, at: datetime) -> AllocationPlan:
    """What would change if an allocation were this one; nothing is written. Raises what `correct_allocation` does."""
    child = lock_child(allocation.child_id)
    refuse_corrected_since(child=child, kind=CorrectedFact.Kind.ALLOCATION, seen=seen)
    return _planned(child, allocation, made, localdate(at))


@transaction.atomic
def correct_allocation(
    *, allocation: Row, made: AllocationMade, reason: str, seen: int, by: User, at: datetime
) -> None:
    """Have an allocation begin another day, be another's, or never have been; the one before it follows.

    Where it never was, the one it had ended goes on, unless that person is no longer in post. What it opened to
    somebody else closes in the same act. `seen` is how many corrections of who works with the child there were when
    the person decided. Raises Conflict where there are more by now or it is gone, Refused as `allocate` and
    `move_team` do, without a reason and where nothing changes.
    """
    kind, child = CorrectedFact.Kind.ALLOCATION, lock_child(allocation.child_id)
    refuse_corrected_since(child=child, kind=kind, seen=seen)
    plan = _planned(child, allocation, made, localdate(at))
    if not plan.changes:
        raise Refused("Nothing is different from what is held. Change what is wrong.")
    keep_facts(child=child, kind=kind, changes=plan.changes, reason=reason, by=by, at=at)
    _write(child, plan)
    record_event(
        verb="allocation.corrected",
        subject=plan.rows[0],
        by=by,
        at=at,
        authority_id=child.authority_id,
        child_id=child.pk,
        kind=kind_of(plan.rows[0]),
        is_gone=plan.is_gone,
    )


def kind_of(row: Row) -> str:
    """IRO or SOCIAL_WORKER, or TEAM."""
    return row.kind if isinstance(row, Allocation) else "TEAM"


def whose(row: Row) -> User | Team:
    """The person or the team it is of."""
    return row.user if isinstance(row, Allocation) else row.team


def _named(row: Row) -> str:
    """The field that says whose it is."""
    return "user" if isinstance(row, Allocation) else "team"


def _alike(child: Child, row: Row) -> list[Row]:
    """The allocations of its kind, in order."""
    if isinstance(row, Allocation):
        people = child.allocations.filter(kind=row.kind).select_related("user")
        return list(people.order_by("starts_on", "pk"))
    return list(child.team_allocations.select_related("team").order_by("starts_on", "pk"))


def _planned(child: Child, allocation: Row, made: AllocationMade, on: date) -> AllocationPlan:
    alike = _alike(child, allocation)
    row = next((one for one in alike if one.pk == allocation.pk), None)
    if row is None:
        raise Conflict("That allocation has been taken away meanwhile.")
    before = next((one for one in alike if one.ends_on == row.starts_on and one.pk != row.pk), None)
    if made.who is None:
        return _taken_back(child, row, before)
    after = next((one for one in alike if one.starts_on == row.ends_on and one.pk != row.pk), None)
    if made.starts_on != row.starts_on:
        _check_day(child, row, made.starts_on, [one for one in alike if one.pk != row.pk], on)
    if made.who != whose(row):
        _check_who(child, row, made.who, [one for one in (before, after) if one])
    return _changed(row, before, made.who, made.starts_on)


def _changed(row: Row, before: Row | None, who: User | Team, starts_on: date) -> AllocationPlan:
    rows, changes = [row], []
    was = {_named(row): whose(row).pk, "starts_on": row.starts_on, "as": kind_of(row)}
    now = {_named(row): who.pk, "starts_on": starts_on, "as": kind_of(row)}
    if was != now:
        changes.append(Change(was, now))
    if before and starts_on != row.starts_on:
        rows.append(before)
        changes.append(_ended(before, starts_on))
    setattr(row, _named(row), who)
    row.starts_on = starts_on
    return AllocationPlan(rows, changes, is_gone=False)


def _taken_back(child: Child, row: Row, before: Row | None) -> AllocationPlan:
    said = {_named(row): whose(row).pk, "starts_on": row.starts_on, "ends_on": row.ends_on, "as": kind_of(row)}
    rows, changes = [row], [Change(said, {})]
    if before and (row.ends_on is not None or _can_go_on(before)):
        if isinstance(before, TeamAllocation) and row.ends_on is None:
            refuse_managed_by_iro(child, before.team)
        rows.append(before)
        changes.append(_ended(before, row.ends_on))
    return AllocationPlan(rows, changes, is_gone=True)


def _can_go_on(row: Row) -> bool:
    return not isinstance(row, Allocation) or is_in_post(row.kind, row.user)


def _ended(row: Row, ends_on: date | None) -> Change:
    """Have it end another day, or go on; what that changes."""
    stands = {_named(row): whose(row).pk, "starts_on": row.starts_on, "as": kind_of(row)}
    change = Change({**stands, "ends_on": row.ends_on}, {**stands, "ends_on": ends_on})
    row.ends_on = ends_on
    return change


def _check_day(child: Child, row: Row, day: date, others: Sequence[Row], on: date) -> None:
    if day > (row.ends_on or on):
        raise Refused("Give a day up to the end of the allocation, and not in the future.", "starts_on")
    for other in others:
        if other.ends_on == row.starts_on and day <= other.starts_on:
            began = f"The allocation before it began on {other.starts_on:%-d %B %Y}."
            raise Refused(f"{began} Give a later day.", "starts_on")
        if other.ends_on and other.starts_on < row.starts_on != other.ends_on and other.ends_on > day:
            raise Refused("Somebody else was allocated then. Correct that allocation first.", "starts_on")
    refuse_before_birth(child, day, "starts_on")
    if kind_of(row) == Allocation.Kind.IRO:
        refuse_before_care(child, day, "starts_on")


def _check_who(child: Child, row: Row, who: User | Team, beside: Sequence[Row]) -> None:
    if who.authority_id != child.authority_id or not getattr(who, "is_active", True):
        raise Refused("Choose one of this authority's own.", _named(row))
    if any(whose(one) == who for one in beside):
        raise Refused(
            f"{who} stands just before or after it already. If this allocation ought not to be, say that it was made"
            " by mistake.",
            _named(row),
        )
    if isinstance(row, Allocation) and isinstance(who, User):
        person = lock_person(who.pk)
        refuse_conflict(child, row.kind, person)
        refuse_without_post(row.kind, person)
    elif isinstance(who, Team) and row.ends_on is None:
        refuse_managed_by_iro(child, who)


def _write(child: Child, plan: AllocationPlan) -> None:
    """The row that goes, or ends earlier, first: one is live at a time, and what it opened names it."""
    row, *others = plan.rows
    if plan.is_gone:
        row.ends_on = row.starts_on
        row.save(update_fields=["ends_on"])
        derive_access(child_ids=[child.pk])
        row.delete()
    else:
        row.save(update_fields=[_named(row), "starts_on"])
    for other in others:
        other.save(update_fields=["ends_on"])
    derive_access(child_ids=[child.pk])
