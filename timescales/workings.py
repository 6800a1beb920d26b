"""A due date with everything that makes it, so that a person can check it by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from timescales.calendar import WorkingCalendar
from timescales.months import add_months
from timescales.rules import Rule, Unit
from timescales.words import counted, in_words, listed

BOOKING_BUFFER_WORKING_DAYS = 3
WEEKEND = ("Saturday", "Sunday")


@dataclass(frozen=True)
class CountedDay:
    """One day of a count: either its number, or the reason it is passed over."""

    on: date
    number: int | None
    reason: str | None


@dataclass(frozen=True)
class Working:
    """A due date, the days around it, and how it was reached.

    ``last_safe_on`` is the last working day on or before the due date; ``book_by_on`` leaves the
    authority's buffer of working days before it. ``due_on_is`` names the weekend day or holiday the due
    date falls on, None for a working day. ``days`` holds the count where working days are counted, and
    ``taken_back`` those of them that were holidays until they were withdrawn.
    """

    rule: Rule
    start: date
    due_on: date
    last_safe_on: date
    book_by_on: date
    due_on_is: str | None
    days: tuple[CountedDay, ...]
    taken_back: tuple[tuple[date, str], ...] = ()  # counted though once called a holiday, with that name

    def sentences(self) -> list[str]:
        """The explanation in plain English, a sentence to each item, the answer first."""
        return [
            f"{self.rule.title}: due by {in_words(self.due_on)}.",
            *self._how(),
            *self._weekend(),
            *self._booking(),
            f"Source: {self.rule.source} ({self.rule.tier.label}).",
            *filter(None, [self.rule.assumption]),
        ]

    def _how(self) -> Iterator[str]:
        if self.rule.is_set_each_time and self.rule.unit is Unit.CALENDAR_DAYS:
            yield f"The day was agreed on {in_words(self.start)}; nothing is counted."
            return
        yield f"The limit is {self.rule.limit} from {self.rule.runs_from}, {in_words(self.start)}."
        if self.rule.unit is Unit.WORKING_DAYS:
            yield "That day is not counted; the first day counted is the next working day."
            yield from self._skipped()
        elif self.rule.unit is Unit.CALENDAR_MONTHS:
            yield self._corresponding_day()
        else:
            yield "Every day is counted, weekends and bank holidays too, starting with the day after it."

    def _skipped(self) -> Iterator[str]:
        reasons = [(day.on, day.reason) for day in self.days if day.reason]
        weekends = sum(reason in WEEKEND for _, reason in reasons)
        holidays = [f"{reason} on {in_words(on)}" for on, reason in reasons if reason not in WEEKEND]
        passed = [counted(weekends, "weekend day")] if weekends else []
        if passed or holidays:
            yield f"The count passes over {listed(passed + holidays)}."
        for on, name in self.taken_back:
            yield f"{in_words(on)} is counted: it was to be a holiday ({name}), which was taken back."

    def _corresponding_day(self) -> str:
        if self.due_on.day == self.start.day:
            return "Calendar months end on the day of the month they began on."
        return (
            f"{self.due_on:%B} {self.due_on.year} has no day {self.start.day}, "
            f"so the {counted(self.rule.amount, 'month')} end on its last day."
        )

    def _weekend(self) -> Iterator[str]:
        if self.due_on_is is None:
            return
        falls = "a " + self.due_on_is if self.due_on_is in WEEKEND else self.due_on_is
        yield (
            f"{self.due_on.day} {self.due_on:%B} is {falls}: the limit does not move; "
            f"the last working day before it is {in_words(self.last_safe_on)}."
        )

    def _booking(self) -> Iterator[str]:
        if self.rule.is_booked:
            yield f"Book it for {in_words(self.book_by_on)} or earlier."


def due_on(rule: Rule, start: date, calendar: WorkingCalendar) -> date:
    """The last day in time under this rule, the date alone.

    Month and calendar-day limits stay where they fall, on a weekend or bank holiday too: the regulations
    do not roll them forward. Raises OutsideCalendar.
    """
    match rule.unit:
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(start, rule.amount)
        case Unit.CALENDAR_MONTHS:
            return add_months(start, rule.amount)
        case Unit.CALENDAR_DAYS:
            return start + timedelta(days=rule.amount)


def due(
    rule: Rule,
    start: date,
    calendar: WorkingCalendar,
    booking_buffer_days: int = BOOKING_BUFFER_WORKING_DAYS,
) -> Working:
    """The due date under this rule with its whole working; the buffer is in working days.

    Raises OutsideCalendar, and ValueError for a negative buffer.
    """
    limit = due_on(rule, start, calendar)
    days = tuple(_count(start, limit, calendar)) if rule.unit is Unit.WORKING_DAYS else ()
    last_safe_on = calendar.last_working_day_on_or_before(limit)
    return Working(
        rule=rule,
        start=start,
        due_on=limit,
        last_safe_on=last_safe_on,
        # Without a buffer the due date itself could be a Sunday, which nobody can book.
        book_by_on=min(last_safe_on, calendar.subtract_working_days(limit, booking_buffer_days)),
        due_on_is=calendar.why_not_working(limit),
        days=days,
        taken_back=tuple((on, name) for on, name in calendar.taken_back.items() if start < on <= limit and days),
    )


def _count(start: date, end: date, calendar: WorkingCalendar) -> Iterator[CountedDay]:
    number = 0
    for ahead in range(1, (end - start).days + 1):
        day = start + timedelta(days=ahead)
        reason = calendar.why_not_working(day)
        number += reason is None
        yield CountedDay(on=day, number=number if reason is None else None, reason=reason)
