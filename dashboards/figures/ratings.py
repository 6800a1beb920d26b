"""F2: the IRO's ratings."""

from django.db.models import Q, QuerySet

from accounts.roles import ChildPermission
from reviews.models import Review
from reviews.rules import RAG_CHOICES

from .base import EVERY, Column, Figure, Part, Scope, Words
from .columns import child_columns, day_column, rag_tag, review_column

RATED = ~Q(rag="")


def ratings_held(scope: Scope) -> QuerySet[Review]:
    """Reviews held in the period whose record this person may read."""
    held = Review.objects.held_between(scope.period.first, scope.day)
    return scope.of(held, ChildPermission.READ_RECORD).select_related("child")


def rating_parts(scope: Scope, rows: QuerySet[Review]) -> tuple[Part, ...]:
    """Each rating, out of the reviews rated; the unrated apart."""
    return (
        Part(EVERY, "Reviews rated", RATED),
        *(Part(code.lower(), label, Q(rag=code)) for code, label in RAG_CHOICES),
        Part("unrated", "Not rated, counted apart", ~RATED),
    )


def rating_words(scope: Scope, parts: tuple[Part, ...], rows: object) -> Words:
    """Red, Amber and Green of the reviews rated."""
    counts = {part.slug: part.count or 0 for part in parts}
    said = ", ".join(f"{counts[code.lower()]} {label}" for code, label in reversed(RAG_CHOICES))
    return Words(str(counts[EVERY]), f"{said}; {counts['unrated']} not rated")


def rating_columns(scope: Scope) -> list[Column]:
    """Child, review, when held, rating."""
    return [
        *child_columns(scope.day),
        review_column(),
        day_column("held", "Held on", "held_on"),
        Column("rag", "Rating", lambda row: row.get_rag_display(), lambda row: rag_tag(row.rag), sort="rag"),
    ]


RATINGS = Figure(
    slug="ratings",
    code="F2",
    title="Reviews rated",
    definition=(
        "Reviews held in the period by the IRO's rating, out of those rated. Reviews not rated, such as those that"
        " came from a return, are shown apart."
    ),
    rows=ratings_held,
    parts=rating_parts,
    columns=rating_columns,
    sorted_by="held",
    words=rating_words,
)
