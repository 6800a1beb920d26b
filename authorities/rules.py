"""What may be proclaimed a holiday or taken back, from plain values, and the refusals."""

from datetime import date, timedelta

from timescales import OutsideCalendar, WorkingCalendar
from timescales.refusals import Refused
from timescales.words import in_words

LONGEST_NAME = 80  # letters
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
