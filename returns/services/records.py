"""What is held of the children a return speaks of, fetched once, beside what the return says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from authorities.models import Authority
from children.models import CarePeriod, Child, Episode
from reviews.models import Review
from reviews.rules import NOT_KNOWN
from timescales import EARLIER_HISTORY_NOT_HELD

from .. import rules
from ..checking import Bad, Values, checked
from ..reading import Row, TableFile
from ..report import FileCount, Report
from .batches import by_child

KEYS = {  # what makes a row of a table that row, by column
    "Header": ("CHILD",),
    "UASC": ("CHILD",),
    "Episodes": ("CHILD", "DECOM"),
    "Missing": ("CHILD", "MISSING", "MIS_START"),
    "PlacedAdoption": ("CHILD", "DATE_PLACED"),
    "Reviews": ("CHILD", "REVIEW"),
}
UNKNOWN_HISTORY = (NOT_KNOWN, EARLIER_HISTORY_NOT_HELD.code)


@dataclass(frozen=True)
class Entry:
    """One data row with its checked values, and the file that counts it."""

    file: FileCount
    row: Row
    values: Values


@dataclass
class Records:
    """The children of a return and what hangs on them, in memory for the length of one reading."""

    authority: Authority
    year: int
    is_latest: bool
    today: date
    at: datetime
    report: Report
    children: dict[str, Child] = field(default_factory=dict)
    periods: dict[int, list[CarePeriod]] = field(default_factory=dict)
    episodes: dict[int, dict[date, Episode]] = field(default_factory=dict)
    reviews: dict[int, list[Review]] = field(default_factory=dict)

    def fetch(self, references: Iterable[str], history_from: date | None) -> None:
        """Fetch and lock what is held of these children, and of those whose unknown history may become known."""
        mine = Child.objects.filter(authority=self.authority)
        keys = set(mine.filter(reference__in=set(references)).values_list("pk", flat=True))
        if history_from is None or rules.year_starts_on(self.year) < history_from:
            unknown = Review.objects.open().filter(rule__in=UNKNOWN_HISTORY)
            keys |= set(mine.filter(reviews__in=unknown).values_list("pk", flat=True))
        # Children first, in the order of their keys: whoever records a review holds its child too, so afterwards
        # no review can be added unseen.
        children = Child.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        self.children = {child.reference: child for child in children}
        ids = [child.pk for child in self.children.values()]
        periods = CarePeriod.objects.filter(child__in=ids).order_by("starts_on", "pk")
        self.periods = by_child(periods.select_for_update(no_key=True))
        for child, held in by_child(Episode.objects.filter(child__in=ids)).items():
            self.episodes[child] = {episode.starts_on: episode for episode in held}
        reviews = Review.objects.filter(child__in=ids).not_cancelled().order_by("pk").select_for_update(no_key=True)
        self.reviews = by_child(reviews.defer("childs_views", "discussion", "rag_reason"))

    def child(self, values: Values) -> Child:
        """The child a row speaks of. Raises Bad when there is none, or the birth dates differ."""
        child = self.children.get(values["CHILD"])
        if child is None:
            raise Bad(
                "CHILD", values["CHILD"], "There is no such child in this return's Header, nor held already (INT08)."
            )
        if values.get("DOB", child.date_of_birth) != child.date_of_birth:
            given = values["DOB"]
            raise Bad("DOB", f"{given:%d/%m/%Y}", "The date of birth differs from the child's Header row (INT17).")
        return child

    def is_told_again(self, ends_on: date | None) -> bool:
        """Whether a newer return, already read, speaks of this again: then its word stands, not this one's."""
        return not self.is_latest and (ends_on is None or ends_on > rules.year_ends_on(self.year))

    def entries(self, files: Iterable[TableFile], table: str) -> list[Entry]:
        """The rows of a table that can be held; the others are rejected with their place and reason."""
        return list(self._entries(files, table))

    def _entries(self, files: Iterable[TableFile], table: str) -> Iterator[Entry]:
        last_on = min(rules.year_ends_on(self.year), self.today)
        seen: dict[tuple[object, ...], Entry] = {}
        for file in (file for file in files if file.table == table):
            count = self.report.file(file.name, table)
            for problem in file.problems:
                self.report.reject(count, problem.row, problem.column, problem.value, problem.reason)
            for row in file.rows:
                try:
                    entry = Entry(count, row, checked(table, row.values, last_on=last_on, today=self.today))
                    _refuse_repeat(entry, seen, KEYS[table])
                except Bad as bad:
                    self.report.reject(count, row.number, bad.column, bad.value, bad.reason)
                else:
                    yield entry

    def settle(self, entries: Iterable[Entry], settle: Callable[["Records", Values], str]) -> None:
        """Settle each row, counting what came of it: created, updated, unchanged, or rejected with the reason."""
        for entry in entries:
            try:
                entry.file.count(settle(self, entry.values))
            except Bad as bad:
                self.report.reject(entry.file, entry.row.number, bad.column, bad.value, bad.reason)


def _refuse_repeat(entry: Entry, seen: dict[tuple[object, ...], Entry], columns: tuple[str, ...]) -> None:
    key = tuple(entry.values[column] for column in columns)
    if None in key:
        return
    first = seen.setdefault(key, entry)
    if first is not entry:
        same = " of this file" if first.file is entry.file else f" of {first.file.file}"
        kind = "a repeat of" if first.row.values == entry.row.values else "for the same thing as"
        column = columns[-1]
        raise Bad(
            column, entry.row.values[column], f"This row is {kind} row {first.row.number}{same}, which was taken."
        )
