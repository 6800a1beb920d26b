"""Periods, shares and bands: plain decisions of the figures, without a database."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from timescales.refusals import Refused

ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=3660)  # ten years: past it a pair of days is a slip of the keyboard
EARLIEST = date(1990, 1, 1)  # the working calendar begins there
YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")
MONTHS_IN_A_QUARTER = 3
MONTHS, QUARTERS = 12, 8  # how far back the charts go

# Six-monthly reviews due in this window were relaxed: counted in time, and marked.


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included. `name` is how a sentence says it: "this quarter"."""

    first: date
    last: date
    name: str

    @property
    def words(self) -> str:
        """The two days as they are said: "1 October 2026 to 21 November 2026"."""
        return f"{self.first:%-d %B %Y} to {self.last:%-d %B %Y}"


@dataclass(frozen=True)
class Band:
    """Working days late, from `lowest` to `highest` (None: no upper end)."""

    slug: str
    label: str
    lowest: int
    highest: int | None

    def holds(self, days: int) -> bool:
        """Whether this many working days fall in the band."""
        return days >= self.lowest and (self.highest is None or days <= self.highest)


BANDS = (
    Band("1-to-2", "1 to 2", 1, 2),
    Band("3-to-5", "3 to 5", 3, 5),
    Band("6-to-10", "6 to 10", 6, 10),
    Band("11-to-20", "11 to 20", 11, 20),
    Band("over-20", "over 20", 21, None),
)


def quarter_start(day: date) -> date:
    """The first day of the quarter; quarters begin in April, July, October and January."""
    return date(day.year, day.month - (day.month - 1) % MONTHS_IN_A_QUARTER, 1)


def year_start(day: date) -> date:
    """1 April on or before the day."""
    return date(day.year if day.month >= 4 else day.year - 1, 4, 1)


def this_quarter(today: date) -> Period:
    """From the quarter's first day up to today."""
    return Period(quarter_start(today), today, "this quarter")


def last_quarter(today: date) -> Period:
    """The whole quarter before this one."""
    last = quarter_start(today) - ONE_DAY
    return Period(quarter_start(last), last, "last quarter")


def year_to_date(today: date) -> Period:
    """From 1 April up to today."""
    return Period(year_start(today), today, "this year to date")


def last_year(today: date) -> Period:
    """The whole year before this one, from 1 April to 31 March."""
    last = year_start(today) - ONE_DAY
    return Period(year_start(last), last, "last year")


def period_asked(*, year: str | None, first: str | None, last: str | None, today: date) -> Period:
    """The period that a year, or a first and a last day written 2026-11-25, name; both days are in it.

    The year must have begun; it need not be over. Raises Refused, naming which of "year", "from" and "to" is wrong.
    """
    if year is not None and first is None and last is None:
        return _year_named(year, today)
    if year is not None or first is None or last is None:
        raise Refused("Give either a year, or both from and to.", "from" if year is None else "year")
    period = Period(_day_named(first, "from"), _day_named(last, "to"), "in this period")
    check_days(period.first, period.last, today)
    return period


def _year_named(text: str, today: date) -> Period:
    found = YEAR.fullmatch(text)
    start = int(found[1]) if found else 0
    if found is None or int(found[2]) != (start + 1) % 100:
        raise Refused(f"{text} is not a year. Give one from April to March, such as 2017-18.", "year")
    if start < EARLIEST.year:
        raise Refused(f"{text} is before 1990, where the figures begin.", "year")
    if start > year_start(today).year:
        raise Refused(f"{text} has not begun yet. Give a year that has.", "year")
    return Period(date(start, 4, 1), date(start + 1, 3, 31), f"in {text}")


def _day_named(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text} is not a date. Give year, month and day, such as 2026-11-25.", name) from None


def check_days(first: date, last: date, today: date) -> None:
    """Raises Refused, naming which of the two, for days that are not a period in order up to today."""
    if first < EARLIEST:
        raise Refused("The first day must be in 1990 or later", "from")
    if last > today:
        raise Refused("The last day must be today or in the past", "to")
    if last < first:
        raise Refused("The last day must be the first day or later", "to")
    if last - first > LONGEST:
        raise Refused("The last day must be within ten years of the first day", "to")


def month_starts(last: date, count: int = MONTHS) -> list[date]:
    """First days of the `count` months that end with the month of `last`, oldest first."""
    index = last.year * 12 + last.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(index - count + 1, index + 1)]


def month_ends(last: date, count: int = MONTHS) -> list[date]:
    """Last days of those months, oldest first; the last of them is `last` itself."""
    ends = [start.replace(day=monthrange(start.year, start.month)[1]) for start in month_starts(last, count)]
    return [*ends[:-1], last]


def quarter_starts(last: date, count: int = QUARTERS) -> list[date]:
    """First days of the `count` quarters that end with the quarter of `last`, oldest first."""
    firsts = [quarter_start(last)]
    while len(firsts) < count:
        firsts.append(quarter_start(firsts[-1] - ONE_DAY))
    return firsts[::-1]


def percentage(numerator: int, denominator: int) -> float | None:
    """Per cent to one decimal, half up; None where there is nothing to divide by.

    Anything short of all never reads 100.0, and anything above none never reads 0.0.
    """
    if not denominator:
        return None
    tenths = (2000 * numerator + denominator) // (2 * denominator)
    if 0 < numerator < denominator:
        tenths = min(999, max(1, tenths))
    return tenths / 10


def share(numerator: int, denominator: int) -> str:
    """The percentage as text: "92.3%", or "none" where there is nothing to divide by."""
    found = percentage(numerator, denominator)
    return "none" if found is None else f"{found:.1f}%"


def quarter_name(first: date) -> str:
    """How a quarter is called on a chart: "Oct to Dec 2026"."""
    last = date(first.year, first.month + MONTHS_IN_A_QUARTER - 1, 1)
    return f"{first:%b} to {last:%b} {last.year}"


def middle_and_longest(days: Sequence[int]) -> str:
    """The median and the longest of some counts of working days, in words."""
    if not days:
        return "none"
    middle = median(days)
    return f"median {middle:g}, longest {max(days)} working day{'' if max(days) == 1 else 's'}"
