"""C3 and C6: were reviews held by their due date."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from authorities.models import FormerName
from children.models import TeamAllocation
from dashboards.rules import BANDS, middle_and_longest, month_starts
from duties.querysets import relaxed
from reviews.models import Review
from timescales import days_late

from .base import EVERY, Column, Figure, Part, Words, its_duty
from .columns import child_columns, day_column, review_column
from .looked_after import COUNTED_CYCLES
from .scope import Scope
from .tally import Tally, pick

FIRST_RULES = ("FIRST_REVIEW", "ADOPTION_FIRST_BEFORE_PLACEMENT", "ADOPTION_FIRST_AFTER_PLACEMENT")
SECOND_RULES = ("SECOND_REVIEW", "ADOPTION_SECOND_AFTER_PLACEMENT")
KIND = Case(
    When(duty__rule__in=FIRST_RULES, then=Value("first")),
    When(duty__rule__in=SECOND_RULES, then=Value("second")),
    default=Value("later"),
)
TIMING = Case(
    When(duty__due_on__isnull=True, then=Value("no-date")),
    When(held_on__lte=F("duty__due_on"), then=Value("by-its-date")),
    When(relaxed("duty__"), then=Value("relaxed")),
    default=Value("late"),
)
IN_TIME = ("by-its-date", "relaxed")
DATED = (*IN_TIME, "late")


def reviews_held(scope: Scope) -> QuerySet[Review]:
    """Reviews of the looked-after and adoption cycles held in the period, one meeting counted once."""
    return scope.once(_held_since).filter(held_on__gte=scope.period.first)


def _held_since(scope: Scope) -> QuerySet[Review]:
    """The same, begun as far back as the page's charts go; each with its `kind` and `timing`.

    Where one meeting served both cycles, the review with the earlier due date stands for it: in time only if
    both were.
    """
    first = min(scope.period.first, month_starts(scope.day)[0])
    other = Review.objects.filter(
        Q(duty__due_on__lt=OuterRef("duty__due_on"))
        | Q(duty__due_on=OuterRef("duty__due_on"), pk__lt=OuterRef("pk")),
        child=OuterRef("child"),
        held_on=OuterRef("held_on"),
        cycle__in=COUNTED_CYCLES,
    )
    held = Review.objects.held_between(first, scope.day).filter(~Exists(other), cycle__in=COUNTED_CYCLES)
    return scope.of(held).annotate(kind=KIND, timing=TIMING)


def tally_by_month(scope: Scope) -> Tally:
    """How many of them were held in each month, and how many of those in the period."""
    rows = scope.once(_held_since).annotate(month=TruncMonth("held_on"), is_in_period=in_period(scope))
    return Tally.of(rows, "kind", "timing", "month", "is_in_period")


def in_period(scope: Scope) -> ExpressionWrapper:
    """Whether a review of a longer time was held in the period."""
    return ExpressionWrapper(Q(held_on__gte=scope.period.first), output_field=BooleanField())


def tally_in_period(scope: Scope) -> Tally:
    """How many were held in the period."""
    return scope.once(tally_by_month).only({"is_in_period": [True]})


def in_time_parts(scope: Scope) -> tuple[Part, ...]:
    """C3 and its three kinds; a first, second or later review by the rule it fell due under."""
    return (
        Part(EVERY, "Reviews held that had a due date", {"timing": DATED}),
        Part("in-time", "Held in time", {"timing": IN_TIME}),
        Part("late", "Held late", {"timing": ["late"]}),
        *_kind("first", "First reviews", "C3a"),
        *_kind("second", "Second reviews", "C3b"),
        *_kind("later", "Later reviews", "C3c"),
        Part("relaxed", "Late, but counted in time under the coronavirus regulations", {"timing": ["relaxed"]}),
        Part(
            "no-date",
            "Held without a due date, not counted: the review before is not held here",
            {"timing": ["no-date"]},
        ),
    )


def _kind(kind: str, label: str, code: str) -> tuple[Part, Part]:
    every, in_time = {"kind": [kind], "timing": DATED}, {"kind": [kind], "timing": IN_TIME}
    return (
        Part(kind, f"{label} ({code})", every),
        Part(f"{kind}-in-time", f"{label} in time", in_time, code=code, of=kind),
    )


def late_by(scope: Scope, row: Any) -> int:
    """Working days late on the day held."""
    due_on = row.duty.due_on
    return days_late(due_on, row.held_on, scope.calendar) if due_on and row.held_on else 0


def held_columns(scope: Scope) -> list[Column]:
    """Child, review, when due, when held, how late."""
    return [
        *child_columns(scope.day),
        review_column(),
        day_column("due", "Due by", "duty__due_on"),
        day_column("held", "Held on", "held_on"),
        Column("late", "Working days late", lambda row: late_by(scope, row), is_number=True),
    ]


def late_reviews(scope: Scope) -> QuerySet[Review]:
    """The reviews C3 counts late."""
    return pick(reviews_held(scope), {"timing": ["late"]})


def with_duty(scope: Scope, rows: QuerySet[Review]) -> QuerySet[Any]:
    """Each with the child and the duty that says when it was due."""
    return rows.select_related("child", "duty")


def with_team(scope: Scope, rows: QuerySet[Review]) -> QuerySet[Any]:
    """Each with the child and the team responsible on the day it was held, by the name it had then."""
    team = TeamAllocation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("held_on")),
        child=OuterRef("child"),
        starts_on__lte=OuterRef("held_on"),
    )
    then = FormerName.objects.filter(team=OuterRef("team"), ended_on__gt=OuterRef(OuterRef("held_on")))
    called = Coalesce(Subquery(then.order_by("ended_on").values("name")[:1]), F("team__name"))
    named = rows.annotate(
        team_name=Subquery(team.order_by("-starts_on").annotate(called=called).values("called")[:1])
    )
    return named.select_related("child", "duty")


@dataclass(frozen=True)
class Late:
    """A review held late: its key, by how many working days, and the team responsible that day."""

    review: int
    days: int
    team: str | None


def each_late(scope: Scope) -> list[Late]:
    """Every late review of the period: working days are counted by the calendar, which the database does not know."""
    rows = with_team(scope, late_reviews(scope)).order_by().values_list("pk", "duty__due_on", "held_on", "team_name")
    return [Late(key, days_late(due_on, held_on, scope.calendar), team) for key, due_on, held_on, team in rows]


def band_parts(scope: Scope) -> tuple[Part, ...]:
    """The late reviews by bands of working days."""
    late = scope.once(each_late)
    banded = [(band, {one.review for one in late if band.holds(one.days)}) for band in BANDS]
    return (
        Part(EVERY, "Reviews held late"),
        *(
            Part(band.slug, f"{band.label} working days", {"pk": keys}, code=f"C6-{band.slug.upper()}")
            for band, keys in banded
        ),
    )


def tally_late(scope: Scope) -> Tally:
    """Each late review by its key."""
    return Tally(("pk",), [(one.review, 1) for one in scope.once(each_late)])


def late_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
    """How many were late, with the median and the longest, and where most of them were."""
    late = scope.once(each_late)
    return Words(
        value=str(len(late)),
        sentence=middle_and_longest([one.days for one in late]),
        note=_in_one_team([one.team for one in late if one.team], len(late)),
    )


def _in_one_team(teams: list[str], number: int) -> str:
    """ "5 of the 8 in one team (North)" where that is at least half of several; else nothing."""
    name, most = Counter(sorted(teams)).most_common(1)[0] if teams else ("", 0)
    return f"{most} of the {number} in one team ({name})" if number > 1 and 2 * most >= number else ""


def late_columns(scope: Scope) -> list[Column]:
    """As for reviews held, with the team responsible that day."""
    return [*held_columns(scope), Column("team", "Team that day", lambda row: row.team_name or "", sort="team_name")]


REVIEWS_IN_TIME = Figure(
    slug="reviews-in-time",
    code="C3",
    title="Reviews in time",
    definition=(
        "Reviews held on or before their due date, out of reviews held in the period that had one:"
        " looked-after and adoption cycles, short breaks apart, one meeting counted once. Six-monthly reviews due"
        " from 24 April to 25 September 2020 count as in time (SI 2020/445)."
    ),
    rows=reviews_held,
    parts=in_time_parts,
    columns=held_columns,
    sorted_by="due",
    tally=tally_in_period,
    counted_as="in time",
    numerator="in-time",
    has_full_target=True,
    dressed=with_duty,
    duty=its_duty,
)
DAYS_LATE = Figure(
    slug="days-late",
    code="C6",
    title="Reviews held late",
    definition=(
        "The late reviews of “Reviews in time”, by working days after the due date up to and including the day"
        " held, at least 1."
    ),
    rows=late_reviews,
    parts=band_parts,
    columns=late_columns,
    sorted_by="due",
    tally=tally_late,
    counted_as="held late",
    words=late_words,
    is_of_itself=True,
    dressed=with_team,
    duty=its_duty,
)
