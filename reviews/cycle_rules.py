"""Where each review of a care period stands in its cycle: what dates it, from when, and its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from timescales import (
    EARLIER_HISTORY_NOT_HELD,
    FIRST_REVIEW,
    LATER_REVIEW,
    NOT_KNOWN,
    SECOND_REVIEW,
    SHORT_BREAK_FIRST,
    SHORT_BREAK_LATER,
    WorkingCalendar,
    next_review_rule,
)

CARE_CHAIN = (FIRST_REVIEW.code, SECOND_REVIEW.code, LATER_REVIEW.code)
SHORT_BREAK_CHAIN = (SHORT_BREAK_FIRST.code, SHORT_BREAK_LATER.code)


@dataclass(frozen=True)
class Held:
    """A review held: the day, and the rule it was due under where it was recorded here."""

    on: date
    recorded_rule: str = ""


@dataclass(frozen=True)
class HeldReview:
    """A review a return says was held: the day, and the participation code."""

    held_on: date
    participation: str


@dataclass(frozen=True)
class Place:
    """A review's place in its cycle: the rule that dates it, from when, and its number where that is known."""

    rule: str
    runs_from_on: date | None
    number: int | None


def is_first_review_seen(care_from: date, history_from: date, calendar: WorkingCalendar) -> bool:
    """Whether care began so shortly before the history held that the first review seen is the first.

    Shortly: under 20 working days, the limit of reg. 33(1). Also true of care that began within the history.
    """
    if care_from >= history_from:
        return True
    if (history_from - care_from).days > 2 * FIRST_REVIEW.amount:  # no 20 working days fill 40 days
        return False
    return calendar.working_days_between(care_from, history_from) < FIRST_REVIEW.amount


def care_places(care_from: date, held: Sequence[Held], history_from: date, calendar: WorkingCalendar) -> list[Place]:
    """The place of each review held in full care, in order, and of the one due next.

    Where care began before the history held, and not just before it, what came earlier is unknown: the first
    review seen has no due date, those after it are due 6 months after the one before, marked so.
    """
    if care_from < history_from and not held:
        return [Place(NOT_KNOWN, None, None)]
    if is_first_review_seen(care_from, history_from, calendar):
        return _chain(CARE_CHAIN, care_from, held)
    return [Place(NOT_KNOWN, None, None), *(_after(one) for one in held)]


def short_break_places(breaks_from: date, held: Sequence[Held], history_from: date) -> list[Place]:
    """The same for short breaks: the first within 3 months, later ones every 6 (reg. 48(3))."""
    if breaks_from >= history_from:
        return _chain(SHORT_BREAK_CHAIN, breaks_from, held)
    return [Place(NOT_KNOWN, None, None), *(Place(SHORT_BREAK_LATER.code, one.on, None) for one in held)]


def _chain(codes: Sequence[str], starts_on: date, held: Sequence[Held]) -> list[Place]:
    starts = [starts_on, *(one.on for one in held)]
    return [
        Place(codes[min(number, len(codes)) - 1], runs_from, number)
        for number, runs_from in enumerate(starts, start=1)
    ]


def _after(one: Held) -> Place:
    rule = next_review_rule(one.recorded_rule).code if one.recorded_rule else EARLIER_HISTORY_NOT_HELD.code
    return Place(rule, one.on, None)
