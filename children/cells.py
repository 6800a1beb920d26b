"""A child in a table's cell."""

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from screens.cells import link
from screens.tables import Column, Sort

from .models import Child


def child_link(child: Child, url: str) -> SafeString:
    """The child as a link, with the reference beside the name: two children may share one."""
    name = link(str(child), url)
    if str(child) == child.reference:
        return name
    return format_html('{} <span class="govuk-!-font-weight-regular">{}</span>', name, child.reference)


def child_columns(
    cell: Callable[[Any], object],
    *,
    of: Callable[[Any], Child] = lambda row: row.child,
    sort: Sort = "child__sort_name",
    is_short: bool = False,
) -> tuple[Column, Column]:
    """The child of a row: one cell on the screen; in a file the name and the reference, each to be looked up by."""
    return (
        Column("child", "Child", cell, sort=sort, is_short=is_short, value=lambda row: str(of(row))),
        Column("reference", "Reference", lambda row: of(row).reference, is_only_in_file=True),
    )
