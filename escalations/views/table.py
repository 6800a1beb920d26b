"""The list of escalations, declared once: one row is one concern, whose move it is and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from escalations import permissions
from escalations.forms import FilterForm
from escalations.forms.filters import STATUSES
from escalations.models import Escalation
from escalations.standings import Mark, Standings
from screens.cells import link, short_day
from screens.components import Chip, ChipGroup
from screens.paging import with_query
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
        Column("concern", "Concern", _concern),
        Column("child", "Child", _child, sort="child__sort_name"),
        Column("stage", "Stage", lambda row: row.escalation.stage.name, sort=("stage__position", "stage__name")),
        Column("move", "Whose move", lambda row: row.whose_move),
        Column("due", "Answer due", _due, sort="response_due_on"),
        Column("raised", "Raised", _raised, sort="raised_on"),
    ],
    caption="Open concerns",
    caption_size="s",
    empty="No concern matches. Remove a filter, or raise a concern from a child's page.",
    per_page=50,
    sorted_by="due",
)


def chips(query: QueryDict, form: FilterForm) -> list[ChipGroup]:
    """The filters that are on, each with the address of the list without it."""
    status = form.chosen.get("status", "")
    on = {
        "status": dict(STATUSES)[status] if status else "",
        "stage": form.chosen.get("stage", ""),
        "waiting": "Waiting for me" if form.is_mine_only else "",
    }
    found = [Chip(label, with_query(query, **{name: None, "page": None})) for name, label in on.items() if label]
    return [ChipGroup("Shown", found)]
