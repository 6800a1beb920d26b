"""Children looked after on a day, with what their figures ask of each: one reading serves them all."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from children.models import Allocation, CarePeriod, Episode
from reviews.models import Review
from reviews.querysets import ReviewQuerySet

from .base import Column, Scope
from .columns import child_columns, day_column
from .matching import Facts
from .timeliness import COUNTED_CYCLES

SHORT_BREAKS_ONLY = Q(is_short_break=True)
LOOKED_AFTER = Q(is_short_break=False)


def short_breaks_on(day: date) -> QuerySet[Episode]:
    """The short-break episode a care period stood on that day, for a subquery over care periods."""
    standing = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    return Episode.objects.short_breaks().filter(standing, starts_on__lte=day, care_period=OuterRef("pk"))


def standing_reviews(day: date) -> ReviewQuerySet:
    """Reviews that stood open on the day: begun by reviews held by then, themselves not yet held or cancelled."""
    standing: ReviewQuerySet = Review.objects.filter(
        Q(duty__runs_from_on__isnull=True) | Q(duty__runs_from_on__lte=day),
        Q(held_on__isnull=True) | Q(held_on__gt=day),
        Q(duty__closed_on__isnull=True) | Q(duty__closed_on__gt=day),
    )
    return standing


def iro_allocations(day: date) -> QuerySet[Allocation]:
    """IRO allocations of the child of a care period that stood that day, for a subquery."""
    return Allocation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day),
        child=OuterRef("child"),
        kind=Allocation.Kind.IRO,
        starts_on__lte=day,
    ).order_by("-starts_on")


def looked_after(scope: Scope) -> QuerySet[Any]:
    """Care periods open on the day, one for each child, knowing whether the child is only on short breaks."""
    periods = scope.of(CarePeriod.objects.open_on(scope.day))
    return periods.annotate(is_short_break=Exists(short_breaks_on(scope.day)))


def with_standing_date(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the earliest last lawful day that stood on the day, if one was known."""
    dated = standing_reviews(scope.day).filter(
        care_period=OuterRef("pk"), cycle__in=COUNTED_CYCLES, duty__due_on__isnull=False
    )
    return rows.annotate(standing_due_on=Subquery(dated.order_by("duty__due_on").values("duty__due_on")[:1]))


def with_allocation(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each knowing whether an IRO was allocated that day."""
    return rows.annotate(is_allocated=Exists(iro_allocations(scope.day)))


def _facts(scope: Scope) -> Facts:
    rows = with_allocation(scope, with_standing_date(scope, looked_after(scope)))
    return Facts.read(rows, "is_short_break", "standing_due_on", "is_allocated")


def everybody(scope: Scope) -> Facts:
    """Every child looked after on the day, those only on short breaks too, as plain values read once."""
    return scope.once(_facts)


def without_short_breaks(scope: Scope) -> Facts:
    """The children of A1, likewise."""
    return everybody(scope).only(LOOKED_AFTER)


def care_columns(scope: Scope) -> list[Column]:
    """Child, and since when looked after."""
    return [*child_columns(scope.day), day_column("since", "Looked after since", "starts_on")]
