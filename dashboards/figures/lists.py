"""The list behind a number: on the screen as a table, in a download as values."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from screens.tables import Column as TableColumn
from screens.tables import Table

from .base import Figure, Part
from .scope import Scope

ROWS_ON_A_PAGE = 100


def table_of(figure: Figure, scope: Scope, part: Part) -> Table:
    """The table of one part of a figure."""
    columns = [
        TableColumn(column.key, column.header, column.cell or column.value, column.sort, column.is_number)
        for column in figure.columns(scope)
    ]
    return Table(
        columns=columns,
        caption=part.label,
        empty="No row is counted here for this period and for the children you see.",
        per_page=ROWS_ON_A_PAGE,
        sorted_by=figure.sorted_by,
    )


def values_of(figure: Figure, scope: Scope, rows: Iterable[Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The header and the plain values of the same rows."""
    columns = figure.columns(scope)
    return [column.header for column in columns], ([column.value(row) for column in columns] for row in rows)


def exportable(figure: Figure, viewer: Viewer, rows: QuerySet[Any]) -> Any:
    """Only the rows whose children this person may export."""
    if not figure.is_about_children:
        return rows
    return rows.visible_to(viewer, ChildPermission.EXPORT)  # type: ignore[attr-defined]  # a guarded queryset
