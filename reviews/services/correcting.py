"""Correcting a review: who and why, what it said before kept, and what hangs on it moved."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from duties.kinds import DECISION
from duties.models import Duty
from duties.rules import REVIEWED_SINCE
from duties.services import close_all, plan
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from .. import rules
from ..made import ReviewMade
from ..models import Correction, Review
from .moving import NOT_RECORDED, move_held, take_back_held
from .recording import check_day
from .rows import NOT_CLOSED, day_held
from .scheduling import cancelled, lock, lock_open

NOT_HELD = "The review did not take place"


@transaction.atomic
def correct_review(
    *, review: Review, made: ReviewMade, reason: str, seen: int, by: User, at: datetime, on: date
) -> Review:
    """Make a recorded review say this; what it said before stays, with who corrected it and why.

    `seen` is how many corrections there were when the person decided: Conflict says who was first. Decisions are not
    corrected, and keep the days agreed. Raises Refused for what the rules do not allow, without a reason, where
    nothing changes and for a review not recorded here; Cancelled.
    """
    locked = lock(review)
    refuse_overtaken(locked, seen)
    changed = _changed(locked, made)
    if not changed:
        raise Refused("Nothing is different from what is recorded. Change what is wrong.")
    _check(locked, made, changed, on)
    was_held_on = day_held(locked)
    keep(locked, Correction.Kind.CHANGED, {name: getattr(locked, name) for name in changed}, reason, by, at)
    _write(locked, {name: value for name, value in changed.items() if name != "held_on"})
    if "held_on" in changed:
        move_held(review=locked, held_on=made.held_on, at=at, on=on, by=by)
        _move_decisions(locked, was_held_on, made.held_on)
        locked.held_on = locked.duty.met_on = made.held_on
    _log(locked, changed, was_held_on, by, at)
    return locked


@transaction.atomic
def cancel_record(*, review: Review, reason: str, seen: int, by: User, at: datetime, on: date) -> Review:
    """Say that a recorded review did not take place: it counts nowhere any more, and stays readable, marked.

    Its decisions are owed no more, those it looked at are open again, and what follows is settled from the review
    before. Concerns raised from it stay. `seen` and what is raised: as `correct_review`.
    """
    locked = lock(review)
    refuse_overtaken(locked, seen)
    was_held_on = day_held(locked)
    keep(locked, Correction.Kind.NOT_HELD, record_of(locked), reason, by, at)
    take_away(locked, NOT_HELD, by, at, on)
    record_event(
        verb="review.cancelled",
        subject=locked,
        by=by,
        at=at,
        authority_id=locked.authority_id,
        child_id=locked.child_id,
        was_held_on=was_held_on.isoformat(),
    )
    locked.refresh_from_db()
    return locked


def record_of(review: Review) -> dict[str, Any]:
    """The columns of its record, by name."""
    return {name: getattr(review, name) for name in NOT_RECORDED if name != "record_token"}


def take_away(review: Review, why: str, by: User, at: datetime, on: date) -> None:
    """Take its record from a locked review, owe its decisions no more, and settle what hangs on it."""
    was_held_on, following = day_held(review), Review.objects.after(review).first_held_on()
    mine = Duty.objects.of_kind(DECISION.code).of(review.child_id).filter(decision__review=review)
    close_all(duties=list(mine.open()), reason=why, on=on, at=at, by=by)
    take_back_held(review=review, reason=why, at=at, on=on, by=by)
    _let_look_again(review, was_held_on, following)


def _let_look_again(review: Review, was_held_on: date, following: date | None) -> None:
    """The decisions that this review had looked at were looked at by the one after it, or by none yet."""
    looked_at = Duty.objects.of_kind(DECISION.code).of(review.child_id).filter(closed_reason=REVIEWED_SINCE)
    looked_at.filter(closed_on=was_held_on).update(**({"closed_on": following} if following else NOT_CLOSED))


@transaction.atomic
def unbook(*, review: Review, reason: str, seen_for_on: date | None, by: User, at: datetime) -> Review:
    """Take the booking of an open review away; where it was for, who took it away and why is kept.

    `seen_for_on` is the day it was booked for when the person decided. Raises Conflict where it is booked for
    another day by now or for none, Refused without a reason, AlreadyRecorded and Cancelled.
    """
    locked = lock_open(review)
    duty = locked.duty
    if duty.planned_for_on is None:
        raise Conflict("Its booking has been taken away already.")
    if duty.planned_for_on != seen_for_on:
        who = duty.planned_by or "Somebody"
        raise Conflict(f"{who} has booked it for {in_words(duty.planned_for_on)} since you opened this page.")
    was = {"planned_for_on": duty.planned_for_on}
    keep(locked, Correction.Kind.UNBOOKED, was, reason, by, at)
    plan(duty=duty, for_on=None, by=by, at=at)
    record_event(
        verb="review.unbooked",
        subject=locked,
        by=by,
        at=at,
        authority_id=locked.authority_id,
        child_id=locked.child_id,
        was_for_on=was["planned_for_on"].isoformat(),
    )
    return locked


def refuse_overtaken(review: Review, seen: int) -> None:
    """Raise Cancelled, Refused for a review not recorded here, Conflict where it was corrected since."""
    if review.duty.closed_at is not None:
        raise cancelled(review.duty.closed_at)
    if not review.is_recorded_here:
        raise Refused("This review is not recorded here, so there is nothing to correct.")
    made = review.corrections.with_who()
    if len(made) != seen:
        last = made[0]
        raise Conflict(
            f"{last.corrected_by} corrected this review on {in_words(localdate(last.corrected_at))}, since you opened"
            f" this page: {last.reason}"
        )


def keep(
    review: Review,
    kind: Correction.Kind,
    before: Mapping[str, Any],
    reason: str,
    by: User,
    at: datetime,
    other: Review | None = None,
) -> Correction:
    """Keep what these columns said, with who corrects them and why; `other` is another child's review it went to or
    came from. Raises Refused without a reason.
    """
    if not reason.strip():
        raise Refused("Say why it is corrected.", "reason")
    return Correction.objects.create(
        authority_id=review.authority_id,
        child_id=review.child_id,
        review=review,
        kind=kind,
        other_review=other,
        reason=reason.strip(),
        before={name: value.isoformat() if isinstance(value, date) else value for name, value in before.items()},
        corrected_at=at,
        corrected_by=by,
    )


def _changed(review: Review, made: ReviewMade) -> dict[str, Any]:
    return {name: value for name, value in made.columns().items() if getattr(review, name) != value}


def _check(review: Review, made: ReviewMade, changed: Mapping[str, Any], on: date) -> None:
    """The rules of recording for what is changed: what stood before they were so may go on standing."""
    if "held_on" in changed:
        check_day(review, made.held_on, on)
    if not changed.keys().isdisjoint({"held_on", "participation"}):
        rules.check_participation(made.participation, review.child.date_of_birth, made.held_on)
    rules.check_rag(made.rag, made.rag_reason)


def _write(review: Review, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(review, name, value)
    if values:
        review.save(update_fields=list(values))


def _move_decisions(review: Review, was_on: date, held_on: date) -> None:
    """Its decisions were made that day, to be done by the days agreed; those it looked at ended that day.

    A day agreed before the new one stays as it was agreed, counted from the old.
    """
    duties = Duty.objects.of_kind(DECISION.code).of(review.child_id)
    for duty in duties.filter(decision__review=review, due_on__gte=held_on):
        duty.runs_from_on, duty.allowed = held_on, (duty.due_on - held_on).days  # type: ignore[operator]  # has one
        duty.save(update_fields=["runs_from_on", "allowed"])
    duties.filter(closed_reason=REVIEWED_SINCE, closed_on=was_on).update(closed_on=held_on)


def _log(review: Review, changed: Mapping[str, Any], was_held_on: date, by: User, at: datetime) -> None:
    days = {"held_on": day_held(review).isoformat(), "was_held_on": was_held_on.isoformat()}
    record_event(
        verb="review.corrected",
        subject=review,
        by=by,
        at=at,
        authority_id=review.authority_id,
        child_id=review.child_id,
        fields=sorted(changed),
        **(days if "held_on" in changed else {}),
    )
