"""The same figures over months and quarters, for the small charts: grouped by the database, 0 where nothing is."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, Q, QuerySet, Value
from django.db.models.functions import Greatest, TruncMonth

from accounts.roles import ChildPermission
from children.models import CarePeriod, Episode
from dashboards.days import day_after
from dashboards.rules import month_ends, month_starts, percentage, quarter_name, quarter_starts, share
from escalations.models import Escalation
from reviews.rules import RAG_CHOICES

from .escalated import tally_by_rung
from .looked_after import LOOKED_AFTER, tally_of_caseload
from .ratings import tally_by_quarter
from .scope import Scope
from .tally import Tally
from .timeliness import DATED, tally_by_month


@dataclass(frozen=True)
class Point:
    """One place on a chart: its label, its values (one for each series), and what the table says of each."""

    label: str
    values: tuple[float | None, ...]
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
    dated = scope.once(tally_by_month).only({"timing": DATED})
    every, lates = dated.by("month"), dated.only({"timing": ["late"]}).by("month")
    shares, numbers = [], []
    for month in month_starts(scope.day):
        held, late = every[month,], lates[month,]
        words = f"{share(held - late, held)} ({held - late} of {held})"
        shares.append(Point(f"{month:%b %Y}", (percentage(held - late, held),), (words,)))
        numbers.append(Point(f"{month:%b %Y}", (late,), (str(late),)))
    return [
        Trend("Reviews in time, by month held", ("In time",), tuple(shares), "%", 100),
        Trend("Reviews held late, by month held", ("Late",), tuple(numbers)),
    ]


def ratings_by_quarter(scope: Scope) -> Trend:
    """F2 over the last eight quarters."""
    found = scope.once(tally_by_quarter).by("quarter", "rag")
    points = []
    for quarter in quarter_starts(scope.day):
        values = tuple(found[quarter, code] for code, _ in RAG_CHOICES)
        points.append(Point(quarter_name(quarter), values, tuple(map(str, values))))
    return Trend("Ratings, by quarter held", tuple(label for _, label in RAG_CHOICES), tuple(points))


def looked_after_by_month(scope: Scope) -> Trend:
    """A1 at each month's end: open care periods less those on a short break that day."""
    *ends, last = month_ends(scope.day)
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=ends[0])
    sets = (CarePeriod.objects.filter(lasting), Episode.objects.short_breaks().filter(lasting))
    periods, breaks = (open_at(scope.of(rows), ends, "starts_on", "ends_on") for rows in sets)
    numbers = [number - apart for number, apart in zip(periods, breaks, strict=True)]
    now = scope.once(tally_of_caseload).total(LOOKED_AFTER)
    return _trend(scope.say("{Children_looked_after}, at month end"), [*ends, last], [*numbers, now])


def escalations_by_month(scope: Scope) -> Trend:
    """Escalations open at each month's end."""
    *ends, last = month_ends(scope.day)
    unresolved = Q(resolved_at__isnull=True) | Q(resolved_at__gte=day_after(ends[0]))
    rows = scope.of(Escalation.objects.filter(unresolved), ChildPermission.READ_RECORD)
    numbers, now = open_at(rows, ends, "raised_on", "resolved_at"), scope.once(tally_by_rung).total({})
    return _trend(scope.say("Open {escalations}, at month end"), [*ends, last], [*numbers, now])


def open_at(rows: QuerySet[Any], ends: list[date], first: str, last: str) -> list[int]:
    """How many rows were open at each month's end: begun by it, and not ended by it.

    Counted by the months they began and ended in, what began earlier with the first: enough for a month's end, and
    few however many the rows are. The last point of a chart may fall inside a month: that is the figure of the day.
    """
    began = TruncMonth(Greatest(first, Value(ends[0].replace(day=1))))
    ended = TruncMonth(last, output_field=DateField())
    spells = Tally.of(rows.annotate(began=began, ended=ended), "began", "ended").lines
    return [sum(number for began, ended, number in spells if began <= day < (ended or date.max)) for day in ends]


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
