"""A1, C4 and the overdue list: what stood on a day, worked out from the reviews held by then."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from children.models import Allocation
from dashboards.rules import share
from reviews.models import Review
from timescales import days_late

from .base import EVERY, Column, Figure, Part, Scope, Words, target_mark
from .columns import child_columns, day_column, review_column
from .looked_after import (
    LOOKED_AFTER,
    SHORT_BREAKS_ONLY,
    care_columns,
    everybody,
    looked_after,
    standing_reviews,
    with_standing_date,
    without_short_breaks,
)


def looked_after_parts(scope: Scope) -> tuple[Part, ...]:
    """A1, with the children only on short breaks apart."""
    return (
        Part(EVERY, scope.say("{Children_looked_after}"), LOOKED_AFTER),
        Part("short-breaks", "Children only on short breaks, counted apart", SHORT_BREAKS_ONLY),
    )


def children_by_review(scope: Scope) -> QuerySet[Any]:
    """The children of A1, each with the last lawful day that stood on the day."""
    return with_standing_date(scope, looked_after(scope).filter(LOOKED_AFTER))


def up_to_date_parts(scope: Scope) -> tuple[Part, ...]:
    """C4: every child of A1 is in exactly one of the three."""
    return (
        Part(EVERY, scope.say("{Children_looked_after}")),
        Part("up-to-date", "Review up to date", Q(standing_due_on__gte=scope.day)),
        Part("passed", "Due date has passed", Q(standing_due_on__lt=scope.day)),
        Part("not-known", "Not known: earlier history is not held here", Q(standing_due_on__isnull=True)),
    )


def up_to_date_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
    """n of d, with the children not known said apart."""
    counts = {part.slug: part.count or 0 for part in parts}
    some, all_of_them, unknown = counts["up-to-date"], counts[EVERY], counts["not-known"]
    apart = f"; {unknown} not known" if unknown else ""
    return Words(share(some, all_of_them), f"{some} of {all_of_them}{apart}", mark=target_mark(some, all_of_them))


def overdue(scope: Scope) -> QuerySet[Any]:
    """Reviews of every cycle that stood past their last lawful day, of children looked after that day."""
    still = Q(care_period__ends_on__isnull=True) | Q(care_period__ends_on__gt=scope.day)
    late = standing_reviews(scope.day).filter(
        still, duty__due_on__lt=scope.day, care_period__starts_on__lte=scope.day
    )
    return scope.of(late)


def with_iro_now(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the child and the name of the IRO who holds it now."""
    iro = Allocation.objects.live().filter(child=OuterRef("child"), kind=Allocation.Kind.IRO)
    return rows.annotate(
        iro_given_name=Subquery(iro.values("user__first_name")[:1]),
        iro_family_name=Subquery(iro.values("user__last_name")[:1]),
    ).select_related("child", "duty")


def overdue_parts(scope: Scope) -> tuple[Part, ...]:
    """The overdue reviews by cycle."""
    return (
        Part(EVERY, "Overdue reviews"),
        *(
            Part(_slug(cycle), f"{label.capitalize()} reviews", Q(cycle=cycle))
            for cycle, label in Review.Cycle.choices
        ),
    )


def _slug(code: str) -> str:
    return code.lower().replace("_", "-")


def overdue_columns(scope: Scope) -> list[Column]:
    """Child, review, how late today, whether booked, whose it is."""
    return [
        *child_columns(scope.day),
        review_column(),
        day_column("due", "Due by", "duty__due_on"),
        Column("late", "Working days late", lambda row: _late(scope, row), is_number=True),
        day_column("booked", "Booked for", "duty__planned_for_on"),
        Column("iro", "IRO now", iro_name, sort=("iro_family_name", "iro_given_name")),
    ]


def _late(scope: Scope, row: Review) -> int:
    return days_late(row.duty.due_on, scope.day, scope.calendar) if row.duty.due_on else 0


def iro_name(row: object) -> str:
    """The name of the IRO annotated on a row, or that there is none."""
    parts = (getattr(row, "iro_given_name", None), getattr(row, "iro_family_name", None))
    return " ".join(part for part in parts if part) or "None"


def up_to_date_columns(scope: Scope) -> list[Column]:
    """Child, and the last lawful day that stood that day."""
    return [*care_columns(scope), day_column("due", "Due date that stood", "standing_due_on")]


LOOKED_AFTER_CHILDREN = Figure(
    slug="children-looked-after",
    code="A1",
    title="{Children_looked_after}",
    definition=(
        "Children with an open care period on the day: begun by then, and not ended or ended later. Children only"
        " on short breaks (legal status V3 or V4) are counted apart."
    ),
    rows=looked_after,
    parts=looked_after_parts,
    columns=care_columns,
    sorted_by="child",
    is_on_a_day=True,
    facts=everybody,
)
UP_TO_DATE = Figure(
    slug="review-up-to-date",
    code="C4",
    title="Children with an up-to-date review",
    definition=(
        "{Children_looked_after} on the day whose due date, worked out from the reviews held by then, was that"
        " day or later. Out of all {children_looked_after} that day; those whose date is not known are shown apart."
        " This is a count of children on one day, not of reviews held in time."
    ),
    rows=children_by_review,
    parts=up_to_date_parts,
    columns=up_to_date_columns,
    sorted_by="due",
    numerator="up-to-date",
    is_on_a_day=True,
    has_full_target=True,
    words=up_to_date_words,
    facts=without_short_breaks,
)
OVERDUE = Figure(
    slug="overdue-reviews",
    code="",
    title="Reviews overdue",
    definition=(
        "Reviews of every cycle, short breaks too, whose due date was before the day and which had not been"
        " held by then, of {children_looked_after} that day."
    ),
    rows=overdue,
    parts=overdue_parts,
    columns=overdue_columns,
    sorted_by="due",
    is_on_a_day=True,
    dressed=with_iro_now,
)
