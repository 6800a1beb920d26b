"""F2: the IRO's ratings."""

from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import TruncQuarter

from accounts.roles import ChildPermission
from dashboards.rules import quarter_starts
from reviews.cells import rag_tag
from reviews.models import Review
from reviews.rules import RAG_CHOICES

from .base import EVERY, Column, Figure, Part, Words, its_duty
from .columns import child_columns, day_column, review_column
from .scope import Scope
from .tally import Tally
from .timeliness import in_period

RATED = tuple(code for code, _ in RAG_CHOICES)


def ratings_held(scope: Scope) -> QuerySet[Review]:
    """Reviews held in the period whose record may be read."""
    return _held_since(scope, scope.period.first)


def _held_since(scope: Scope, first: date) -> QuerySet[Review]:
    return scope.of(Review.objects.held_between(first, scope.day), ChildPermission.READ_RECORD)


def tally_by_quarter(scope: Scope) -> Tally:
    """How many of each rating there were in each quarter, as far back as the page's chart of them goes."""
    rows = _held_since(scope, min(scope.period.first, quarter_starts(scope.day)[0]))
    rows = rows.annotate(quarter=TruncQuarter("held_on"), is_in_period=in_period(scope))
    return Tally.of(rows, "rag", "quarter", "is_in_period")


def tally_in_period(scope: Scope) -> Tally:
    """How many of each rating there were in the period."""
    return scope.once(tally_by_quarter).only({"is_in_period": [True]})


def rating_parts(scope: Scope) -> tuple[Part, ...]:
    """Each rating, out of the reviews rated; the unrated apart."""
    return (
        Part(EVERY, "Reviews rated", {"rag": RATED}),
        *(Part(code.lower(), label, {"rag": [code]}, code=f"F2-{code}") for code, label in RAG_CHOICES),
        Part("unrated", "Not rated, counted apart", {"rag": [""]}),
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
    tally=tally_in_period,
    counted_as="rated",
    words=rating_words,
    is_of_itself=True,
    duty=its_duty,
)
