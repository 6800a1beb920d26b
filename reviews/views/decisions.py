"""Decisions: all that this person may read, and one with what was said to have come of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.drafts import drop_draft, with_draft
from accounts.lists import Listing, asked_file
from accounts.requests import SignedInRequest, log_reading, viewer_in
from accounts.roles import ChildPermission
from children.cells import child_columns, child_link
from children.requests import opened
from screens.cells import day, link, short_day
from screens.components import Event, Link, SummaryRow
from screens.errors import conflict
from screens.pages import page
from screens.tables import Column, Table, day_column
from timescales.refusals import Refused

from .. import permissions, services
from ..cells import SAID_COLOURS, answers_for, decision_standing, decision_tag
from ..filters import DecisionFilter
from ..forms import OutcomeForm
from ..models import Decision, DecisionOutcome
from ..rules import SaidMeanwhile

MAY_NOT_READ = "Your role does not read what reviews decided."


@page("the list of decisions")
@require_safe
def list_decisions(request: SignedInRequest) -> HttpResponse:
    """The decisions this person may read across their children, those still owed first unless asked otherwise."""
    viewer = viewer_in(request)
    if not permissions.reads_some_record(viewer):
        raise PermissionDenied(MAY_NOT_READ)
    rows = Decision.objects.visible_to(viewer, ChildPermission.READ_RECORD).of_its_child().listed(viewer.on)
    filters = DecisionFilter.of_page(request, rows.with_outcomes(DecisionOutcome.objects.all()))
    caption = f"Decisions: {(filters.words('standing') or 'all').lower()}"
    listing = Listing(_table(viewer.on), filters.qs, "decisions", caption)
    if file := asked_file(request, listing):
        return file
    table = listing.drawn(request)
    log_reading(request, (decision.child_id for decision in table.rows))
    return render(request, "reviews/decisions_list.html", {"filters": filters, "form": filters.form, "table": table})


def _table(today: Any) -> Table:
    return Table(
        columns=[
            *child_columns(_child_cell),
            Column("decision", "Decision", _decision_cell, value=lambda row: row.text),
            Column("outcome", "Job done when", lambda row: row.outcome, is_only_in_file=True),
            Column("owner", "Who is to do it", answers_for, sort="owner"),
            day_column("due", "Due by", lambda row: row.duty.due_on, sort="duty__due_on", is_short=True),
            Column(
                "standing",
                "What came of it",
                lambda row: decision_tag(row, today),
                value=lambda row: decision_standing(row, today)[0],
            ),
            Column("said", "Last said", _said_cell, value=lambda row: row.last_said.proof if row.last_said else ""),
            day_column(
                "decided", "Decided on", lambda row: row.review.held_on, sort="review__held_on", is_short=True
            ),
        ],
        caption="Decisions",
        empty="No decision fits these filters.",
        per_page=50,
        sorted_by="due",
    )


def _child_cell(row: Decision) -> SafeString:
    return child_link(row.child, reverse("dashboards:child", args=[row.child.uuid]))


def _decision_cell(row: Decision) -> SafeString:
    return link(row.text, reverse("reviews:decision", args=[row.uuid]))


def _said_cell(row: Decision) -> SafeString | str:
    last = row.last_said
    return format_html("{}, {}", last.said_by, short_day(localdate(last.said_at))) if last else "Nothing yet"


@page("a decision")
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One decision: what was said to have come of it, and the form to say so for those who may."""
    viewer = viewer_in(request)
    found = _opened(request, uuid)
    may_mark = permissions.may_mark(viewer, found)
    if request.method != "POST":
        form = OutcomeForm(decision=found, on=viewer.on, initial={"done_on": viewer.on})
        return _page(request, found, form if may_mark else None)
    if not may_mark:
        raise PermissionDenied(permissions.MAY_NOT_MARK)
    form = OutcomeForm(request.POST, decision=found, on=viewer.on)
    return _marked(request, found, form) if form.is_valid() else _page(request, found, form)


def _opened(request: SignedInRequest, uuid: UUID) -> Decision:
    viewer = viewer_in(request)
    rows = Decision.objects.visible_to(viewer).listed(viewer.on)
    found: Decision = opened(request, rows.with_outcomes(DecisionOutcome.objects.all()), uuid)
    if not permissions.may_read_record(viewer, found.review):
        raise PermissionDenied(MAY_NOT_READ)
    return found


def _marked(request: SignedInRequest, found: Decision, form: OutcomeForm) -> HttpResponse:
    """Keep what is said and go back; where somebody was first, say who, with what this person typed."""
    viewer = viewer_in(request)
    try:
        said = services.mark_decision(
            decision=found, outcome=form.outcome, by=request.user, at=viewer.at, on=viewer.on
        )
    except SaidMeanwhile as first:
        again = Link("Open the decision again", reverse("reviews:decision", args=[found.uuid]))
        message = f"{first.message} What you typed was not saved. It is kept below."
        return conflict(request, heading="Somebody was first", message=message, kept=form.kept(), links=[again])
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, found, form)
    drop_draft(request)
    messages.success(request, f"Kept: {said.get_said_display().lower()}.")
    return redirect("reviews:decision", found.uuid)


def _page(request: SignedInRequest, found: Decision, form: OutcomeForm | None) -> HttpResponse:
    on = viewer_in(request).on
    context = {
        "decision": found,
        "child": found.child,
        "facts": _facts(found, decision_tag(found, on)),
        "said": [_event(outcome) for outcome in reversed(found.outcomes.all())],
        "form": form,
        **(with_draft(request, form) if form else {}),
    }
    return render(request, "reviews/decision.html", context)


def _facts(found: Decision, tag: SafeString) -> list[SummaryRow]:
    review = link(str(found.review), reverse("reviews:review", args=[found.review.uuid]))
    due = link(day(found.duty.due_on), reverse("duties:duty", args=[found.duty.uuid]), hidden="how it was found")
    return [
        SummaryRow("What came of it", tag),
        SummaryRow("Job done when", linebreaksbr(found.outcome)),
        SummaryRow("Who is to do it", answers_for(found)),
        SummaryRow("Due by", due),
        SummaryRow("Decided at", format_html("{}, held on {}", review, day(found.review.held_on))),
    ]


def _event(outcome: DecisionOutcome) -> Event:
    done = f" on {day(outcome.done_on)}" if outcome.done_on else ""
    return Event(
        f"{outcome.get_said_display()}{done}",
        outcome.said_at,
        linebreaksbr(outcome.proof),
        by=str(outcome.said_by),
        kind=SAID_COLOURS[outcome.said],
    )
