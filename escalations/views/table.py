"""The list of escalations, declared once: one row is one concern, whose move it is and by when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.lists import Listing
from children.cells import child_columns
from children.models import Child
from escalations import permissions
from escalations.models import Escalation
from escalations.standings import Mark, Standings
from screens.cells import link, short_day
from screens.tables import Column, Table


@dataclass(frozen=True)
class Row:
    """One concern with whose move it is."""

    escalation: Any  # with its answer due
    whose_move: str
    mark: Mark | None


def with_people(page: Sequence[Any], standings: Standings) -> list[Row]:
    """The rows of one page with who is asked now, in two queries for all of them."""
    asked = permissions.responders_of([row for row in page if row.response_due_on])
    return [
        Row(row, _whose_move(row, asked.get(row.pk, [])), standings.of(row.response_due_on, row.response_due_soon_on))
        for row in page
    ]


def _whose_move(row: Any, asked: Sequence[object]) -> str:
    if row.status == Escalation.Status.RESOLVED:
        return "Resolved"
    if row.response_due_on is None:
        return "IRO, to act on the answer"
    names = " or ".join(str(person) for person in asked)
    return f"{names}, {row.stage.role_name}" if names else f"Nobody in post as {row.stage.role_name}"


def _concern(row: Row) -> SafeString:
    url = reverse("escalations:escalation", args=[row.escalation.uuid])
    return format_html('<span class="screens-reference">{}</span>', link(row.escalation.reference, url))


def _child(row: Row) -> SafeString:
    child = row.escalation.child
    return (
        format_html("<span>{}<br>{}</span>", child, child.reference) if child.given_name else format_html("{}", child)
    )


def _due(row: Row) -> SafeString | str:
    if row.mark is None:
        return "–"
    words = (short_day(row.escalation.response_due_on), row.mark.tag, row.mark.days)
    return format_html("<span>{} {}<br>{}</span>", *words)


def _raised(row: Row) -> SafeString:
    return format_html("<span>{}<br>{}</span>", short_day(row.escalation.raised_on), row.escalation.raised_by)


LIST = Table(
    columns=[
        Column("concern", "Concern", _concern, value=lambda row: row.escalation.reference),
        *child_columns(_child, of=lambda row: row.escalation.child),
        Column("stage", "Stage", lambda row: row.escalation.stage.name, sort=("stage__position", "stage__name")),
        Column("move", "Whose move", lambda row: row.whose_move),
        Column("due", "Answer due", _due, sort="response_due_on", value=lambda row: row.escalation.response_due_on),
        Column("standing", "Standing", lambda row: row.mark.word if row.mark else "", is_only_in_file=True),
        Column("raised", "Raised", _raised, sort="raised_on", value=lambda row: row.escalation.raised_on),
        Column("raised_by", "Raised by", lambda row: str(row.escalation.raised_by), is_only_in_file=True),
    ],
    caption="Open concerns",
    caption_size="s",
    empty="No concern matches. Remove a filter, or raise a concern from a child's page.",
    per_page=50,
    sorted_by="due",
)


OF_CHILD = Table(
    columns=[
        *(replace(column, sort=None) for column in LIST.columns),
        Column("words", "What it is about", lambda row: row.escalation.concern),
    ],
    caption="Concerns",
)


def listed(rows: Any, standings: Standings, caption: str) -> Listing:
    """Concerns as the list shows them."""
    return Listing(
        LIST,
        rows,
        "escalations",
        caption,
        prepare=lambda page: with_people(page, standings),
        about=lambda row: row.escalation.child_id,
    )


def listed_of(child: Child, rows: Any, today: date) -> Listing:
    """Concerns about one child, as a file."""
    return Listing(
        OF_CHILD,
        rows,
        "escalations-of-a-child",
        prepare=lambda page: with_people(page, Standings.on(today)),
        child=child,
    )
