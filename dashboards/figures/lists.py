"""The list behind a number: on the screen as a table, in a download as values.

Every list says which of its rows the figure counts: some are there to be counted apart, or as what is set against.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from screens.tables import Column as TableColumn
from screens.tables import Table

from .base import Column, Figure, Part
from .scope import Scope

ROWS_ON_A_PAGE = 100

COUNTED, NOT_COUNTED = "Counted", "Not counted"


def table_of(figure: Figure, scope: Scope, part: Part) -> Table:
    """The table of one part of a figure."""
    columns = [
        TableColumn(column.key, column.header, column.cell or column.value, column.sort, column.is_number)
        for column in _columns(figure, scope)
    ]
    return Table(
        columns=columns,
        caption=heading(figure, scope, part),
        empty="No row is counted here for this period and for the children you see.",
        per_page=ROWS_ON_A_PAGE,
        sorted_by=figure.sorted_by,
    )


def heading(figure: Figure, scope: Scope, part: Part) -> str:
    """ "Reviews held that had a due date: 402 of these 511 are counted as in time"."""
    counted, every = figure.counted_of(scope, part)
    return f"{part.label}: {_how_many(counted, every)} counted as {figure.counted_as}" if every else part.label


def _how_many(counted: int, every: int) -> str:
    if every == 1:
        return "this one is" if counted else "this one is not"
    if counted in (0, every):
        return f"all {every} of these are" if counted else f"none of these {every} is"
    return f"{counted} of these {every} {'is' if counted == 1 else 'are'}"


def _columns(figure: Figure, scope: Scope) -> list[Column]:
    said = f"Counted as {figure.counted_as}"
    counted = Column("counted", said, lambda row: COUNTED if row.is_counted else NOT_COUNTED, sort="is_counted")
    return [*figure.columns(scope), counted]


def values_of(figure: Figure, scope: Scope, rows: Iterable[Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The header and the plain values of the same rows."""
    columns = _columns(figure, scope)
    return [column.header for column in columns], ([column.value(row) for column in columns] for row in rows)


def exportable(figure: Figure, viewer: Viewer, rows: QuerySet[Any]) -> Any:
    """Only the rows whose children this person may export."""
    if not figure.is_about_children:
        return rows
    return rows.visible_to(viewer, ChildPermission.EXPORT)  # type: ignore[attr-defined]  # a guarded queryset
