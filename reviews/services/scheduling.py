"""When a review is due, and for when it is booked: each date computed once and stored."""

from datetime import date, datetime
from types import EllipsisType

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from authorities.models import CalendarDay
from children.models import CarePeriod
from children.services import lock_child
from duties.models import Duty
from duties.services import plan
from timescales.refusals import Conflict
from timescales.words import in_words

from .. import rules
from ..models import Review


@transaction.atomic
def book(
    *,
    review: Review,
    booked_for_on: date,
    by: User,
    at: datetime,
    on: date,
    seen_for_on: date | EllipsisType | None = ...,
) -> Review:
    """Book an open review for a day, or move it; booking the same day again changes nothing.

    `seen_for_on` is the day it was booked for when the person decided; where it has moved since, Conflict says
    who moved it. Left out, nobody is asked.

    A day after the due date is allowed, since a late review is better than none: the door warns.
    Raises Refused for a day `check_booking` refuses, AlreadyRecorded and Cancelled.
    """
    locked = lock_open(review)
    check_booking(review=locked, booked_for_on=booked_for_on, on=on)
    was_for_on = locked.duty.planned_for_on
    if was_for_on == booked_for_on:
        return locked
    if seen_for_on not in (..., was_for_on):
        raise _booked_meanwhile(locked.duty)
    plan(duty=locked.duty, for_on=booked_for_on, by=by, at=at)
    _log("review.booked", locked, by, at, booked_for_on=_iso(booked_for_on), was_for_on=_iso(was_for_on))
    return locked


def _booked_meanwhile(duty: Duty) -> Conflict:
    moved = f"booked it for {in_words(duty.planned_for_on)}" if duty.planned_for_on else "taken its booking away"
    who = duty.planned_by or "Somebody"
    return Conflict(f"{who} has {moved} since you opened this page. Save again to book your day.", "booked_for_on")


def check_booking(*, review: Review, booked_for_on: date, on: date) -> None:
    """Raise Refused for a past day, one before care began, or one further than the working calendar can date."""
    last_year = CalendarDay.objects.working_calendar().last_year
    rules.check_booking(booked_for_on, review.care_period.starts_on, on, last_year)


def lock_open(review: Review) -> Review:
    """The review as it stands now, locked until the transaction ends with its care period.

    Raises AlreadyRecorded and Cancelled.
    """
    locked = lock(review)
    refuse_held(locked)
    if locked.duty.closed_at is not None:
        raise cancelled(locked.duty.closed_at)
    return locked


def refuse_held(review: Review) -> None:
    """Raise AlreadyRecorded for a review held."""
    if review.held_on is None:
        return
    if review.recorded_at is None:
        raise rules.AlreadyRecorded(f"This review came with a return as held on {in_words(review.held_on)}.")
    raise rules.AlreadyRecorded(
        f"{review.recorded_by} recorded this review on {in_words(localdate(review.recorded_at))},"
        f" as held on {in_words(review.held_on)}."
    )


def cancelled(at: datetime) -> rules.Cancelled:
    """The refusal of a review cancelled at a moment."""
    return rules.Cancelled(f"This review was cancelled on {in_words(localdate(at))}.")


def lock(review: Review) -> Review:
    """The review and its duty as they stand now, locked with its child and care period until the transaction ends."""
    child = lock_child(review.child_id)
    period = CarePeriod.objects.select_for_update(no_key=True).get(pk=review.care_period_id)
    locked = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    locked.child, locked.care_period = child, period
    locked.duty = Duty.objects.select_for_update(no_key=True).get(pk=locked.duty_id)
    return locked


def _log(verb: str, review: Review, by: User | None, at: datetime, **codes: str | None) -> None:
    record_event(
        verb=verb, subject=review, by=by, at=at, authority_id=review.authority_id, child_id=review.child_id, **codes
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
