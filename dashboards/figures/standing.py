"""A1, C4 and the overdue list: what stood on a day, worked out from the reviews held by then."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from children.models import Allocation
from dashboards.rules import share
from duties.kinds import REVIEW
from duties.querysets import owed_on
from reviews.models import Review
from timescales import days_late

from .base import EVERY, Column, Figure, Part, Words, its_duty, target_mark
from .columns import child_columns, day_column, review_column
from .looked_after import (
    LOOKED_AFTER,
    SHORT_BREAKS_ONLY,
    care_columns,
    in_caseload,
    standing_duty,
    tally_of_caseload,
    with_standing_date,
)
from .scope import Scope
from .tally import Tally

STANDINGS = (
    ("up-to-date", "Review up to date"),
    ("passed", "Due date has passed"),
    ("not-known", "Not known: earlier history is not held here"),
)


def looked_after_parts(scope: Scope) -> tuple[Part, ...]:
    """A1, with the children only on short breaks apart."""
    return (
        Part(EVERY, scope.say("{Children_looked_after}"), LOOKED_AFTER),
        Part("short-breaks", "Children only on short breaks, counted apart", SHORT_BREAKS_ONLY),
    )


def up_to_date_parts(scope: Scope) -> tuple[Part, ...]:
    """C4: every child of A1 is in exactly one of the three."""
    return (
        Part(EVERY, scope.say("{Children_looked_after}"), LOOKED_AFTER),
        *(Part(review, label, LOOKED_AFTER | {"review": [review]}) for review, label in STANDINGS),
    )


def up_to_date_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
    """n of d, with the children not known said apart."""
    if scope.is_after_what_is_known:
        return not_known_words(scope)
    counts = {part.slug: part.count or 0 for part in parts}
    some, all_of_them, unknown = counts["up-to-date"], counts[EVERY], counts["not-known"]
    apart = f"; {unknown} not known" if unknown else ""
    return Words(share(some, all_of_them), f"{some} of {all_of_them}{apart}", mark=target_mark(some, all_of_them))


def not_known_words(scope: Scope) -> Words:
    """That nothing is known of how reviews stood that day, and up to when it is."""
    return Words("Not known", f"Returns are read to {scope.known_in_words}, and no review held since is known here.")


def overdue_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
    """How many, or that it is not known."""
    return not_known_words(scope) if scope.is_after_what_is_known else Words(str(parts[0].count))


def overdue(scope: Scope) -> QuerySet[Any]:
    """Reviews of every cycle that stood past their due date, of children looked after that day.

    Kind and authority are asked of the duty too, though the review says as much: its indexes begin with them.
    """
    in_care_then = Q(care_period__ends_on__isnull=True) | Q(care_period__ends_on__gt=scope.day)
    between_breaks = Q(cycle=Review.Cycle.SHORT_BREAK)  # a series goes on between its breaks
    late = Review.objects.filter(
        in_care_then | between_breaks,
        owed_on(scope.day, "duty__"),
        duty__authority_id=scope.authority_id,
        duty__kind=REVIEW.code,
        duty__due_on__lt=scope.day,
        care_period__starts_on__lte=scope.day,
    )
    return scope.of(late.none() if scope.is_after_what_is_known else late)


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
            Part(_slug(cycle), f"{label.capitalize()} reviews", {"cycle": [cycle]})
            for cycle, label in Review.Cycle.choices
        ),
    )


def tally_overdue(scope: Scope) -> Tally:
    """How many of each cycle."""
    return Tally.of(overdue(scope), "cycle")


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


def _late(scope: Scope, row: Any) -> int:
    return days_late(row.duty.due_on, scope.day, scope.calendar) if row.duty.due_on else 0


def iro_name(row: object) -> str:
    """The name of the IRO annotated on a row, or that there is none."""
    parts = (getattr(row, "iro_given_name", None), getattr(row, "iro_family_name", None))
    return " ".join(part for part in parts if part) or "None"


def up_to_date_columns(scope: Scope) -> list[Column]:
    """Child, and the due date that stood that day."""
    return [*care_columns(scope), day_column("due", "Due by, as it stood that day", "standing_due_on")]


LOOKED_AFTER_CHILDREN = Figure(
    slug="children-looked-after",
    code="A1",
    title="{Children_looked_after}",
    definition=(
        "Children with an open care period on the day: begun by then, and not ended or ended later. Children only"
        " on short breaks (legal status V3 or V4) are counted apart."
    ),
    rows=in_caseload,
    parts=looked_after_parts,
    columns=care_columns,
    sorted_by="child",
    tally=tally_of_caseload,
    counted_as="{children_looked_after}",
    is_on_a_day=True,
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
    rows=in_caseload,
    parts=up_to_date_parts,
    columns=up_to_date_columns,
    sorted_by="due",
    tally=tally_of_caseload,
    counted_as="up to date",
    numerator="up-to-date",
    is_on_a_day=True,
    has_full_target=True,
    is_of_what_is_known=True,
    words=up_to_date_words,
    dressed=with_standing_date,
    duty=standing_duty,
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
    tally=tally_overdue,
    counted_as="overdue",
    is_on_a_day=True,
    is_of_what_is_known=True,
    words=overdue_words,
    dressed=with_iro_now,
    duty=its_duty,
)
