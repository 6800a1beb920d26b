"""The same figures over months and quarters, for the small charts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.roles import ChildPermission
from children.models import CarePeriod, Episode
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
from .matching import meets
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
    rows = filter(meets(where), scope.once(held_facts))
    return Counter((row["held_on"].year, row["held_on"].month) for row in rows)


def ratings_by_quarter(scope: Scope) -> Trend:
    """F2 over the last eight quarters."""
    quarters = quarter_starts(scope.day)
    rated = filter(meets(RATED), scope.once(rating_facts))
    found = Counter((quarter_start(row["held_on"]), row["rag"]) for row in rated)
    points = []
    for quarter in quarters:
        values = tuple(found[quarter, code] for code, _ in RAG_CHOICES)
        points.append(Point(quarter_name(quarter), values, tuple(map(str, values))))
    return Trend("Ratings, by quarter held", tuple(label for _, label in RAG_CHOICES), tuple(points))


def looked_after_by_month(scope: Scope) -> Trend:
    """A1 at each month's end: open care periods less those on a short break that day, told by their days."""
    ends = month_ends(scope.day)
    periods = _days_of(scope.of(CarePeriod.objects.all()), "starts_on", "ends_on", ends[0])
    breaks = _days_of(scope.of(Episode.objects.short_breaks()), "starts_on", "ends_on", ends[0])
    numbers = [_open_on(periods, day) - _open_on(breaks, day) for day in ends]
    return _trend("Children looked after, at month end", ends, numbers)


def escalations_by_month(scope: Scope) -> Trend:
    """Escalations open at each month's end."""
    ends = month_ends(scope.day)
    rows = scope.of(Escalation.objects.annotate(resolved_on=TruncDate("resolved_at")), ChildPermission.READ_RECORD)
    spells = _days_of(rows, "raised_on", "resolved_on", ends[0])
    return _trend("Open escalations, at month end", ends, [_open_on(spells, day) for day in ends])


def _days_of(rows: QuerySet[Any], starts: str, ends: str, first: date) -> list[tuple[date, date | None]]:
    """First and last days of what was open on or after `first`: cheaper to count here than in twelve filters."""
    still = rows.filter(Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": first}))
    return list(still.values_list(starts, ends))


def _open_on(spells: list[tuple[date, date | None]], day: date) -> int:
    return sum(starts_on <= day and (ends_on is None or ends_on > day) for starts_on, ends_on in spells)


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
