"""When a review is due, and for when it is booked: each date computed once and stored."""

from collections.abc import Mapping
from datetime import date, datetime
from types import EllipsisType

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from authorities.models import CalendarDay, Policy
from children.models import CarePeriod
from children.services import lock_child
from timescales import FIRST_REVIEW, OutsideCalendar, Rule, Unit, Working, WorkingCalendar, due, review_rule
from timescales.refusals import Refused
from timescales.words import in_words

from .. import rules
from ..models import Review

STORED_DATES = ("due_on", "last_safe_on", "book_by_on", "due_soon_on", "unbooked_on")


def dates_for(
    *, rule_code: str, runs_from_on: date | None, policy: Policy, calendar: WorkingCalendar
) -> dict[str, date | None]:
    """The stored dates (STORED_DATES) of a review due under a rule that runs from this day.

    All are None for NOT_KNOWN or without a start. Pure, so that thousands of rows can be dated with one policy
    and one calendar. The policy's margins are working days. Raises KeyError for an unknown rule, OutsideCalendar.
    """
    if rule_code == rules.NOT_KNOWN or runs_from_on is None:
        return dict.fromkeys(STORED_DATES)
    rule = review_rule(rule_code)
    working = due(rule, runs_from_on, calendar, policy.booking_buffer_days)
    return {
        "due_on": working.due_on,
        "last_safe_on": working.last_safe_on,
        "book_by_on": working.book_by_on,
        **_margins(rule, working, policy, calendar),
    }


def _margins(rule: Rule, working: Working, policy: Policy, calendar: WorkingCalendar) -> dict[str, date]:
    """From when it is due soon, and from when it should have been booked; never after the last lawful day."""
    if rule.unit is Unit.CALENDAR_MONTHS:
        return {
            "due_soon_on": calendar.subtract_working_days(working.due_on, policy.later_due_soon_days),
            "unbooked_on": calendar.subtract_working_days(working.due_on, policy.later_unbooked_before_days),
        }
    unbooked_on = calendar.add_working_days(working.start, policy.first_unbooked_after_days)
    return {
        "due_soon_on": calendar.subtract_working_days(working.due_on, policy.first_due_soon_days),
        "unbooked_on": min(unbooked_on, working.due_on),
    }


def unsaved_review(
    *,
    care_period: CarePeriod,
    rule_code: str,
    runs_from_on: date | None,
    number: int | None,
    policy: Policy,
    calendar: WorkingCalendar,
    cycle: str = Review.Cycle.CARE,
) -> Review:
    """An open review with its stored dates, not yet saved: for `bulk_create` as for one."""
    return Review(
        authority_id=care_period.authority_id,
        child_id=care_period.child_id,
        care_period=care_period,
        cycle=cycle,
        number=number,
        rule=rule_code,
        runs_from_on=runs_from_on,
        **dates_for(rule_code=rule_code, runs_from_on=runs_from_on, policy=policy, calendar=calendar),
    )


@transaction.atomic
def start_cycle(*, care_period: CarePeriod, at: datetime, by: User | None = None) -> Review:
    """Create the first review of a care period, due 20 working days after it began.

    Raises Refused when the period has ended, or holds a review or an open one already.
    """
    lock_child(care_period.child_id)
    period = CarePeriod.objects.select_for_update(no_key=True).get(pk=care_period.pk)
    if period.ends_on is not None:
        raise Refused(f"The child stopped being looked after on {in_words(period.ends_on)}.")
    if Review.objects.of_period(period.pk, Review.Cycle.CARE).not_cancelled().exists():
        raise Refused("The reviews of this care period have already begun.")
    if Review.objects.filter(child_id=period.child_id, cycle=Review.Cycle.CARE).open().exists():
        raise Refused("A review of an earlier care period is still open: record it, or close that period's reviews.")
    return _create(period, FIRST_REVIEW.code, period.starts_on, 1, Review.Cycle.CARE, by, at)


def schedule_next(*, after: Review, at: datetime, by: User | None = None) -> Review | None:
    """Create the review after one just held, dated from the day it was held; None where care has ended.

    Source: Care Planning Regulations 2010, reg. 33(2): three months after the first, then every six.
    """
    if after.care_period.ends_on is not None:
        return None
    number = None if after.number is None else after.number + 1
    return _create(after.care_period, rules.next_rule(after.rule), after.held_on, number, after.cycle, by, at)


def _create(
    period: CarePeriod,
    rule_code: str,
    runs_from_on: date | None,
    number: int | None,
    cycle: str,
    by: User | None,
    at: datetime,
) -> Review:
    try:
        review = unsaved_review(
            care_period=period,
            rule_code=rule_code,
            runs_from_on=runs_from_on,
            number=number,
            policy=Policy.objects.in_force(period.authority_id, localdate(at)),
            calendar=CalendarDay.objects.working_calendar(),
            cycle=cycle,
        )
    except OutsideCalendar as error:
        raise Refused(str(error), "held_on") from error
    review.save(force_insert=True)
    _log("review.scheduled", review, by, at, rule=rule_code, due_on=_iso(review.due_on))
    return review


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

    `seen_for_on` is the day it was booked for when the person decided; where it has moved since, Refused says
    who moved it. Left out, nobody is asked.

    A day after the last lawful one is allowed, since a late review is better than none: the door warns.
    Raises Refused for a day `check_booking` refuses, AlreadyRecorded and Cancelled.
    """
    locked = lock_open(review)
    check_booking(review=locked, booked_for_on=booked_for_on, on=on)
    if locked.booked_for_on == booked_for_on:
        return locked
    if seen_for_on not in (..., locked.booked_for_on):
        raise _booked_meanwhile(locked)
    was_for_on = locked.booked_for_on
    locked.booked_for_on, locked.booked_at, locked.booked_by = booked_for_on, at, by
    locked.save(update_fields=["booked_for_on", "booked_at", "booked_by"])
    _log("review.booked", locked, by, at, booked_for_on=_iso(booked_for_on), was_for_on=_iso(was_for_on))
    return locked


def _booked_meanwhile(review: Review) -> Refused:
    moved = f"booked it for {in_words(review.booked_for_on)}" if review.booked_for_on else "taken its booking away"
    who = review.booked_by or "Somebody"
    return Refused(f"{who} has {moved} since you opened this page. Save again to book your day.", "booked_for_on")


def check_booking(*, review: Review, booked_for_on: date, on: date) -> None:
    """Raise Refused for a past day, one before care began, or one further than the working calendar can date."""
    last_year = CalendarDay.objects.working_calendar().last_year
    rules.check_booking(booked_for_on, review.care_period.starts_on, on, last_year)


@transaction.atomic
def cancel(*, review: Review, reason: str, by: User | None, at: datetime) -> Review:
    """Cancel an open review with a reason; nothing statutory is deleted. Only care's end needs nobody's name.

    Raises Refused without a reason, AlreadyRecorded and Cancelled.
    """
    if not reason.strip():
        raise Refused("Say why the review is cancelled.", "reason")
    locked = lock_open(review)
    locked.cancelled_at, locked.cancelled_by, locked.cancelled_reason = at, by, reason.strip()
    locked.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_reason"])
    _log("review.cancelled", locked, by, at)
    return locked


@transaction.atomic
def close_cycle(
    *, care_period: CarePeriod, by: User | None, at: datetime, reason: str = rules.CARE_ENDED
) -> list[Review]:
    """Cancel every open review of a care period that has ended, and give those back.

    With the reason CARE_ENDED nobody need have decided it (`by` None), and a review that was held before the
    end may still be recorded. Raises Refused while the period is open.
    """
    lock_child(care_period.child_id)
    period = CarePeriod.objects.select_for_update(no_key=True).get(pk=care_period.pk)
    if period.ends_on is None:
        raise Refused("The child is still looked after, so reviews are still due.")
    open_ones = Review.objects.filter(care_period=period).open().order_by("pk")
    return [cancel(review=review, reason=reason, by=by, at=at) for review in open_ones]


@transaction.atomic
def redate_open_reviews(*, authority_id: int, at: datetime, on: date, by: User | None = None) -> int:
    """Compute the dates of every open review of an authority again, after its calendar or policy changed.

    `on` is the day whose policy counts. Gives how many reviews changed, each told of by a business event.
    """
    policy = Policy.objects.in_force(authority_id, on)
    calendar = CalendarDay.objects.working_calendar()
    open_ones = Review.objects.filter(authority_id=authority_id).open().order_by("pk")
    changed = [
        review for review in open_ones.select_for_update(no_key=True) if _redate(review, policy, calendar, by, at)
    ]
    Review.objects.bulk_update(changed, STORED_DATES, batch_size=500)
    return len(changed)


def _redate(review: Review, policy: Policy, calendar: WorkingCalendar, by: User | None, at: datetime) -> bool:
    before = _stored(review)
    after = dates_for(rule_code=review.rule, runs_from_on=review.runs_from_on, policy=policy, calendar=calendar)
    if after == before:
        return False
    for name, day in after.items():
        setattr(review, name, day)
    _log("review.redated", review, by, at, due_on=_iso(after["due_on"]), was_due_on=_iso(before["due_on"]))
    return True


def _stored(review: Review) -> Mapping[str, date | None]:
    return {name: getattr(review, name) for name in STORED_DATES}


def lock_open(review: Review) -> Review:
    """The review as it stands now, locked until the transaction ends with its care period.

    Raises AlreadyRecorded and Cancelled.
    """
    locked = lock(review)
    refuse_held(locked)
    if locked.cancelled_at is not None:
        raise cancelled(locked.cancelled_at)
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
    """The review as it stands now, held with its child and care period until the transaction ends."""
    child = lock_child(review.child_id)
    period = CarePeriod.objects.select_for_update(no_key=True).get(pk=review.care_period_id)
    locked = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    locked.child, locked.care_period = child, period
    return locked


def _log(verb: str, review: Review, by: User | None, at: datetime, **codes: str | None) -> None:
    record_event(
        verb=verb, subject=review, by=by, at=at, authority_id=review.authority_id, child_id=review.child_id, **codes
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
