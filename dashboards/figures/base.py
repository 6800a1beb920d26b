"""What a figure is: a set of rows, the parts it is counted by, and words for both.

A number is the count of a part; the list behind it is the same part of the same rows. So they cannot differ.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.roles import ChildPermission
from children.querysets import VisibleQuerySet
from dashboards.permissions import Reach
from dashboards.rules import Period, share
from timescales import WorkingCalendar

Rows = TypeVar("Rows", bound=VisibleQuerySet)
EVERY = "all"


@dataclass(frozen=True)
class Scope:
    """Whose figures, for when: every set of rows is narrowed by it before anything is counted."""

    user: User
    reach: Reach
    period: Period
    today: date
    calendar: WorkingCalendar
    known: dict[str, Any] = field(default_factory=dict, compare=False)  # what two figures share

    @property
    def day(self) -> date:
        """The day of an on-a-day figure: the period's last, and never after today."""
        return min(self.period.last, self.today)

    def of(self, rows: Rows, permission: ChildPermission = ChildPermission.VIEW) -> Rows:
        """The rows of this authority that this person may see; all of them for a role that reads only numbers."""
        mine = rows.filter(authority_id=self.user.authority_id)
        return mine.visible_to(self.user, permission) if self.reach.has_lists else mine


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


@dataclass(frozen=True)
class Figure:
    """One figure of the register.

    `rows` are what is counted; `parts` divide them, the first being all of them. `numerator` names the part
    set against all; without it the figure is a count. `words` gives value, sentence and target mark where
    "n of d" does not say it.
    """

    slug: str
    code: str
    title: str
    definition: str
    rows: Callable[[Scope], QuerySet[Any]]
    parts: Callable[[Scope, QuerySet[Any]], tuple[Part, ...]]
    columns: Callable[[Scope], list[Column]]
    sorted_by: str
    numerator: str = EVERY
    is_on_a_day: bool = False
    has_full_target: bool = False
    needs_whole_authority: bool = False
    is_about_children: bool = True
    words: Callable[[Scope, tuple[Part, ...], Any], Words] | None = None

    def read(self, scope: Scope) -> Reading:
        """Count every part, in one query where the parts do not know their counts already."""
        rows = self.rows(scope)
        parts = counted(rows, self.parts(scope, rows))
        words = self.words(scope, parts, rows) if self.words else self._plain_words(parts)
        return Reading(self, parts, words)

    @property
    def whole(self) -> str:
        """Name of the part that is every row counted."""
        return EVERY

    def list(self, scope: Scope, slug: str) -> tuple[Part, QuerySet[Any]] | None:
        """The part of this name and exactly the rows it counts; None where there is no such part."""
        rows = self.rows(scope)
        found = next((part for part in self.parts(scope, rows) if part.slug == slug), None)
        return (found, rows.filter(found.where)) if found else None

    def _plain_words(self, parts: tuple[Part, ...]) -> Words:
        counts = {part.slug: part.count or 0 for part in parts}
        all_of_them, some = counts.get(EVERY, 0), counts.get(self.numerator, 0)
        if self.numerator == EVERY:
            return Words(str(all_of_them))
        mark = target_mark(some, all_of_them) if self.has_full_target else None
        return Words(share(some, all_of_them), f"{some} of {all_of_them}", mark=mark)


def counted(rows: QuerySet[Any], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with their counts, by one aggregate over the rows for those that have none yet."""
    unknown = [part for part in parts if part.count is None]
    if not unknown:
        return parts
    asked = {f"part_{index}": Count("pk", filter=part.where or None) for index, part in enumerate(unknown)}
    answers = rows.order_by().aggregate(**asked)
    found = {part.slug: answers[f"part_{index}"] for index, part in enumerate(unknown)}
    return tuple(replace(part, count=found.get(part.slug, part.count)) for part in parts)


def target_mark(numerator: int, denominator: int) -> tuple[str, str] | None:
    """Where a share stands against a duty that knows no exception; nothing when there is nothing to measure."""
    if not denominator:
        return None
    return ("Target met: 100%", "good") if numerator == denominator else ("Below 100%", "bad")
