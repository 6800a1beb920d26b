"""Saying what came of a promise."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.drafts import drop_draft, with_draft
from accounts.requests import SignedInRequest, viewer_in
from escalations import permissions, rules, services
from escalations.forms import PromiseForm
from escalations.models import Escalation, Response
from screens.components import Link
from screens.errors import conflict
from screens.fields import answers_of
from screens.pages import page
from timescales.refusals import Refused

from .opening import opened_escalation


@page("a promise in the {escalation}")
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: SignedInRequest, uuid: UUID, position: int) -> HttpResponse:
    """What was promised at one rung, and the form to say that it is done."""
    viewer = viewer_in(request)
    escalation = opened_escalation(request, uuid)
    response = _at(escalation, position)
    if not permissions.may_keep_promise(viewer, response):
        raise PermissionDenied("Only whoever promised it and the child's IRO say what came of it.")
    if request.method != "POST" and response.ended_at is not None:
        return redirect("escalations:escalation", uuid)
    may_release = permissions.may_escalate(viewer, escalation.child)
    form = PromiseForm(request.POST or None, may_release=may_release, initial={"kept_on": viewer.on})
    if form.is_valid() and (answer := _end(request, response, form)):
        return answer
    shown = {"escalation": escalation, "child": escalation.child, "said": response, "form": form}
    shown |= with_draft(request, form)
    return render(request, "escalations/promise.html", shown)


def _at(escalation: Escalation, position: int) -> Response:
    """The answer of a rung that promised something; Http404 where there is none."""
    for response in escalation.answers:
        if response.step.stage.position == position and response.duty_id is not None:
            return response
    raise Http404


def _end(request: SignedInRequest, response: Response, form: PromiseForm) -> HttpResponse | None:
    """Keep what is said, and go on; None to show the form again."""
    viewer = viewer_in(request)
    back = reverse("escalations:escalation", args=[response.step.escalation.uuid])
    try:
        services.end_promise(
            response=response,
            words=form.cleaned_data["words"],
            kept_on=form.day_kept,
            by=request.user,
            at=viewer.at,
            on=viewer.on,
        )
    except rules.Overtaken as first:
        message = f"{first.message} What you typed was not saved. It is kept below."
        links = [Link("See the concern as it is now", back)]
        return conflict(request, heading="Somebody was first", message=message, kept=answers_of(form), links=links)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None
    drop_draft(request)
    messages.success(request, "Kept: what came of the promise.")
    return redirect(back)
