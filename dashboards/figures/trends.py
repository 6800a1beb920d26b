"""The same figures over months and quarters, for the small charts."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.timezone import localdate

from accounts.roles import ChildPermission
from children.models import CarePeriod, Episode
from dashboards.days import day_after
from dashboards.rules import (
    month_ends,
    month_starts,
    percentage,
    quarter_name,
    quarter_start,
    quarter_starts,
    share,
)
from escalations.models import Escalation
from reviews.rules import RAG_CHOICES

from .base import Scope
from .ratings import RATED, rating_facts
from .timeliness import DATED, IN_TIME, LATE, held_facts


@dataclass(frozen=True)
class Point:
    """One place on a chart: its label, its values (one for each series), and what the table says of each."""

    label: str
    values: tuple[int | None, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """A small chart: `series` names the values of each point; `unit` stands after a value."""

    title: str
    series: tuple[str, ...]
    points: tuple[Point, ...]
    unit: str = ""
    highest: int | None = None  # top of the scale; None: the highest value


def reviews_by_month(scope: Scope) -> list[Trend]:
    """C3 and the late reviews of the last twelve months."""
    held, in_time, late = (_by_month(scope, DATED & part) for part in (Q(), IN_TIME, LATE))
    months = [(f"{month:%b %Y}", (month.year, month.month)) for month in month_starts(scope.day)]
    shares = tuple(
        Point(
            label,
            (percentage(in_time[month], held[month]),),
            (f"{share(in_time[month], held[month])} ({in_time[month]} of {held[month]})",),
        )
        for label, month in months
    )
    numbers = tuple(Point(label, (late[month],), (str(late[month]),)) for label, month in months)
    return [
        Trend("Reviews in time, by month held", ("In time",), shares, "%", 100),
        Trend("Reviews held late, by month held", ("Late",), numbers),
    ]


def _by_month(scope: Scope, where: Q) -> Counter[tuple[int, int]]:
    return Counter((day.year, day.month) for day in scope.once(held_facts).only(where).pick("held_on"))


def ratings_by_quarter(scope: Scope) -> Trend:
    """F2 over the last eight quarters."""
    by_day = Counter(scope.once(rating_facts).only(RATED).pick("held_on", "rag"))
    found: Counter[tuple[date, str]] = Counter()
    for (day, rag), number in by_day.items():
        found[quarter_start(day), rag] += number
    points = []
    for quarter in quarter_starts(scope.day):
        values = tuple(found[quarter, code] for code, _ in RAG_CHOICES)
        points.append(Point(quarter_name(quarter), values, tuple(map(str, values))))
    return Trend("Ratings, by quarter held", tuple(label for _, label in RAG_CHOICES), tuple(points))


def looked_after_by_month(scope: Scope) -> Trend:
    """A1 at each month's end: open care periods less those on a short break that day, told by their days."""
    ends = month_ends(scope.day)
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=ends[0])
    sets = (CarePeriod.objects.filter(lasting), Episode.objects.short_breaks().filter(lasting))
    periods, breaks = (open_on(scope.of(rows).values_list("starts_on", "ends_on"), ends) for rows in sets)
    numbers = [number - apart for number, apart in zip(periods, breaks, strict=True)]
    return _trend(scope.say("{Children_looked_after}, at month end"), ends, numbers)


def escalations_by_month(scope: Scope) -> Trend:
    """Escalations open at each month's end."""
    ends = month_ends(scope.day)
    unresolved = Q(resolved_at__isnull=True) | Q(resolved_at__gte=day_after(ends[0]))
    rows = scope.of(Escalation.objects.filter(unresolved), ChildPermission.READ_RECORD)
    spells = [(raised, end and localdate(end)) for raised, end in rows.values_list("raised_on", "resolved_at")]
    return _trend(scope.say("Open {escalations}, at month end"), ends, open_on(spells, ends))


def open_on(spells: Iterable[tuple[date, date | None]], days: list[date]) -> list[int]:
    """How many spells, from a first day up to but without a last, were open on each day.

    Those begun by the day, less those ended by it: counted here, cheaper than a filter for every day.
    """
    held = list(spells)
    begun, ended = sorted(start for start, _ in held), sorted(end for _, end in held if end)
    return [bisect_right(begun, day) - bisect_right(ended, day) for day in days]


def _trend(title: str, ends: list[date], numbers: list[int]) -> Trend:
    pairs = zip(ends, numbers, strict=True)
    points = [Point(f"{day:%-d %b %Y}", (number,), (str(number),)) for day, number in pairs]
    return Trend(title, ("Number",), tuple(points))


def all_trends(scope: Scope) -> list[Trend]:
    """The small charts of the figures page, in its order."""
    return [
        *reviews_by_month(scope),
        ratings_by_quarter(scope),
        looked_after_by_month(scope),
        escalations_by_month(scope),
    ]
