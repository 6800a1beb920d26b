"""Why a review is due when it is, and what another day would mean; nothing is changed by asking."""

from dataclasses import dataclass
from datetime import date

from authorities.models import CalendarDay, Policy
from timescales import (
    DECISIONS_WRITTEN,
    RECORD_COMPLETED,
    RECORD_DISTRIBUTED,
    OutsideCalendar,
    Working,
    WorkingCalendar,
    days_late,
    due,
    review_rule,
)
from timescales.refusals import Refused
from timescales.words import counted, in_words

from .. import rules
from ..models import Review


@dataclass(frozen=True)
class WhatIf:
    """What holding a review on another day would mean, in sentences, and the next review's working."""

    day: date
    is_late: bool
    sentences: tuple[str, ...]
    following: Working | None


def working_of(*, review: Review, on: date) -> Working | None:
    """The whole working of a review's due date under the policy of that day; None where no date is known."""
    if review.rule == rules.NOT_KNOWN or review.runs_from_on is None:
        return None
    policy = Policy.objects.in_force(review.authority_id, on)
    calendar = CalendarDay.objects.working_calendar()
    return due(review_rule(review.rule), review.runs_from_on, calendar, policy.booking_buffer_days)


def what_if(*, review: Review, held_on: date, on: date) -> WhatIf:
    """What holding the review on a day would mean for it and for the next one.

    Raises Refused for a day before care began or one the calendar does not cover.
    """
    began_on = review.care_period.starts_on
    if held_on < began_on:
        raise Refused(f"The child became looked after on {in_words(began_on)}. Give a later day.", "moved_to")
    policy = Policy.objects.in_force(review.authority_id, on)
    calendar = CalendarDay.objects.working_calendar()
    try:
        about = _about(review, held_on, calendar)  # first, so that a day outside the calendar is the one named
        following = _following(review, held_on, calendar, policy.booking_buffer_days)
    except OutsideCalendar as error:
        raise Refused(str(error), "moved_to") from error
    is_late = review.due_on is not None and held_on > review.due_on
    sentences = (*about, *_about_next(following))
    return WhatIf(day=held_on, is_late=is_late, sentences=sentences, following=following)


def _following(review: Review, held_on: date, calendar: WorkingCalendar, buffer_days: int) -> Working | None:
    if review.care_period.ends_on is not None:
        return None
    return due(review_rule(rules.next_rule(review.rule)), held_on, calendar, buffer_days)


def _about(review: Review, held_on: date, calendar: WorkingCalendar) -> list[str]:
    sentences = []
    closed = calendar.why_not_working(held_on)
    if closed:
        sentences.append(f"{in_words(held_on)} is not a working day ({closed}).")
    if review.due_on is None:
        return [
            *sentences,
            "The last lawful day of this review is not known, so it cannot be called late or in time.",
        ]
    late = days_late(review.due_on, held_on, calendar)
    if late:
        said = f"Held that day, the review is late by {counted(late, 'working day')}"
        return [*sentences, f"{said}: the last lawful day is {in_words(review.due_on)}."]
    return [*sentences, f"Held that day, the review is in time: the last lawful day is {in_words(review.due_on)}."]


def _about_next(following: Working | None) -> list[str]:
    if following is None:
        return ["Care has ended, so no review follows."]
    return [
        f"The next review is then due by {in_words(following.due_on)}:"
        f" {following.rule.limit} from {in_words(following.start)}.",
        f"Its last working day is {in_words(following.last_safe_on)}; book it for {in_words(following.book_by_on)}"
        " or earlier.",
    ]


def papers_after(*, review: Review, on: date) -> list[Working]:
    """What is to be written and sent after a review, each with its last day counted from the day it was held.

    Source: IRO Handbook 2010, ch. 3.
    """
    assert review.held_on is not None
    calendar = CalendarDay.objects.working_calendar()
    return [due(rule, review.held_on, calendar) for rule in (DECISIONS_WRITTEN, RECORD_COMPLETED, RECORD_DISTRIBUTED)]


def working_days_late(*, review: Review) -> int:
    """Working days a held review was late by; 0 in time, or where no date was known."""
    if review.due_on is None or review.held_on is None or review.held_on <= review.due_on:
        return 0
    return days_late(review.due_on, review.held_on, CalendarDay.objects.working_calendar())
