"""What a figure is: a set of rows, the parts it is counted by, and words for both.

A number is the count of a part; the list behind it is the same part of the same rows. So they cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from authorities.words import say
from children.models import Child
from children.querysets import IsOneOf, VisibleQuerySet, is_about
from dashboards.permissions import Reach
from dashboards.rules import Period, share
from timescales import WorkingCalendar

from .matching import Facts, names

Rows = TypeVar("Rows", bound=VisibleQuerySet)
Answer = TypeVar("Answer")
EVERY = "all"


@dataclass(frozen=True)
class Scope:
    """Whose figures, for when, in whose words: every set of rows is narrowed by it before anything is counted."""

    viewer: Viewer
    reach: Reach
    period: Period
    today: date
    calendar: WorkingCalendar
    words: Mapping[str, str]
    known: dict[object, Any] = field(default_factory=dict, compare=False)  # what `once` found

    @property
    def authority_id(self) -> int:
        """The authority whose figures they are."""
        return self.viewer.user.authority_id

    @property
    def day(self) -> date:
        """The day of an on-a-day figure: the period's last, and never after today."""
        return min(self.period.last, self.today)

    def of(self, rows: Rows, permission: ChildPermission = ChildPermission.VIEW) -> Rows:
        """The rows of this authority that this person may see; all of them for a role that reads only numbers."""
        whose = [self.may(permission)] if self.reach.has_lists else []
        return rows.filter(*whose, authority_id=self.authority_id)

    def may(self, permission: ChildPermission) -> IsOneOf:
        """That a row is about a child this person may see or do this to: asked once, since every figure needs it."""
        if permission is ChildPermission.READ_RECORD and self.reach.reads_all_it_sees:
            permission = ChildPermission.VIEW
        if permission not in self.known:
            visible = Child.objects.visible_to(self.viewer, permission)
            self.known[permission] = is_about(list(visible.values_list("pk", flat=True)))
        found: IsOneOf = self.known[permission]
        return found

    def say(self, text: str) -> str:
        """The text with its places filled by the authority's words."""
        return say(text, self.words)

    def once(self, read: Callable[["Scope"], Answer]) -> Answer:
        """What `read` finds for this scope, asked once however many figures need it."""
        if read not in self.known:
            self.known[read] = read(self)
        found: Answer = self.known[read]
        return found


@dataclass(frozen=True)
class Part:
    """Some of a figure's rows: those that meet `where`. `count` is given where it is known without asking."""

    slug: str
    label: str
    where: Q = field(default_factory=Q)
    count: int | None = None


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
        return next((part.count or 0 for part in self.parts if part.slug == slug), 0)

    @property
    def numerator(self) -> int:
        return self.of(self.figure.numerator)

    @property
    def denominator(self) -> int:
        return self.of(EVERY)


def with_child(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with the child each is about, in the same query."""
    return rows.select_related("child")


@dataclass(frozen=True)
class Figure:
    """One figure of the register. Its title and definition have places for the authority's words until `said`.

    `rows` are what is counted; `parts` divide them, the first being all of them. `numerator` names the part
    set against all; without it the figure is a count. `words` gives value, sentence and target mark where
    "n of d" does not say it. `facts` are the same rows as plain values, where figures share one reading of
    them. `dressed` adds to the rows what only the list shows.
    """

    slug: str
    code: str
    title: str
    definition: str
    rows: Callable[[Scope], QuerySet[Any]]
    parts: Callable[[Scope], tuple[Part, ...]]
    columns: Callable[[Scope], list[Column]]
    sorted_by: str
    numerator: str = EVERY
    is_on_a_day: bool = False
    has_full_target: bool = False
    needs_whole_authority: bool = False
    is_about_children: bool = True
    words: Callable[[Scope, tuple[Part, ...]], Words] | None = None
    facts: Callable[[Scope], Facts] | None = None
    dressed: Callable[[Scope, QuerySet[Any]], QuerySet[Any]] = with_child

    def read(self, scope: Scope) -> Reading:
        """Count every part and say it in words."""
        parts = self.counted_parts(scope)
        return Reading(self.said(scope), parts, self.words(scope, parts) if self.words else self._plain_words(parts))

    def said(self, scope: Scope) -> "Figure":
        """The same figure with its title and definition in the authority's words."""
        return replace(self, title=scope.say(self.title), definition=scope.say(self.definition))

    def counted_parts(self, scope: Scope) -> tuple[Part, ...]:
        """Every part with its count, in one reading of the rows where they do not know it already."""
        parts = self.parts(scope)
        if all(part.count is not None for part in parts):
            return parts
        return counted(scope.once(self.facts) if self.facts else plain(self.rows(scope), parts), parts)

    @property
    def whole(self) -> str:
        """Name of the part that is every row counted."""
        return EVERY

    def list(self, scope: Scope, slug: str) -> tuple[Part, QuerySet[Any]] | None:
        """The part of this name and exactly the rows it counts; None where there is no such part."""
        found = next((part for part in self.parts(scope) if part.slug == slug), None)
        return (found, self.dressed(scope, self.rows(scope).filter(found.where))) if found else None

    def _plain_words(self, parts: tuple[Part, ...]) -> Words:
        counts = {part.slug: part.count or 0 for part in parts}
        all_of_them, some = counts.get(EVERY, 0), counts.get(self.numerator, 0)
        if self.numerator == EVERY:
            return Words(str(all_of_them))
        mark = target_mark(some, all_of_them) if self.has_full_target else None
        return Words(share(some, all_of_them), f"{some} of {all_of_them}", mark=mark)


def plain(rows: QuerySet[Any], parts: tuple[Part, ...]) -> Facts:
    """The rows as plain values of the columns the parts look at."""
    looked_at = set[str]().union(*(names(part.where) for part in parts))
    return Facts.read(rows, *sorted(looked_at or {"pk"}))


def counted(facts: Facts, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with their counts, those that knew theirs unchanged."""
    return tuple(replace(part, count=facts.count(part.where)) if part.count is None else part for part in parts)


def target_mark(numerator: int, denominator: int) -> tuple[str, str] | None:
    """Where a share stands against a duty that knows no exception; nothing when there is nothing to measure."""
    if not denominator:
        return None
    return ("Target met: 100%", "good") if numerator == denominator else ("Below 100%", "bad")
