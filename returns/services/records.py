"""The rows a return gives, each with its checked values and what became of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from .. import layouts, rules
from ..checking import Bad, Values, checked
from ..combining import Said
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
Key = tuple[object, ...]
Outcome = str | Bad


@dataclass(frozen=True)
class Entry:
    """One data row with its checked values, and the file that counts it."""

    file: FileCount
    row: Row
    table: str
    values: Values

    @property
    def key(self) -> Key:
        """What makes it that row, the table first."""
        return (self.table, *(self.values[column] for column in KEYS[self.table]))


@dataclass
class Records:
    """The rows of one year's return. `outcomes` says by key what became of each: the rest changed nothing."""

    year: int
    today: date
    report: Report
    spellings: Spellings
    entries: list[Entry] = field(default_factory=list)
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    header_rows_refused: dict[str, int] = field(default_factory=dict)

    @property
    def last_on(self) -> date:
        """The last day the return tells of."""
        return min(rules.year_ends_on(self.year), self.today)

    def read(self, files: Iterable[TableFile]) -> None:
        """Check every row of the tables this version reads; reject those that cannot be held, with their place."""
        for table in layouts.LOADED:
            self.entries += self._checked([file for file in files if file.table == table], table)

    def _checked(self, files: Iterable[TableFile], table: str) -> Iterator[Entry]:
        seen: dict[Key, Entry] = {}
        for file in files:
            count = self.report.file(file.name, table)
            for problem in file.problems:
                self.report.reject(count, problem.row, problem.column, problem.value, problem.reason)
            for row in file.rows:
                try:
                    entry = self._entry(count, row, table)
                    self._refuse_other_spelling(entry)
                    _refuse_repeat(entry, seen)
                except Bad as bad:
                    self.report.reject(count, row.number, bad.column, bad.value, bad.reason)
                    if table == "Header":
                        self.header_rows_refused.setdefault(row.values["CHILD"], row.number)
                else:
                    yield entry

    def _entry(self, count: FileCount, row: Row, table: str) -> Entry:
        blanked: list[Bad] = []
        values = checked(table, row.values, last_on=self.last_on, today=self.today, blanked=blanked)
        for bad in blanked:
            self.report.blank(count, row.number, bad.column, bad.value, bad.reason)
        return Entry(count, row, table, values)

    def _refuse_other_spelling(self, entry: Entry) -> None:
        if bad := self.spellings.why_not(entry.values["CHILD"]):
            raise bad

    def refuse_overlaps(self) -> None:
        """Reject the episodes that lie over the one before them.

        One that has no end, where the next says that care went on, ended that day: the one cell is what is missing.
        """
        by_child: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.table == "Episodes":
                by_child.setdefault(entry.values["CHILD"], []).append(entry)
        found: dict[Key, Bad] = {}
        for of_child in by_child.values():
            _end_where_the_next_begins(of_child, self.report)
            found |= _overlaps(of_child)
        self.refuse(lambda entry: found.get(entry.key))

    def refuse(self, why: Callable[[Entry], Bad | None]) -> None:
        """Reject the checked rows for which there is a reason, and take them out."""
        found = [(entry, why(entry)) for entry in self.entries]
        for entry, bad in found:
            if bad is not None:
                self._reject(entry, bad)
        self.entries = [entry for entry, bad in found if bad is None]

    def _reject(self, entry: Entry, bad: Bad) -> None:
        self.report.reject(entry.file, entry.row.number, bad.column, bad.value, bad.reason)

    def differ(self, key: Key, bad: Bad) -> None:
        """List a cell of a row that landed without it."""
        for entry in self.entries:
            if entry.key == key:
                self.report.blank(entry.file, entry.row.number, bad.column, bad.value, bad.reason)

    def said(self) -> dict[str, Said]:
        """What the return says, by the child's reference and table."""
        found: dict[str, dict[str, list[Values]]] = {}
        for entry in self.entries:
            found.setdefault(entry.values["CHILD"], {}).setdefault(entry.table, []).append(entry.values)
        return dict(found)

    def count(self) -> None:
        """Count what became of every row."""
        for entry in self.entries:
            outcome = self.outcomes.get(entry.key, "unchanged")
            if isinstance(outcome, Bad):
                self._reject(entry, outcome)
            else:
                entry.file.count(outcome)


def _end_where_the_next_begins(entries: list[Entry], report: Report) -> None:
    in_order = sorted(entries, key=lambda entry: entry.values["DECOM"])
    for entry, following in pairwise(in_order):
        values, then = entry.values, following.values
        if values["DEC"] is None and then["RNE"] != "S" and then["DECOM"] > values["DECOM"]:
            values["DEC"], values["REC"] = then["DECOM"], values["REC"] or "X1"
            reason = f"An end is missing: the next episode began on {then['DECOM']:%d/%m/%Y}, so it ended then."
            report.blank(entry.file, entry.row.number, "DEC", "", reason)


def _overlaps(entries: list[Entry]) -> dict[Key, Bad]:
    """Why some of a child's episodes cannot stand, by key; each is measured against the last that can."""
    found: dict[Key, Bad] = {}
    last: Values | None = None
    for entry in sorted(entries, key=lambda entry: entry.values["DECOM"]):
        if last is not None and (last["DEC"] is None or entry.values["DECOM"] < last["DEC"]):
            found[entry.key] = _overlap(entry.values, last)
        else:
            last = entry.values
    return found


def _overlap(row: Values, before: Values) -> Bad:
    state = f"ended on {before['DEC']:%d/%m/%Y}" if before["DEC"] else "has no end"
    reason = f"This overlaps the episode that began on {before['DECOM']:%d/%m/%Y} and {state} (rules 142, 501)."
    return Bad("DECOM", f"{row['DECOM']:%d/%m/%Y}", reason)


def _refuse_repeat(entry: Entry, seen: dict[Key, Entry]) -> None:
    if None in entry.key:
        return
    first = seen.setdefault(entry.key, entry)
    if first is not entry:
        kind = "a repeat of" if first.row.values == entry.row.values else "for the same thing as"
        column = KEYS[entry.table][-1]
        raise Bad(
            column,
            entry.row.values[column],
            f"This row is {kind} row {first.row.number} of this file, which was taken.",
        )
