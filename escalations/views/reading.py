"""Reading: the list, one escalation, and those of one child."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.models import AccessEvent
from audit.services import record_access
from escalations import permissions
from escalations.forms import FilterForm
from escalations.standings import Standings, marked

from .ladder import draw, formal_days
from .moves import next_move
from .opening import not_for_reading, opened, opened_child, reader
from .table import LIST, chips, with_people


@require_safe
def escalations(request: HttpRequest) -> HttpResponse:
    """Every concern this person may read, by the day its answer is due."""
    user, today = reader(request), timezone.localdate()
    if not permissions.reads_some_record(user):
        raise not_for_reading(request)
    form = FilterForm(request.GET, stages=permissions.stage_names(user.authority_id))
    rows = permissions.to_read(user).chosen(**form.chosen).with_its_people()
    if form.is_mine_only:
        rows = permissions.needing(user, rows)
    standings = Standings.on(today)
    table = LIST.render(request, rows, caption=form.caption, prepare=lambda page: with_people(page, standings))
    record_access(
        child_ids={row.escalation.child_id for row in table.rows},
        authority_id=user.authority_id,
        action=AccessEvent.Action.LIST,
        what="escalations:list",
        by=user,
        at=timezone.now(),
    )
    return render(
        request, "escalations/list.html", {"table": table, "filter": form, "chips": chips(request.GET, form)}
    )


@require_safe
def escalation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One concern: what is asked, the ladder with every answer, and the next move."""
    user = reader(request)
    found, today = opened(request, uuid, "escalations:escalation"), timezone.localdate()
    standings = Standings.on(today)
    people = (
        permissions.responders_of([found])[found.pk] if any(step.duty.is_open for step in found.steps.all()) else []
    )
    asked = permissions.with_whom(found.stage, people)
    page = {
        "escalation": found,
        "child": found.child,
        "rungs": draw(found, asked, standings),
        "formal": formal_days(found, standings),
        "move": next_move(user, found, asked, today),
    }
    return render(request, "escalations/escalation.html", page)


@require_safe
def of_child(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every concern about one child, open ones first."""
    user = reader(request)
    child = opened_child(request, uuid, "escalations:of_child")
    rows = permissions.about(child).with_its_people()
    page = {
        "child": child,
        "waiting": marked(rows, timezone.localdate()),
        "may_raise": permissions.may_escalate(user, child),
    }
    return render(request, "escalations/of_child.html", page)
