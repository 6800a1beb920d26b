"""From a file to rows by column, or a sentence that says why it cannot be read and what to do."""

import csv
from dataclasses import dataclass
from pathlib import Path

from ..reading import (
    LINE_ENDS,
    FileRefused,
    NothingToRead,
    Problem,
    Row,
    cells_of,
    refuse_other_formats,
    rows_of,
    text_of,
)
from .layouts import Layout


@dataclass(frozen=True)
class FeedFile:
    """A file as it was read: its rows with every column of the layout, "" where the file has none."""

    name: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]  # rows that are none
    ignored: tuple[str, ...]  # columns that mean nothing here


def read_feed(path: Path, layout: Layout) -> FeedFile:
    """Read a file of this layout. Raises NothingToRead for one that is none, with nothing taken."""
    try:
        return _read(path, layout)
    except FileRefused as refused:
        raise NothingToRead(f"{path.name} was not read. {refused.problem.reason}") from refused


def _read(path: Path, layout: Layout) -> FeedFile:
    if not path.exists():
        raise NothingToRead(f"There is no file {path}. Check the path.")
    lines = LINE_ENDS.split(text_of(path))
    at = next((number for number, line in enumerate(lines) if line.strip()), None)
    if at is None:
        raise NothingToRead(f"{path.name} is empty: it has no column names.{_wanted(layout)}")
    refuse_other_formats(lines[at])
    columns = _columns(path, lines[at], layout)
    blank = dict.fromkeys(layout.optional, "")
    rows, problems = [], []
    for one in rows_of(lines, at + 1, columns):
        if isinstance(one, Row):
            rows.append(Row(one.number, {**blank, **one.values}))
        else:
            problems.append(one)
    ignored = tuple(column for column in columns if column not in layout.columns)
    return FeedFile(path.name, tuple(rows), tuple(problems), ignored)


def _columns(path: Path, line: str, layout: Layout) -> list[str]:
    try:
        found = [cell.strip().lower() for cell in cells_of(line)]
    except csv.Error:
        found = [line.strip()]
    if missing := [column for column in layout.required if column not in found]:
        raise NothingToRead(f"{path.name} was not read: it lacks {', '.join(missing)}.{_wanted(layout)}")
    if twice := [column for column in layout.columns if found.count(column) > 1]:
        raise NothingToRead(f"{path.name} was not read: it has {', '.join(twice)} more than once.")
    return found


def _wanted(layout: Layout) -> str:
    return f" The first row names the columns: {', '.join(layout.required)}; these may be left out: " + (
        f"{', '.join(layout.optional)}."
    )
