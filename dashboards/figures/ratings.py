"""F2: the IRO's ratings."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.roles import ChildPermission
from dashboards.rules import quarter_starts
from reviews.cells import rag_tag
from reviews.models import Review
from reviews.rules import RAG_CHOICES

from .base import EVERY, Column, Figure, Part, Scope, Words
from .columns import child_columns, day_column, review_column
from .matching import Facts

RATED = ~Q(rag="")


def ratings_held(scope: Scope, first: date | None = None) -> QuerySet[Review]:
    """Reviews held in the period whose record this person may read. `first` begins the period earlier."""
    held = Review.objects.held_between(first or scope.period.first, scope.day)
    return scope.of(held, ChildPermission.READ_RECORD)


def rating_facts(scope: Scope) -> Facts:
    """Their days and ratings, as far back as the page's chart of them goes."""
    first = min(scope.period.first, quarter_starts(scope.day)[0])
    return Facts.read(ratings_held(scope, first), "held_on", "rag")


def ratings_in_period(scope: Scope) -> Facts:
    """Those of the period."""
    return scope.once(rating_facts).only(Q(held_on__gte=scope.period.first))


def rating_parts(scope: Scope) -> tuple[Part, ...]:
    """Each rating, out of the reviews rated; the unrated apart."""
    return (
        Part(EVERY, "Reviews rated", RATED),
        *(Part(code.lower(), label, Q(rag=code)) for code, label in RAG_CHOICES),
        Part("unrated", "Not rated, counted apart", ~RATED),
    )


def rating_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
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
    facts=ratings_in_period,
)
