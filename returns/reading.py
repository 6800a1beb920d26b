"""From files to rows: finding the tables of a return in a folder, whatever the files are called."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import layouts
from .report import Report

HEADING = 1  # the line a spreadsheet shows the column names in
LARGEST_FILE = 200_000_000  # bytes; a whole authority's return is under 20 million
LINE_ENDS = re.compile(r"\r\n|\n|\r")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls
YEAR = re.compile(r"(?<!\d)(20\d\d)(?:[-_ ]?(\d\d))?(?!\d)")
NOT_READ = "not read by this version"


@dataclass(frozen=True)
class Problem:
    """Why a row, or a whole file, could not be read, and where."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One data row: its line in the file and its values by column, trimmed."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class TableFile:
    """One file of a recognised table."""

    name: str
    table: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    @property
    def year(self) -> int | None:
        """The year to 31 March that its name, or its folder's, bears."""
        return year_named(self.name)

    @property
    def is_loaded(self) -> bool:
        """Whether this version reads the table."""
        return self.table in layouts.LOADED


class FileRefused(Exception):
    """A file that is no table of the return."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


class NothingToRead(Exception):
    """Nothing in the folder can be read: the message says why, the report what was tried."""

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report or Report()


def read_folder(folder: Path, report: Report) -> list[TableFile]:
    """The tables of a folder, each file counted in the report; those that cannot be read are rejected there.

    Of one table there is one file a year: of several, those whose names bear different years are read each as its
    own year's, and the others are refused. Which of them is right, no order of names can tell.
    """
    found = []
    for path in files_in(folder):
        name = path.relative_to(folder).as_posix()
        try:
            found.append(read_file(path, name))
        except FileRefused as refused:
            _count_refused(report, name, refused.problem)
    alone = []
    for file in found:
        others = [other.name for other in found if other is not file and _is_same(file, other)]
        if others and file.is_loaded:
            reason = f"{file.table} is in {' and '.join(others)} as well. Keep one file of it for a year."
            _count_refused(report, file.name, Problem(HEADING, "", file.name, reason))
        else:
            report.file(file.name, file.table if file.is_loaded else f"{file.table} ({NOT_READ})")
            alone.append(file)
    return alone


def _is_same(one: TableFile, other: TableFile) -> bool:
    return one.table == other.table and (one.year == other.year or None in (one.year, other.year))


def _count_refused(report: Report, name: str, problem: Problem) -> None:
    report.reject(report.file(name), problem.row, problem.column, problem.value, problem.reason)


def by_year(files: Sequence[TableFile], year: int) -> dict[int, list[TableFile]]:
    """The files by the year each is of, oldest first: `year`, but where one table comes in several years."""
    tables = [file.table for file in files]
    is_of_several = any(tables.count(table) > 1 for table in tables)
    found: dict[int, list[TableFile]] = {}
    for file in files:
        found.setdefault((file.year if is_of_several else None) or year, []).append(file)
    return dict(sorted(found.items()))


def year_named(name: str) -> int | None:
    """The year to 31 March that a name bears, the last of several: 2018, 2017-18 or 201718 for that to March 2018."""
    found = None
    for first, second in YEAR.findall(name):
        year = int(first)
        if not second:
            found = year
        elif (year + 1) % 100 == int(second):
            found = year + 1
    return found


def files_in(folder: Path) -> list[Path]:
    """The unhidden files of a folder by name, links too, or else of its folders named by years; or NothingToRead."""
    try:
        found = sorted(path for path in folder.iterdir() if _is_file(path) and not path.name.startswith("."))
    except FileNotFoundError as error:
        raise NothingToRead(f"There is no folder {folder}. Check the path.") from error
    except NotADirectoryError as error:
        raise NothingToRead(f"{folder} is not a folder. Give the folder that holds the return's files.") from error
    except (OSError, ValueError) as error:
        raise NothingToRead(f"The folder {folder} cannot be read: {error}.") from error
    if not found:
        found = [path for one in _folders_of_years(folder) for path in files_in(one)]
    if not found:
        raise NothingToRead(f"The folder {folder} is empty. Put the return's CSV files in it.")
    return found


def _folders_of_years(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.is_symlink() and year_named(path.name)
    )


def _is_file(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def read_file(path: Path, name: str = "") -> TableFile:
    """One file as a table of the return; raises FileRefused with the place and the reason."""
    lines = LINE_ENDS.split(text_of(path))
    at = next((number for number, line in enumerate(lines) if line.strip()), None)
    if at is None:
        raise _refused("", "", "The file holds no column names: it is empty.")
    refuse_other_formats(lines[at])
    columns = _columns(lines[at])
    table = layouts.recognise(columns)
    if table is None:
        raise _unrecognised(columns)
    rows: list[Row] = []
    problems: list[Problem] = []
    for one in rows_of(lines, at + 1, columns):
        (rows if isinstance(one, Row) else problems).append(one)  # type: ignore[arg-type]  # told apart just here
    return TableFile(name or path.name, table, tuple(rows), tuple(problems))


def text_of(path: Path) -> str:
    """The text of a file, whatever marks it begins with; raises FileRefused where it is no UTF-8 text."""
    if path.is_symlink():  # it may lead to what the operator may read and the return's sender may not
        raise _refused("", "", "The file is a link to another place. Put the file itself into the folder.")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _refused("", "", "The file is larger than any that is read here.")
        content = path.read_bytes()
    except OSError as error:
        raise _refused("", "", f"The file cannot be opened: {error.strerror}.") from error
    if content.startswith(WORKBOOKS):
        raise _refused("", "", "The file is a workbook. Save each of its sheets as CSV UTF-8.")
    start = content[:1000]
    if content.startswith(UTF_16_MARKS) or start.count(0) * 4 > len(start):
        raise _refused("", "", "The file is in UTF-16. Save it again as CSV UTF-8.")
    # Bytes that are not UTF-8 pass as surrogates, so that one bad row does not cost the others.
    return content.decode("utf-8-sig", errors="surrogateescape")


def refuse_other_formats(heading: str) -> None:
    """Raise FileRefused where the first line is not one of cells separated by commas."""
    if heading.lstrip().startswith("<"):
        raise _refused("", "", "The file is XML. Save it as CSV UTF-8, one file for each table.")
    for letter, word in ((";", "semicolons"), ("\t", "tabs")):
        if heading.count(letter) > heading.count(","):
            reason = f"The cells are separated by {word}. Save the file again as CSV UTF-8, separated by commas."
            raise _refused("", "", reason)


def _columns(line: str) -> list[str]:
    try:
        return [cell.strip().upper() for cell in cells_of(line)]
    except csv.Error:
        return [line.strip()]


def cells_of(line: str) -> list[str]:
    """The cells of one line. A return's values hold no line breaks, so each line is read by itself."""
    if '"' not in line:
        return line.split(",")
    return next(csv.reader([line], strict=True))


def rows_of(lines: list[str], first: int, columns: list[str]) -> Iterator[Row | Problem]:
    """Each line from `first` on as a row of these columns, or why it is none."""
    for number, line in enumerate(lines[first:], start=first + 1):
        if not line.strip(" ,"):
            continue
        try:
            cells = cells_of(line)
        except csv.Error:
            yield Problem(number, "", _shown(line), "A quotation mark is opened and not closed in this row.")
            continue
        problem = _problem(number, line, cells, len(columns))
        yield problem or Row(number, dict(zip(columns, map(str.strip, cells), strict=True)))


def _problem(number: int, line: str, cells: list[str], width: int) -> Problem | None:
    if len(cells) != width:
        reason = f"The row has {len(cells)} cells; the table has {width} columns."
    elif "\0" in line:
        reason = "The row holds a NUL character. Save the file again from where it was made."
    elif not line.isascii() and _shown(line) != line:
        reason = "The row is not UTF-8 text. Save the file again as CSV UTF-8."
    else:
        return None
    return Problem(number, "", _shown(line), reason)


def _shown(line: str) -> str:
    return line.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def _refused(column: str, value: str, reason: str) -> FileRefused:
    return FileRefused(Problem(HEADING, column, value, reason))


def _unrecognised(columns: list[str]) -> FileRefused:
    near = layouts.nearest(columns)
    if len(near.missing) == len(layouts.COLUMNS[near.table]):
        return _refused("", _shown(",".join(columns)), "This is no table of the SSDA903 return.")
    faults = []
    if near.missing:
        faults.append(f"lacks {', '.join(near.missing)}")
    if near.extra:
        faults.append(f"has {_shown(', '.join(near.extra)) or 'a column without a name'} too many")
    place = _shown((near.extra or near.missing)[0])
    return _refused(
        place, place, f"Not read: the columns are those of {near.table}, except that the file {' and '.join(faults)}."
    )
