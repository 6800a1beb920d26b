"""Children in the caseload on a day, looked after or on short breaks, and what their figures ask of each."""

from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from children.models import Allocation, CarePeriod, Episode
from duties.kinds import REVIEW
from duties.models import Duty
from duties.querysets import IS_OPEN, DutyQuerySet, owed_on
from reviews.models import Review

from .base import Column
from .columns import child_columns, day_column
from .scope import Scope
from .tally import Tally

COUNTED_CYCLES = (Review.Cycle.CARE, Review.Cycle.ADOPTION)
SHORT_BREAKS_ONLY = {"is_in_care": [True], "is_short_break": [True]}
LOOKED_AFTER = {"is_in_care": [True], "is_short_break": [False]}
BETWEEN_BREAKS = {"is_in_care": [False]}
ALLOCATED, UNALLOCATED = {"is_allocated": [True]}, {"is_allocated": [False]}


def short_breaks_on(day: date, care_period: str = "pk") -> QuerySet[Episode]:
    """The short-break episode a care period stood on that day, for a subquery over what has one."""
    standing = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    return Episode.objects.short_breaks().filter(standing, starts_on__lte=day, care_period=OuterRef(care_period))


def short_break_series(authority_id: int) -> DutyQuerySet:
    """The reviews of series of short breaks, each of which goes on between its breaks while one is owed."""
    reviews: DutyQuerySet = Duty.objects.of_kind(REVIEW.code)
    return reviews.filter(authority_id=authority_id, series=Review.Cycle.SHORT_BREAK)


def between_breaks(scope: Scope) -> QuerySet[CarePeriod]:
    """The last break of each child who was between two of a series on the day; the next due may have no date."""
    going_on = owed_on(scope.day) | Q(**IS_OPEN, runs_from_on__isnull=True)
    later = CarePeriod.objects.filter(
        child=OuterRef("child"), starts_on__gt=OuterRef("starts_on"), starts_on__lte=scope.day
    )
    owed = short_break_series(scope.authority_id).filter(going_on)
    return CarePeriod.objects.filter(~Exists(later), ends_on__lte=scope.day, child__in=owed.values("child"))


def iro_allocations(day: date) -> QuerySet[Allocation]:
    """IRO allocations of the child of a care period that stood that day, for a subquery."""
    return Allocation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day),
        child=OuterRef("child"),
        kind=Allocation.Kind.IRO,
        starts_on__lte=day,
    ).order_by("-starts_on")


def standing_reviews(day: date) -> QuerySet[Review]:
    """The reviews a care period owed on the day, the earliest due first, for a subquery over care periods."""
    owed = Review.objects.filter(
        owed_on(day, "duty__"), care_period=OuterRef("pk"), cycle__in=COUNTED_CYCLES, duty__due_on__isnull=False
    )
    return owed.order_by("duty__due_on", "pk")


def in_caseload(scope: Scope) -> QuerySet[Any]:
    """Care periods open on the day, and of children between short breaks the last: one for each child.

    Each says whether it is open, on short breaks only, with an IRO, and how the review stands: that with the earliest
    due date that stood on the day; "not-known" where none was known.
    """
    is_open = Q(ends_on__isnull=True) | Q(ends_on__gt=scope.day)
    begun = CarePeriod.objects.filter(starts_on__lte=scope.day)
    passed = Case(When(duty__due_on__lt=scope.day, then=Value("passed")), default=Value("up-to-date"))
    standing = standing_reviews(scope.day).annotate(standing=passed).values("standing")
    if scope.is_after_what_is_known:
        standing = standing.none()
    return scope.of(begun.filter(is_open | Q(pk__in=between_breaks(scope).values("pk")))).annotate(
        is_in_care=ExpressionWrapper(is_open, output_field=BooleanField()),
        is_short_break=Exists(short_breaks_on(scope.day)),
        is_allocated=Exists(iro_allocations(scope.day)),
        review=Coalesce(Subquery(standing[:1]), Value("not-known")),
    )


def tally_of_caseload(scope: Scope) -> Tally:
    """How many children there are of each: one statement for every figure of children on the day."""
    return Tally.of(in_caseload(scope), "is_in_care", "is_short_break", "is_allocated", "review")


def with_standing_date(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the child and the due date of that review."""
    due_on = Subquery(standing_reviews(scope.day).values("duty__due_on")[:1])
    return rows.annotate(standing_due_on=due_on).select_related("child")


def standing_duty(scope: Scope) -> Subquery:
    """The duty of that review."""
    return Subquery(standing_reviews(scope.day).values("duty__uuid")[:1])


def care_columns(scope: Scope) -> list[Column]:
    """Child, and since when looked after."""
    return [*child_columns(scope.day), day_column("since", "Looked after since", "starts_on")]
