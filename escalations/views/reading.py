"""Reading: the list, one escalation, and those of one child."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.lists import asked_file
from accounts.requests import SignedInRequest, log_reading, viewer_in
from accounts.roles import ChildPermission
from duties.cells import duty_standing, standing_tag
from escalations import permissions
from escalations.filters import EscalationFilter
from escalations.models import Escalation
from escalations.standings import Standings, marked
from screens.pages import Tab, page

from .ladder import draw, formal_days
from .moves import next_move, promised
from .opening import not_for_reading, opened_child, opened_escalation
from .table import listed, listed_of


@page("the list of {escalations}")
@require_safe
def escalations(request: SignedInRequest) -> HttpResponse:
    """Every concern this person may read, by the day its answer is due."""
    viewer = viewer_in(request)
    if not permissions.reads_some_record(viewer):
        raise not_for_reading(request)
    rows = Escalation.objects.visible_to(viewer, ChildPermission.READ_RECORD).with_its_people()
    filters = EscalationFilter.of_page(request, rows)
    listing = listed(filters.qs, Standings.on(viewer.on), filters.caption)
    if file := asked_file(request, listing):
        return file
    table = listing.drawn(request)
    log_reading(request, (row.escalation.child_id for row in table.rows))
    return render(request, "escalations/list.html", {"table": table, "filters": filters, "form": filters.form})


@page("the {escalation}")
@require_safe
def escalation(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One concern: what is asked, the ladder with every answer, and the next move."""
    found, viewer = opened_escalation(request, uuid), viewer_in(request)
    standings = Standings.on(viewer.on)
    is_awaited = any(step.duty.is_open for step in found.steps.all())
    people = permissions.responders_of([found])[found.pk] if is_awaited else []
    asked = permissions.with_whom(found.stage, people)
    context = {
        "escalation": found,
        "child": found.child,
        "rungs": draw(found, asked, standings),
        "formal": formal_days(found, standings),
        "move": next_move(viewer, found, asked),
        "promises": [
            (said, standing_tag(duty_standing(said.duty, viewer.on)), permissions.may_keep_promise(viewer, said))
            for said in promised(found)
        ],
    }
    return render(request, "escalations/escalation.html", context)


@page("the child's {escalations}", tab=Tab("{Escalations}", 3))
@require_safe
def of_child(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every concern about one child, open ones first."""
    child, viewer = opened_child(request, uuid), viewer_in(request)
    rows = Escalation.objects.visible_to(viewer).of_child(child.pk).with_its_people()
    listing = listed_of(child, rows, viewer.on)
    if file := asked_file(request, listing):
        return file
    waiting = marked(rows, viewer.on)
    context = {
        "child": child,
        "waiting": waiting,
        "files": [("Concerns", listing.file_url(request))] if waiting else [],
        "may_raise": permissions.may_escalate(viewer, child),
    }
    return render(request, "escalations/of_child.html", context)
