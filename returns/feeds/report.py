"""What a file did: how many rows of each outcome, and a reason for every row or cell that did not land.

Names are never in it, since a report may end in a log: a row is told by its line, a child by the reference.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ..report import printable, shortened
from .layouts import NAMES

OUTCOMES = ("created", "updated", "unchanged", "refused", "missing")
WORDS = ("added", "updated", "unchanged", "refused", "no longer in the file")


@dataclass(frozen=True)
class Found:
    """A row that was refused, or a cell of one that landed: where, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class FeedReport:
    """The whole reading. `cells` landed not, of rows that did; `differences` are for a person to settle."""

    file: str
    about: str  # "children"
    is_preview: bool = False
    ignored: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    refused: list[Found] = field(default_factory=list)
    cells: list[Found] = field(default_factory=list)
    differences: list[Found] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # references

    def count(self, outcome: str) -> None:
        """Count one row by what became of it."""
        self.counts[outcome] += 1

    def refuse(self, row: int, column: str, value: str, reason: str) -> None:
        """Count a row as refused and say why."""
        self.count("refused")
        self.refused.append(_found(row, column, value, reason))

    def leave(self, row: int, column: str, value: str, reason: str) -> None:
        """Say why one cell of a row that landed did not."""
        self.cells.append(_found(row, column, value, reason))

    def differ(self, row: int, column: str, value: str, reason: str) -> None:
        """Say where the file and what is held here differ, and nothing was changed."""
        self.differences.append(_found(row, column, value, reason))

    def miss(self, references: list[str]) -> None:
        """Note who is looked after here and not in the file."""
        self.missing = references
        self.counts["missing"] = len(references)

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        lists = {name: [asdict(one) for one in _in_order(getattr(self, name))] for name, _ in LISTS}
        return {
            "file": self.file,
            "preview": self.is_preview,
            "counts": self.counts,
            "ignored_columns": list(self.ignored),
            **lists,
            "missing": self.missing,
        }

    def as_text(self) -> Iterator[str]:
        """The report in lines."""
        would = "would be " if self.is_preview else ""
        said = [
            f"{self.counts[outcome]:,} {'' if outcome in ('unchanged', 'missing') else would}{word}"
            for outcome, word in zip(OUTCOMES, WORDS, strict=True)
            if outcome != "missing" or self.about == "children"
        ]
        yield f"{printable(self.file)}, {self.about}: {', '.join(said)}."
        if self.is_preview:
            yield "This is a preview: nothing was changed."
        if self.ignored:
            yield f"Columns not read: {', '.join(printable(column) or '(no name)' for column in self.ignored)}."
        for name, heading in LISTS:
            yield from self._listed(heading, getattr(self, name))
        if self.missing:
            yield f"\nNo longer in the file, and looked after here until somebody ends it, {len(self.missing):,}:"
            yield from (f"  {printable(reference)}" for reference in self.missing)

    def _listed(self, heading: str, found: list[Found]) -> Iterator[str]:
        if found:
            yield f"\n{heading}, {len(found):,}:"
        for one in _in_order(found):
            value = f" “{printable(one.value)}”" if one.value else ""
            place = f"{printable(self.file)} row {one.row}"
            yield f"  {place}{f', {one.column}' if one.column else ''}{value}: {one.reason}"


LISTS = (
    ("refused", "Rows refused"),
    ("cells", "Cells not taken, of rows that were"),
    ("differences", "Differences, for a person to settle; nothing was changed"),
)


def _found(row: int, column: str, value: str, reason: str) -> Found:
    return Found(row, column, "" if column in NAMES or not column else shortened(value), reason)


def _in_order(found: list[Found]) -> list[Found]:
    return sorted(found, key=lambda one: one.row)
