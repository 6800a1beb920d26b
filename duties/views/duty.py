"""The page of one duty, whatever its kind: when it is due and why, and what another day would mean."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import can
from accounts.requests import SignedInRequest, viewer_in
from accounts.roles import ChildPermission
from children.requests import opened
from screens.cells import day
from screens.components import Link, SummaryRow
from screens.pages import page
from screens.tables import Column, Table
from timescales import EARLIER_HISTORY, WHY_NOT_KNOWN
from timescales.refusals import Refused
from timescales.words import in_words

from ..cells import standing_tag, title
from ..clocks import Clock
from ..explaining import WhatIf, what_if, working_of
from ..forms import MoveForm
from ..kinds import Kind, find
from ..models import Duty
from ..querysets import HOLDERS

COUNT = Table(
    columns=[
        Column("on", "Day", lambda counted: in_words(counted.on)),
        Column("number", "Counted as", lambda counted: counted.number or "Not counted"),
        Column("reason", "Why not", lambda counted: counted.reason or ""),
    ],
    caption="The count, day by day",
)


@page("how a due date was worked out")
@require_safe
def duty(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A due date with its whole working, and what another day would mean."""
    viewer = viewer_in(request)
    seen = Duty.objects.visible_to(viewer).standing(viewer.on)
    found = opened(request, seen.select_related("child", *HOLDERS), uuid)
    clock = Clock.of(found.authority_id, viewer.on)
    working = working_of(found, clock)
    kind = find(found.kind)
    met = kind.met if kind else "done"
    form = MoveForm(request.GET, met=met)
    context = {
        "duty": found,
        "title": title(found),
        "kind": kind,
        "why_not_known": WHY_NOT_KNOWN[found.why_not_known or EARLIER_HISTORY],
        "met": met,
        "facts": _facts(found, met),
        "working": working,
        "table": COUNT.render(request, working.days) if working and working.days else None,
        "is_redated": working is not None and found.is_open and working.due_on != found.due_on,
        "form": form,
        "what_if": _asked(form, found, clock),
        "links": _links(request, found, kind),
    }
    return render(request, "duties/duty.html", context)


def _facts(found: Any, met: str) -> list[SummaryRow]:
    """Where it stands and each of its days; days that mean nothing once it is met are left out."""
    days: list[tuple[str, date | None]] = [
        ("Due by", found.due_on),
        ("Last working day on or before it", found.last_safe_on if found.is_open else None),
        (f"Best {met} by", found.act_by_on if found.is_open else None),
        ("Booked for", found.planned_for_on if found.is_open else None),
        (f"{met.capitalize()} on", found.met_on),
        ("No longer owed from", found.closed_on),
    ]
    shown = [SummaryRow(label, day(value)) for label, value in days if value]
    closed = [SummaryRow("Why", found.closed_reason)] if found.closed_on else []
    return [SummaryRow("Standing", standing_tag(found.standing)), *shown, *closed]


def _asked(form: MoveForm, found: Duty, clock: Clock) -> WhatIf | None:
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return what_if(found, form.cleaned_data["moved_to"], clock)
    except Refused as refusal:
        form.add_error("moved_to", refusal.message)
        return None


def _links(request: SignedInRequest, found: Duty, kind: Kind | None) -> list[Link]:
    """Where it is worked on, and where it is planned for those who may."""
    if kind is None or found.about is None:
        return []
    links = [Link(f"Open the {kind.words}", reverse(kind.page, args=[found.about]))]
    if kind.plan_page and found.is_open and can(viewer_in(request), ChildPermission.SCHEDULE, found.child):
        links.append(Link(f"Book this {kind.words}", reverse(kind.plan_page, args=[found.about])))
    return links
