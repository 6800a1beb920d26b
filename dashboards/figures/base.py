"""What a figure is: a set of rows, the parts it is counted by, and words for both.

The rows bear the columns that matter, worked out by the database: was it late, had the child an IRO. A part chooses
values of those columns. Its number and its list are the same choice, so they differ only if the data changed between.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Subquery, UUIDField, Value

from dashboards.permissions import Reach
from dashboards.rules import share

from .scope import Scope
from .tally import Chosen, Tally, is_picked, pick

EVERY = "all"
Duty = Value | F | Subquery  # the uuid of a duty, as a query asks for it
NO_DUTY = Value(None, output_field=UUIDField(null=True))


@dataclass(frozen=True)
class Part:
    """Some of a figure's rows: those with the values `chosen`. `count` is how many, once they are counted.

    A part with a `code` is answered as a figure of its own, as a share of the part named `of`.
    """

    slug: str
    label: str
    chosen: Chosen = field(default_factory=dict)
    count: int | None = None
    code: str = ""
    of: str = EVERY


@dataclass(frozen=True)
class Column:
    """One column of the list behind a figure, on the screen and in the download.

    `value` is the plain value (text, a number, a day); `cell` draws it on the screen where that differs.
    """

    key: str
    header: str
    value: Callable[[Any], Any]
    cell: Callable[[Any], object] | None = None
    sort: str | tuple[str, ...] | None = None
    is_number: bool = False


@dataclass(frozen=True)
class Words:
    """How a figure says its counts: the large value, the sentence beside it, the mark against a target."""

    value: str
    sentence: str = ""
    note: str = ""
    mark: tuple[str, str] | None = None


@dataclass(frozen=True)
class Reading:
    """A figure read for one scope: the count of each part, and how the page says it."""

    figure: "Figure"
    parts: tuple[Part, ...]
    words: Words

    def of(self, slug: str) -> int:
        """The count of one part; 0 where the part does not occur."""
        return count_of(self.parts, slug)

    @property
    def numerator(self) -> int:
        return self.of(self.figure.numerator)

    @property
    def denominator(self) -> int:
        return self.of(EVERY)


def count_of(parts: tuple[Part, ...], slug: str) -> int:
    """The count of the part of this name; 0 where there is none such."""
    return next((part.count or 0 for part in parts if part.slug == slug), 0)


def with_child(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with the child each is about, in the same query."""
    return rows.select_related("child")


def no_duty(scope: Scope) -> Duty:
    """For rows that no single duty is behind."""
    return NO_DUTY


def its_duty(scope: Scope) -> Duty:
    """The duty the row itself holds."""
    return F("duty__uuid")


@dataclass(frozen=True)
class Figure:
    """One figure of the register. Its title and definition have places for the authority's words until `said`.

    `rows` are what is counted; `parts` divide them, the first being all of them, and `tally` counts them, which
    several figures may share. `numerator` names the part set against all; without it the figure is a count, which
    `is_of_itself` where its parts are shares of it. `counted_as` is what a row of the numerator is: "in time".
    `per` gives what the count is divided by where that is no count itself. `words` gives value, sentence and target
    mark where "n of d" does not say it. `dressed` adds to the rows what only the list shows; `duty` is the uuid of
    the duty behind a row. One that `is_of_what_is_known` says nothing of a day after that.
    """

    slug: str
    code: str
    title: str
    definition: str
    rows: Callable[[Scope], QuerySet[Any]]
    parts: Callable[[Scope], tuple[Part, ...]]
    columns: Callable[[Scope], list[Column]]
    sorted_by: str
    tally: Callable[[Scope], Tally]
    counted_as: str
    numerator: str = EVERY
    is_of_itself: bool = False
    is_on_a_day: bool = False
    has_full_target: bool = False
    is_of_what_is_known: bool = False
    needs_whole_authority: bool = False
    is_about_children: bool = True
    words: Callable[[Scope, tuple[Part, ...]], Words] | None = None
    per: Callable[[Scope], Decimal] | None = None
    dressed: Callable[[Scope, QuerySet[Any]], QuerySet[Any]] = with_child
    duty: Callable[[Scope], Duty] = no_duty

    def is_for(self, reach: Reach) -> bool:
        """Whether the figure says anything for what these roles reach."""
        return reach.is_authority_wide or not self.needs_whole_authority

    def read(self, scope: Scope) -> Reading:
        """Count every part and say it in words."""
        parts = self.counted_parts(scope)
        return Reading(self.said(scope), parts, self.words(scope, parts) if self.words else self._plain_words(parts))

    def counted_parts(self, scope: Scope) -> tuple[Part, ...]:
        """Every part with its count."""
        tally = scope.once(self.tally)
        return tuple(replace(part, count=tally.total(part.chosen)) for part in self.parts(scope))

    def counted_of(self, scope: Scope, part: Part) -> tuple[int, int]:
        """How many rows of a part the figure's number counts, and how many the part has."""
        rows = scope.once(self.tally).only(part.chosen)
        return rows.total(self._chosen(scope)), rows.total({})

    def said(self, scope: Scope) -> "Figure":
        """The same figure in the authority's words."""
        return replace(
            self,
            title=scope.say(self.title),
            definition=scope.say(self.definition),
            counted_as=scope.say(self.counted_as),
        )

    @property
    def whole(self) -> str:
        """Name of the part that is every row counted."""
        return EVERY

    def list(self, scope: Scope, slug: str) -> tuple[Part, QuerySet[Any]] | None:
        """The part of this name and exactly the rows it counts; None where there is no such part.

        Each row says whether the figure's number counts it: `is_counted`.
        """
        found = next((part for part in self.parts(scope) if part.slug == slug), None)
        if found is None:
            return None
        rows = self.rows_of(scope, found).annotate(is_counted=is_picked(self._chosen(scope)))
        return found, self.dressed(scope, rows)

    def rows_of(self, scope: Scope, part: Part) -> QuerySet[Any]:
        """The rows that one part counts."""
        return pick(self.rows(scope), part.chosen)

    def _chosen(self, scope: Scope) -> Chosen:
        """The rows that the figure's number counts."""
        return next(part.chosen for part in self.parts(scope) if part.slug == self.numerator)

    def _plain_words(self, parts: tuple[Part, ...]) -> Words:
        all_of_them, some = count_of(parts, EVERY), count_of(parts, self.numerator)
        if self.numerator == EVERY:
            return Words(str(all_of_them))
        mark = target_mark(some, all_of_them) if self.has_full_target else None
        return Words(share(some, all_of_them), f"{some} of {all_of_them}", mark=mark)


def target_mark(numerator: int, denominator: int) -> tuple[str, str] | None:
    """Where a share stands against a duty that knows no exception; nothing when there is nothing to measure."""
    if not denominator:
        return None
    return ("Target met: 100%", "good") if numerator == denominator else ("Below 100%", "bad")
