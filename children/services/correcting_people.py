"""An allocation is corrected: the day it began, whose it was, or that it was made by mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.services import lock_person
from audit.services import record_event
from timescales.refusals import Conflict, Refused

from ..access_rows import derive_access
from ..models import Allocation, Child, CorrectedFact
from .correcting import Change, keep_facts, refuse_corrected_since
from .locks import lock_child
from .people import (
    is_in_post,
    refuse_before_birth,
    refuse_before_care,
    refuse_conflict,
    refuse_without_post,
)


@dataclass(frozen=True)
class AllocationMade:
    """Whose an allocation was and from when, as it ought to be; nobody's where it was made by mistake."""

    user: User | None
    starts_on: date


@dataclass(frozen=True)
class AllocationPlan:
    """The rows as they ought to be, itself first, and what each said before; `is_gone` where it is to go."""

    rows: list[Allocation]
    changes: list[Change]
    is_gone: bool


@transaction.atomic
def foresee_allocation(*, allocation: Allocation, made: AllocationMade, seen: int, at: datetime) -> AllocationPlan:
    """What would change if an allocation were this one; nothing is written. Raises what `correct_allocation` does."""
    child = lock_child(allocation.child_id)
    refuse_corrected_since(child=child, kind=CorrectedFact.Kind.ALLOCATION, seen=seen)
    return _planned(child, allocation, made, localdate(at))


@transaction.atomic
def correct_allocation(
    *, allocation: Allocation, made: AllocationMade, reason: str, seen: int, by: User, at: datetime
) -> None:
    """Have an allocation begin another day, be another person's, or never have been; the one before it follows.

    Where it never was, the one it had ended goes on, unless that person is no longer in post. What it opened to
    somebody else closes in the same act. `seen` is how many corrections of who works with the child there were when
    the person decided. Raises Conflict where there are more by now or it is gone, Refused as `allocate` does,
    without a reason and where nothing changes.
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
        kind=plan.rows[0].kind,
        is_gone=plan.is_gone,
    )


def _planned(child: Child, allocation: Allocation, made: AllocationMade, on: date) -> AllocationPlan:
    mine = list(child.allocations.filter(kind=allocation.kind).select_related("user").order_by("starts_on", "pk"))
    row = next((one for one in mine if one.pk == allocation.pk), None)
    if row is None:
        raise Conflict("That allocation has been taken away meanwhile.")
    before = next((one for one in mine if one.ends_on == row.starts_on and one.pk != row.pk), None)
    if made.user is None:
        return _taken_back(row, before)
    after = next((one for one in mine if one.starts_on == row.ends_on and one.pk != row.pk), None)
    if made.starts_on != row.starts_on:
        _check_day(child, row, made.starts_on, before, on)
    if made.user.pk != row.user_id:
        _check_person(child, row, made.user, [one for one in (before, after) if one])
    return _changed(row, before, made)


def _changed(row: Allocation, before: Allocation | None, made: AllocationMade) -> AllocationPlan:
    rows, changes = [row], []
    was = {"user": row.user_id, "starts_on": row.starts_on}
    now = {"user": made.user.pk if made.user else None, "starts_on": made.starts_on}
    if was != now:
        changes.append(Change({**was, **_which(row)}, {**now, **_which(row)}))
    if before and made.starts_on != row.starts_on:
        rows.append(before)
        changes.append(_end_of(before, made.starts_on))
        before.ends_on = made.starts_on
    assert made.user is not None
    row.user, row.starts_on = made.user, made.starts_on
    return AllocationPlan(rows, changes, is_gone=False)


def _taken_back(row: Allocation, before: Allocation | None) -> AllocationPlan:
    said = {"user": row.user_id, "starts_on": row.starts_on, "ends_on": row.ends_on, **_which(row)}
    rows, changes = [row], [Change(said, {})]
    if before and (row.ends_on is not None or is_in_post(row.kind, before.user)):
        rows.append(before)
        changes.append(_end_of(before, row.ends_on))
        before.ends_on = row.ends_on
    return AllocationPlan(rows, changes, is_gone=True)


def _which(row: Allocation) -> dict[str, str]:
    return {"as": row.kind}


def _end_of(row: Allocation, ends_on: date | None) -> Change:
    stands = {"user": row.user_id, "starts_on": row.starts_on, **_which(row)}
    return Change({**stands, "ends_on": row.ends_on}, {**stands, "ends_on": ends_on})


def _check_day(child: Child, row: Allocation, day: date, before: Allocation | None, on: date) -> None:
    if day > (row.ends_on or on):
        raise Refused("Give a day up to the end of the allocation, and not in the future.", "starts_on")
    if before and day <= before.starts_on:
        raise Refused(
            f"The allocation before it began on {before.starts_on:%-d %B %Y}. Give a later day.", "starts_on"
        )
    others = child.allocations.filter(kind=row.kind, starts_on__lt=row.starts_on, ends_on__gt=day)
    if others.exclude(pk__in=[one.pk for one in (row, before) if one]).exists():
        raise Refused("Somebody else was allocated then. Correct that allocation first.", "starts_on")
    refuse_before_birth(child, day, "starts_on")
    if row.kind == Allocation.Kind.IRO:
        refuse_before_care(child, day, "starts_on")


def _check_person(child: Child, row: Allocation, user: User, beside: Sequence[Allocation]) -> None:
    person = lock_person(user.pk)
    if person.authority_id != child.authority_id or not person.is_active:
        raise Refused("Choose an active member of this authority's staff.", "user")
    if any(one.user_id == person.pk for one in beside):
        raise Refused(
            f"{person} is the {row.get_kind_display()} just before or after it already. If this allocation ought not"
            " to be, say that it was made by mistake.",
            "user",
        )
    refuse_conflict(child, row.kind, person)
    refuse_without_post(row.kind, person)


def _write(child: Child, plan: AllocationPlan) -> None:
    """The row that goes, or ends earlier, first: one is live at a time, and what it opened names it."""
    row, *others = plan.rows
    if plan.is_gone:
        Allocation.objects.filter(pk=row.pk).update(ends_on=row.starts_on)
        derive_access(child_ids=[child.pk])
        Allocation.objects.filter(pk=row.pk).delete()
    else:
        row.save(update_fields=["user", "starts_on"])
    for other in others:
        other.save(update_fields=["ends_on"])
    derive_access(child_ids=[child.pk])
