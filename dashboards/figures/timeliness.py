"""C3, C6 and what stands overdue: were reviews held by their last lawful day."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from children.models import TeamAllocation
from dashboards.rules import BANDS, RELAXED_FROM, RELAXED_TO, middle_and_longest, month_starts
from reviews.models import Review
from timescales import days_late

from .base import EVERY, Column, Figure, Part, Scope, Words
from .columns import child_columns, day_column, review_column
from .matching import Facts

COUNTED_CYCLES = (Review.Cycle.CARE, Review.Cycle.ADOPTION)
FIRST_RULES = ("FIRST_REVIEW", "ADOPTION_FIRST_BEFORE_PLACEMENT", "ADOPTION_FIRST_AFTER_PLACEMENT")
SECOND_RULES = ("SECOND_REVIEW", "ADOPTION_SECOND_AFTER_PLACEMENT")
# Six-monthly reviews whose date fell in the months of the coronavirus regulations.
RELAXED = Q(
    duty__due_on__range=(RELAXED_FROM, RELAXED_TO), duty__rule__in=("LATER_REVIEW", "EARLIER_HISTORY_NOT_HELD")
)
DATED = Q(duty__due_on__isnull=False)
AFTER_ITS_DATE = Q(held_on__gt=F("duty__due_on"))
IN_TIME = Q(held_on__lte=F("duty__due_on")) | RELAXED
LATE = AFTER_ITS_DATE & ~RELAXED


def reviews_held(scope: Scope, first: date | None = None) -> QuerySet[Review]:
    """Reviews of the looked-after and adoption cycles held in the period, one meeting counted once.

    Where one meeting served both cycles, the review with the earlier due date stands for it: in time only if
    both were. `first` begins the period earlier, for a chart.
    """
    held = Review.objects.held_between(first or scope.period.first, scope.day).filter(cycle__in=COUNTED_CYCLES)
    other = Review.objects.held().filter(
        Q(duty__due_on__lt=OuterRef("duty__due_on"))
        | Q(duty__due_on=OuterRef("duty__due_on"), pk__lt=OuterRef("pk")),
        child=OuterRef("child"),
        held_on=OuterRef("held_on"),
        cycle__in=COUNTED_CYCLES,
    )
    return scope.of(held).filter(~Exists(other))


def held_facts(scope: Scope) -> Facts:
    """Their days and rules, as far back as the page's charts of them go."""
    first = min(scope.period.first, month_starts(scope.day)[0])
    return Facts.read(reviews_held(scope, first), "pk", "duty__due_on", "held_on", "duty__rule")


def held_in_period(scope: Scope) -> Facts:
    """Those of the period."""
    return scope.once(held_facts).only(Q(held_on__gte=scope.period.first))


def in_time_parts(scope: Scope) -> tuple[Part, ...]:
    """C3 and its three kinds; a first, second or later review by the rule it fell due under."""
    first, second = Q(duty__rule__in=FIRST_RULES), Q(duty__rule__in=SECOND_RULES)
    later = DATED & ~first & ~second
    return (
        Part(EVERY, "Reviews held that had a due date", DATED),
        Part("in-time", "Held in time", IN_TIME),
        Part("late", "Held late", LATE),
        Part("first", "First reviews (C3a)", DATED & first),
        Part("first-in-time", "First reviews in time", first & IN_TIME),
        Part("second", "Second reviews (C3b)", DATED & second),
        Part("second-in-time", "Second reviews in time", second & IN_TIME),
        Part("later", "Later reviews (C3c)", later),
        Part("later-in-time", "Later reviews in time", later & IN_TIME),
        Part("relaxed", "Late, but counted in time under the coronavirus regulations", RELAXED & AFTER_ITS_DATE),
        Part("no-date", "Held without a due date, not counted: the review before is not held here", ~DATED),
    )


def with_child_and_duty(scope: Scope, rows: QuerySet[Review]) -> QuerySet[Any]:
    """Each with the child and the duty."""
    return rows.select_related("child", "duty")


def late_by(scope: Scope, row: Review) -> int:
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
    return reviews_held(scope).filter(DATED & LATE)


def with_team(scope: Scope, rows: QuerySet[Review]) -> QuerySet[Any]:
    """Each with the child and the team responsible on the day it was held."""
    team = TeamAllocation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("held_on")),
        child=OuterRef("child"),
        starts_on__lte=OuterRef("held_on"),
    )
    named = rows.annotate(team_name=Subquery(team.order_by("-starts_on").values("team__name")[:1]))
    return named.select_related("child", "duty")


def days_by_review(scope: Scope) -> dict[int, int]:
    """How many working days late each late review was, by its key."""
    late = scope.once(held_in_period).only(DATED & LATE)
    return {
        key: days_late(due, held, scope.calendar) for key, due, held in late.pick("pk", "duty__due_on", "held_on")
    }


def band_parts(scope: Scope) -> tuple[Part, ...]:
    """The late reviews by bands of working days, counted with one calendar."""
    late = scope.once(days_by_review)
    banded = [(band, [pk for pk, days in late.items() if band.holds(days)]) for band in BANDS]
    return (
        Part(EVERY, "Reviews held late", Q(), len(late)),
        *(Part(band.slug, f"{band.label} working days", Q(pk__in=pks), len(pks)) for band, pks in banded),
    )


def late_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
    """How many were late, with the median and the longest, and where most of them were."""
    late = scope.once(days_by_review)
    teams = with_team(scope, Review.objects.filter(pk__in=late)).values_list("team_name", flat=True)
    return Words(
        value=str(len(late)),
        sentence=middle_and_longest(list(late.values())),
        note=_in_one_team([name for name in teams if name], len(late)),
    )


def _in_one_team(teams: list[str], number: int) -> str:
    """ "5 of the 8 in one team (North)" where that is at least half of several; else nothing."""
    name, most = Counter(teams).most_common(1)[0] if teams else ("", 0)
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
    numerator="in-time",
    has_full_target=True,
    facts=held_in_period,
    dressed=with_child_and_duty,
)
DAYS_LATE = Figure(
    slug="days-late",
    code="C6",
    title="Reviews held late",
    definition=(
        "The late reviews of “Reviews in time”, by working days after the due date up to and including the"
        " day held, at least 1."
    ),
    rows=late_reviews,
    parts=band_parts,
    columns=late_columns,
    sorted_by="due",
    words=late_words,
    dressed=with_team,
)
