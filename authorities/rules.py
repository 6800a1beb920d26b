"""What may be proclaimed a holiday or taken back, decided by an authority, and how a service or a team is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from timescales import OutsideCalendar, WorkingCalendar
from timescales.refusals import Refused
from timescales.words import in_words

LONGEST_NAME = 80  # letters
LONGEST_PLACE = 120  # letters of the name of a service or a team
ENTERED_WITHIN = timedelta(days=366)


def check_holiday(day: date, name: str, calendar: WorkingCalendar, today: date) -> None:
    """Refuse a day that is no working day already, one over a year ago, and a name that is missing or too long.

    A day that has just passed is taken: a proclamation may come with a few days' notice, and whoever enters it late
    still wants true dates. One of long ago is a slip of the finger, and would change what is worked out of the past.
    """
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"Give the holiday's name in 1 to {LONGEST_NAME} letters.", "name")
    closed = _why_not_working(day, calendar)
    if closed:
        raise Refused(f"{in_words(day)} is no working day already: {closed}.", "day")
    _check_lately(day, today)


def check_taken_back(day: date, calendar: WorkingCalendar, today: date, *, is_proclaimed: bool) -> None:
    """Refuse a day that was not proclaimed here, and one over a year ago: what is published stays published."""
    closed = _why_not_working(day, calendar)
    if not closed:
        raise Refused(f"{in_words(day)} is a working day already.", "day")
    if not is_proclaimed:
        raise Refused(f"{in_words(day)} was not proclaimed here ({closed}), so it cannot be taken back.", "day")
    _check_lately(day, today)


def _why_not_working(day: date, calendar: WorkingCalendar) -> str | None:
    try:
        return calendar.why_not_working(day)
    except OutsideCalendar as outside:
        raise Refused(str(outside), "day") from outside


def _check_lately(day: date, today: date) -> None:
    if day < today - ENTERED_WITHIN:
        raise Refused(f"{in_words(day)} is more than a year ago. Check the year.", "day")


@dataclass(frozen=True)
class Asked:
    """A margin as it is asked for, and the working days it may be. None may lengthen what the law sets."""

    asked: str
    least: int
    most: int


# By the column of the policy. The law's own limits stand in `timescales`; these only say how long before them.
MARGINS = {
    "booking_buffer_days": Asked("How long before its due date is a review best held?", 0, 15),
    "first_unbooked_after_days": Asked("How long after care begins should a first review be booked?", 1, 15),
    "later_unbooked_before_days": Asked("How long before its due date should a later review be booked?", 1, 60),
    "first_due_soon_days": Asked("How long before its due date is a first review due soon?", 1, 15),
    "later_due_soon_days": Asked("How long before its due date is a later review due soon?", 1, 60),
    "response_due_soon_days": Asked("How long before its due date is an answer due soon?", 0, 15),
}


@dataclass(frozen=True)
class PolicyDecided:
    """A policy as an authority decides on it: from when, its margins by column, its words, and why."""

    starts_on: date
    margins: Mapping[str, int | None]  # None: what was typed is no number
    is_rag_linked_to_ladder: bool
    words: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def check_policy(decided: PolicyDecided, on: date) -> None:
    """Refuse a policy from a past day, which would make other what people were told then; a margin out of bounds;
    and one without its reason."""
    if decided.starts_on < on:
        raise Refused(f"{in_words(decided.starts_on)} is past. Choose today or a later day.", "starts_on")
    for name, margin in MARGINS.items():
        days = decided.margins[name]
        if days is None or not margin.least <= days <= margin.most:
            raise Refused(f"{margin.asked} Give {margin.least} to {margin.most} working days.", name)
    if any("{" in word or "}" in word for word in decided.words.values()):
        raise Refused("A word may not hold { or }.")
    if not decided.why.strip():
        raise Refused("Say why it is changed.", "why")


def check_name(name: str, kind: str) -> str:
    """The name without spaces round and doubled in it. Refuse one that is missing or too long."""
    name = " ".join(name.split())
    if not name:
        raise Refused(f"Enter the name of the {kind}.", "name")
    if len(name) > LONGEST_PLACE:
        raise Refused(f"The name must be {LONGEST_PLACE} letters or fewer; this is {len(name)}.", "name")
    return name


def check_day(on: date, earliest: date | None, today: date, what: str) -> None:
    """Refuse a day in the future, and one before `earliest`, when `what` happened."""
    if on > today:
        raise Refused("Give today or a day before. Record what is planned on the day.", "on")
    if earliest and on < earliest:
        raise Refused(f"{what} on {in_words(earliest)}. Give that day or a later one.", "on")
