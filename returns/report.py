"""What reading a return did: a count for every file, and a reason for every row or cell that did not land."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

VALUE_SHOWN = 80  # characters
OUTCOMES = ("created", "updated", "unchanged", "rejected")


@dataclass
class FileCount:
    """What became of the data rows of one file: read = created + updated + unchanged + rejected.

    A file refused whole counts its heading row, as one row read and rejected.
    """

    file: str
    table: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def count(self, outcome: str) -> None:
        """Count one row by its outcome."""
        self.read += 1
        setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass(frozen=True)
class Rejection:
    """One row, or one cell of it, that did not land.

    `row` is its line in the file as a spreadsheet shows it: the heading is 1.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str


@dataclass
class Report:
    """The whole reading: files in order of name, rejections in order of file and row."""

    files: list[FileCount] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    blanked: list[Rejection] = field(default_factory=list)  # one cell of a row that landed without it

    def file(self, name: str, table: str = "") -> FileCount:
        """The count of a file, begun here if need be."""
        for held in self.files:
            if held.file == name:
                return held
        self.files.append(FileCount(name, table))
        return self.files[-1]

    def of_files(self, files: Iterable[Any]) -> "Report":
        """A report of these files alone, as they were found."""
        return Report([FileCount(one.name, self.file(one.name).table) for one in files])

    def add(self, other: "Report") -> None:
        """Take over what another report says of its files."""
        names = {file.file for file in other.files}
        self.files = [file for file in self.files if file.file not in names] + other.files
        self.rejected += other.rejected
        self.blanked += other.blanked

    def reject(self, file: FileCount, row: int, column: str, value: str, reason: str) -> None:
        """Count a row as rejected and say why."""
        file.count("rejected")
        self.rejected.append(Rejection(file.file, row, column, shortened(value), reason))

    def blank(self, file: FileCount, row: int, column: str, value: str, reason: str) -> None:
        """Say why one cell of a row that landed was left blank."""
        self.blanked.append(Rejection(file.file, row, column, shortened(value), reason))

    def total(self, outcome: str) -> int:
        """The sum of one outcome over all files."""
        return sum(getattr(file, outcome) for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "files": [asdict(file) for file in sorted(self.files, key=lambda file: file.file)],
            "rejected": [asdict(one) for one in _in_order(self.rejected)],
            "blanked": [asdict(one) for one in _in_order(self.blanked)],
        }

    def as_text(self) -> Iterator[str]:
        """The report in lines: a table of the files, then each rejected row and blanked cell with its place."""
        files = sorted(self.files, key=lambda file: file.file)
        width = max((len(file.file) for file in files), default=4)
        wide = max((len(file.table) for file in files), default=5)
        numbers = ("read", *OUTCOMES)
        yield f"{'File':<{width}}  {'Table':<{wide}}" + "".join(f"  {name:>9}" for name in numbers)
        for file in files:
            counts = "".join(f"  {getattr(file, name):>9,}" for name in numbers)
            yield f"{printable(file.file):<{width}}  {file.table:<{wide}}{counts}"
        yield from _listed("Rejected", self.rejected)
        yield from _listed("Cells left blank", self.blanked)


def _in_order(found: Iterable[Rejection]) -> list[Rejection]:
    return sorted(found, key=lambda one: (one.file, one.row))


def _listed(heading: str, found: Collection[Rejection]) -> Iterator[str]:
    if found:
        yield ""
        yield f"{heading}, {len(found):,} in all:"
    for one in _in_order(found):
        place = f"{printable(one.file)} row {one.row}"
        value = f" “{printable(one.value)}”" if one.value else ""
        yield f"  {place}{f', {one.column}' if one.column else ''}{value}: {one.reason}"


def shortened(value: str) -> str:
    """A value fit to be shown: cut where it is very long, with a sign that it was."""
    return value if len(value) <= VALUE_SHOWN else f"{value[:VALUE_SHOWN]}…"


def printable(text: str) -> str:
    """Text that cannot upset a terminal: control characters shown as escapes."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
