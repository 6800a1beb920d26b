"""Periods, shares and bands: plain decisions of the figures, without a database."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

ONE_DAY = timedelta(days=1)
MONTHS_IN_A_QUARTER = 3
MONTHS, QUARTERS = 12, 8  # how far back the charts go

# Six-monthly reviews due in this window were relaxed: counted in time, and marked.
# Source: Adoption and Children (Coronavirus) (Amendment) Regulations 2020 (SI 2020/445).
RELAXED_FROM, RELAXED_TO = date(2020, 4, 24), date(2020, 9, 25)


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


def percentage(numerator: int, denominator: int) -> int | None:
    """Whole per cent, half up; None where there is nothing to divide by.

    Anything short of all never reads 100, and anything above none never reads 0.
    """
    if not denominator:
        return None
    rounded = (200 * numerator + denominator) // (2 * denominator)
    if 0 < numerator < denominator:
        return min(99, max(1, rounded))
    return rounded


def share(numerator: int, denominator: int) -> str:
    """The percentage as text: "92%", or "none" where there is nothing to divide by."""
    whole = percentage(numerator, denominator)
    return "none" if whole is None else f"{whole}%"


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
