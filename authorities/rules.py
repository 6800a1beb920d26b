"""What may be proclaimed a holiday, what a service or a team may be called, from plain values, and the refusals."""

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
    try:
        closed = calendar.why_not_working(day)
    except OutsideCalendar as outside:
        raise Refused(str(outside), "day") from outside
    if closed:
        raise Refused(f"{in_words(day)} is no working day already: {closed}.", "day")
    if day < today - ENTERED_WITHIN:
        raise Refused(f"{in_words(day)} is more than a year ago. Check the year.", "day")


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
