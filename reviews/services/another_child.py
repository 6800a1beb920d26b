"""A recorded review was about another child: its record leaves the one and becomes a review of the other."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.viewers import Viewer
from audit.services import record_event
from children.models import Child
from children.rules import period_on
from children.services import lock_children
from timescales.refusals import Refused
from timescales.words import in_words

from .. import permissions, rules
from ..made import DecisionMade
from ..models import Correction, Review
from .correcting import keep, record_of, refuse_overtaken, take_away
from .moving import Moved, foresee_move, foresee_record, take_up_record
from .outcomes import answer_last_time
from .recording import check_day, write_decisions
from .rows import day_held
from .scheduling import lock

UNKNOWN = "There is no child with this reference whose reviews you record. Check the reference."


@dataclass(frozen=True)
class ToAnother:
    """What it means that a record is about another child: the review of that child it becomes, and what moves."""

    becomes: Review
    left: list[Moved]  # of the child it leaves
    taken: list[Moved]  # of the other child


@transaction.atomic
def foresee_another(*, review: Review, child: Child, seen: int, at: datetime, on: date) -> ToAnother:
    """What would move with both children if this record were about `child`; nothing is written.

    Raises what `move_to_another` raises.
    """
    lock_children([review.child_id, child.pk])
    locked = lock(review)
    refuse_overtaken(locked, seen)
    becomes = _taken_up_by(locked, child, on)
    left = foresee_move(review=locked, held_on=None, at=at, on=on)
    return ToAnother(becomes, left, foresee_record(review=becomes, record=record_of(locked), at=at, on=on))


@transaction.atomic
def move_to_another(
    *, review: Review, child: Child, reason: str, seen: int, by: User, at: datetime, on: date
) -> Review:
    """Say that a recorded review was about `child`: its record, as it was written, becomes the review due there.

    Of the child it leaves, everything goes on as if it had not been held; its decisions are owed there no more and
    here anew, by the days agreed. Concerns raised from it stay where they are. Gives the review it has become.
    Raises what `correct_review` raises, and Refused where it cannot be that child's.
    """
    lock_children([review.child_id, child.pk])
    locked = lock(review)
    refuse_overtaken(locked, seen)
    becomes = lock(_taken_up_by(locked, child, on))
    if not permissions.may_record(Viewer(by, at), becomes):
        raise Refused(UNKNOWN, "reference")
    record, held_on, decisions = record_of(locked), day_held(locked), _decided(locked)
    keep(locked, Correction.Kind.GONE, record, reason, by, at, becomes)
    keep(becomes, Correction.Kind.COME, {}, reason, by, at, locked)
    take_away(locked, rules.ANOTHER_CHILD, by, at, on)
    take_up_record(review=becomes, record=record, at=at, on=on, by=by)
    becomes.refresh_from_db()
    answer_last_time(review=becomes, outcomes={}, by=by, at=at, on=on)
    write_decisions(becomes, decisions, at)
    _log("review.gone_to_another_child", locked, by, at, was_held_on=held_on.isoformat())
    _log("review.come_from_another_child", becomes, by, at, held_on=held_on.isoformat())
    return becomes


def _decided(review: Review) -> list[DecisionMade]:
    rows = [(row, row.duty.due_on) for row in review.decisions.with_duties()]
    return [DecisionMade(row.text, row.outcome, row.owner, due_on) for row, due_on in rows if due_on]


def _taken_up_by(review: Review, child: Child, on: date) -> Review:
    """The review of that child which this record can be: one due in that time in care, or to be written up.

    Raises Refused, with what stands against it.
    """
    held_on = day_held(review)
    if child.pk == review.child_id:
        raise Refused("That is this child's own reference. Give the other child's.", "reference")
    becomes = _due(child, held_on)
    try:
        rules.check_not_held_twice(held_on, Review.objects.exclude(pk=becomes.pk).held_days(child.pk, becomes.cycle))
        check_day(becomes, held_on, on)
        rules.check_participation(review.participation, child.date_of_birth, held_on)
    except Refused as refusal:
        raise Refused(f"It cannot be that child's. {refusal.message}", "reference") from refusal
    return becomes


def _due(child: Child, held_on: date) -> Review:
    rows = Review.objects.filter(child=child).select_related("child", "care_period", "duty").order_by("pk")
    recordable = [row for row in rows if row.is_recordable and row.held_on in (None, held_on)]
    fitting = [row for row in recordable if row.held_on or period_on([row.care_period], held_on)]
    found = min(fitting, key=lambda row: (row.held_on is None, not row.is_open), default=None)
    if found is None:
        raise Refused(
            f"It cannot be that child's: no review was due in the time in care on {in_words(held_on)}.", "reference"
        )
    return found


def _log(verb: str, review: Review, by: User, at: datetime, **days: str) -> None:
    record_event(
        verb=verb, subject=review, by=by, at=at, authority_id=review.authority_id, child_id=review.child_id, **days
    )
