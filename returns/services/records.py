"""What is held of the children a return speaks of, fetched once, beside what the return says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from authorities.models import Authority
from children.models import Child
from children.services import Care, lock_care
from reviews.models import Review
from timescales import EARLIER_HISTORY_NOT_HELD, NOT_KNOWN

from .. import rules
from ..checking import Bad, Values, checked
from ..reading import Row, TableFile
from ..report import FileCount, Report
from ..spelling import Spellings

KEYS = {  # what makes a row of a table that row, by column
    "Header": ("CHILD",),
    "UASC": ("CHILD",),
    "Episodes": ("CHILD", "DECOM"),
    "Missing": ("CHILD", "MISSING", "MIS_START"),
    "PlacedAdoption": ("CHILD", "DATE_PLACED"),
    "Reviews": ("CHILD", "REVIEW"),
}
T = TypeVar("T")
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
    care: Care = field(init=False)
    spellings: Spellings = field(init=False)

    def fetch(self, references: Iterable[str], history_from: date | None) -> None:
        """Fetch and lock what is held of these children, and of those whose unknown history may become known."""
        mine = Child.objects.filter(authority=self.authority)
        self.spellings = Spellings.held_by(self.authority)
        keys = set(mine.filter(reference__in=set(references)).values_list("pk", flat=True))
        if history_from is None or rules.year_starts_on(self.year) < history_from:
            unknown = Review.objects.open().filter(duty__rule__in=UNKNOWN_HISTORY)
            keys |= set(mine.filter(reviews__in=unknown).values_list("pk", flat=True))
        self.care = lock_care(authority_id=self.authority.pk, child_ids=keys)
        self.children = {child.reference: child for child in self.care.children.values()}

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
                    self._refuse_other_spelling(entry)
                    _refuse_repeat(entry, seen, KEYS[table])
                except Bad as bad:
                    self.report.reject(count, row.number, bad.column, bad.value, bad.reason)
                else:
                    yield entry

    def _refuse_other_spelling(self, entry: Entry) -> None:
        if bad := self.spellings.why_not(entry.values["CHILD"]):
            raise bad

    def settle(self, entries: Iterable[Entry], settle: Callable[["Records", Values], str]) -> None:
        """Settle each row by itself, counting what came of it: created, updated, unchanged, or rejected."""
        self.gather(entries, settle)

    def gather(
        self, entries: Iterable[Entry], prepare: Callable[["Records", Values], T | str]
    ) -> list[tuple[Entry, T]]:
        """What each row says, for rows settled together; those with an outcome already are counted at once."""
        found: list[tuple[Entry, T]] = []
        for entry in entries:
            try:
                prepared = prepare(self, entry.values)
            except Bad as bad:
                self.count(entry, bad)
                continue
            if isinstance(prepared, str):
                self.count(entry, prepared)
            else:
                found.append((entry, prepared))
        return found

    def count(self, entry: Entry, outcome: str | Bad) -> None:
        """Count what came of a row: created, updated, unchanged, or rejected with the reason."""
        if isinstance(outcome, Bad):
            self.report.reject(entry.file, entry.row.number, outcome.column, outcome.value, outcome.reason)
        else:
            entry.file.count(outcome)


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
