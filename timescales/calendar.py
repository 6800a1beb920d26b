"""The working days of England, with an authority's own additions laid over them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from holidays import country_holidays

from timescales.words import in_words

FIRST_YEAR = 1990
LAST_YEAR = 2050
SATURDAY = 5
ONE_DAY = timedelta(days=1)


class OutsideCalendar(ValueError):
    """A date in a year for which no bank holidays are held."""

    def __init__(self, day: date, first_year: int, last_year: int) -> None:
        self.day = day
        super().__init__(
            f"{in_words(day)} is outside the working calendar, which covers {first_year} to {last_year}. "
            "Check the year."
        )


@dataclass(frozen=True)
class CalendarAddition:
    """A day the published calendar does not have right: proclaimed at short notice, or withdrawn.

    ``is_working=False`` makes the day a holiday. ``is_working=True`` takes a holiday away; a Saturday or
    Sunday stays a weekend all the same, because the law's working day leaves weekends out.
    """

    on: date
    name: str
    is_working: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are working days: not a weekend, not a bank holiday, Good Friday or Christmas Day.

    Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg. 2(1). An office that
    is merely shut (between Christmas and New Year, say) does not stop the count.
    """

    holidays: Mapping[date, str] = field(hash=False, repr=False)
    additions: tuple[CalendarAddition, ...] = ()
    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR
    _closed: Mapping[date, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        closed = dict(self.holidays)
        for addition in self.additions:
            if addition.is_working:
                closed.pop(addition.on, None)
            else:
                closed[addition.on] = addition.name
        object.__setattr__(self, "_closed", MappingProxyType(closed))

    @property
    def added(self) -> Mapping[date, str]:
        """The days that are holidays here only because the authority added or renamed them."""
        return {day: name for day, name in self._closed.items() if self.holidays.get(day) != name}

    @property
    def removed(self) -> frozenset[date]:
        """The published holidays that the authority's additions turned into ordinary days."""
        return frozenset(self.holidays.keys() - self._closed.keys())

    @property
    def taken_back(self) -> Mapping[date, str]:
        """The days that were to be holidays, by name, and are counted after all; a weekend never is."""
        back = {addition.on: addition.name for addition in self.additions if addition.is_working}
        return {day: name for day, name in back.items() if self.why_not_working(day) is None}

    def with_additions(self, additions: Iterable[CalendarAddition]) -> "WorkingCalendar":
        """The same calendar under these additions as well; of two for one day the later one counts."""
        further = tuple(additions)
        return replace(self, additions=self.additions + further) if further else self

    def why_not_working(self, day: date) -> str | None:
        """Why nobody counts this day ("Saturday", "Christmas Day"), or None for a working day.

        Raises OutsideCalendar for a year not covered.
        """
        self._refuse_outside(day)
        if day.weekday() >= SATURDAY:
            return "Saturday" if day.weekday() == SATURDAY else "Sunday"
        return self._closed.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts as a working day; raises OutsideCalendar for a year not covered."""
        return self.why_not_working(day) is None

    def add_working_days(self, start: date, n: int) -> date:
        """Working day number ``n`` after ``start``; the start is day 0 and is never counted.

        Raises ValueError for a negative ``n`` and OutsideCalendar where the count leaves the years covered.
        """
        return self._count(start, n, ONE_DAY)

    def subtract_working_days(self, start: date, n: int) -> date:
        """Working day number ``n`` before ``start``, which is not counted; errors as add_working_days."""
        return self._count(start, n, -ONE_DAY)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days from ``start`` to ``end``: the start is not counted, the end is.

        Where the end comes first the count runs backwards by the same rule and is negative, so this undoes
        both add_working_days and subtract_working_days. Raises OutsideCalendar.
        """
        step, sign = (ONE_DAY, 1) if start <= end else (-ONE_DAY, -1)
        self._refuse_outside(start)
        days = _walk(start, step)
        return sign * sum(self.is_working_day(next(days)) for _ in range(abs((end - start).days)))

    def last_working_day_on_or_before(self, day: date) -> date:
        """The day itself where it is a working day, otherwise the nearest working day before it."""
        return day if self.is_working_day(day) else self.subtract_working_days(day, 1)

    def _count(self, start: date, n: int, step: timedelta) -> date:
        if n < 0:
            raise ValueError(f"A count of working days cannot be negative: {n}.")
        self._refuse_outside(start)
        day, days = start, _walk(start, step)
        while n:
            day = next(days)
            n -= self.is_working_day(day)
        return day

    def _refuse_outside(self, day: date) -> None:
        # A datetime never equals the date it falls on, so a holiday would pass for a working day.
        if isinstance(day, datetime):
            raise TypeError(f"Working days are counted in dates, not moments: {day!r}.")
        if not self.first_year <= day.year <= self.last_year:
            raise OutsideCalendar(day, self.first_year, self.last_year)


def _walk(start: date, step: timedelta) -> Iterator[date]:
    day = start
    while True:
        day += step
        yield day


@lru_cache(maxsize=1)
def _published() -> WorkingCalendar:
    # Without the subdivision the library leaves out Easter Monday and the August bank holiday.
    published = country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1), language="en_GB")
    names = {day: name.replace("(observed)", "(substitute day)") for day, name in published.items()}
    return WorkingCalendar(MappingProxyType(names))


def england(additions: Iterable[CalendarAddition] = ()) -> WorkingCalendar:
    """The calendar of England for 1990 to 2050, under an authority's own additions."""
    return _published().with_additions(additions)
