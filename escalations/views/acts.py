"""Acting on a concern: raising it, answering, moving up, resolving."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.drafts import drop_draft, with_draft
from accounts.requests import SignedInRequest, viewer_in
from escalations import permissions, rules, services
from escalations.forms import AnswerForm, ConcernForm, MoveUpForm, ResolutionForm
from escalations.models import Escalation, Step
from screens.cells import day
from screens.components import Link
from screens.errors import conflict
from screens.fields import answers_of
from screens.pages import page
from timescales.refusals import Refused

from .moves import open_step, stages_above
from .opening import opened_child, opened_escalation, refuse_unless_escalating

form_page = require_http_methods(["GET", "HEAD", "POST"])


@page("raising a concern")
@form_page
def raise_concern(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Raise a concern between reviews, at any stage."""
    viewer = viewer_in(request)
    child = opened_child(request, uuid)
    refuse_unless_escalating(viewer, child)
    stages = permissions.stages_now(child.authority_id, viewer.on)
    form = ConcernForm(request.POST or None, stages=stages)

    def act() -> tuple[Escalation, str]:
        raised = services.raise_concern(
            child=child, stage=form.chosen, raised=form.raised, by=request.user, at=viewer.at, on=viewer.on
        )
        due_on = raised.steps.get().duty.due_on
        return raised, f"Concern {raised.reference} raised. An answer is due by {day(due_on)}."

    return _done(request, form, act) or render(
        request,
        "escalations/raise.html",
        {"child": child, "form": form, "stages": stages, **with_draft(request, form)},
    )


@page("answering the {escalation}")
@form_page
def respond(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Answer the rung that was shown: accept, accept in part or contest."""
    viewer = viewer_in(request)
    escalation = opened_escalation(request, uuid)
    position = _seen_position(request, escalation)
    step = _step_at(escalation, position)
    why_not = permissions.why_not_answer(viewer, step)
    if why_not:
        raise PermissionDenied(why_not)
    if request.method != "POST" and not step.duty.is_open:
        return redirect("escalations:escalation", uuid)
    initial = {"answer": request.GET.get("answer"), "position": position}
    form = AnswerForm(request.POST or None, on=viewer.on, initial=initial)

    def act() -> tuple[Escalation, str]:
        services.respond(
            step=step,
            given=form.given,
            submission=form.cleaned_data["submission"],
            by=request.user,
            at=viewer.at,
            on=viewer.on,
        )
        return escalation, "Your answer has been sent to the IRO."

    below = [said for said in escalation.answers if said.step.stage.position < position]
    shown = {"escalation": escalation, "child": escalation.child, "form": form, "step": step, "below": below}
    shown |= with_draft(request, form)
    return _done(request, form, act) or render(request, "escalations/respond.html", shown)


@page("moving the {escalation} up")
@form_page
def move_up(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take the concern to a higher rung."""
    viewer = viewer_in(request)
    escalation = opened_escalation(request, uuid)
    refuse_unless_escalating(viewer, escalation.child)
    position = _seen_position(request, escalation)
    stages = stages_above(escalation, position)
    if request.method != "POST" and not (open_step(escalation) and stages):
        return redirect("escalations:escalation", uuid)
    form = MoveUpForm(request.POST or None, stages=stages, initial=_shown(escalation))

    def act() -> tuple[Escalation, str]:
        step = services.move_up(
            escalation=escalation,
            stage=form.chosen,
            reason=form.cleaned_data["reason"],
            seen=form.seen,
            by=request.user,
            at=viewer.at,
            on=viewer.on,
        )
        return escalation, f"Moved to {step.stage.name}. An answer is due by {day(step.duty.due_on)}."

    shown = {"escalation": escalation, "child": escalation.child, "form": form, **with_draft(request, form)}
    return _done(request, form, act) or render(request, "escalations/move_up.html", shown)


@page("resolving the {escalation}")
@form_page
def resolve(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End the concern, with words."""
    viewer = viewer_in(request)
    escalation = opened_escalation(request, uuid)
    refuse_unless_escalating(viewer, escalation.child)
    if request.method != "POST" and not open_step(escalation):
        return redirect("escalations:escalation", uuid)
    form = ResolutionForm(request.POST or None, initial=_shown(escalation))

    def act() -> tuple[Escalation, str]:
        services.resolve(
            escalation=escalation,
            resolution=form.cleaned_data["resolution"],
            seen=form.seen,
            by=request.user,
            at=viewer.at,
            on=viewer.on,
        )
        return escalation, f"Concern {escalation.reference} resolved."

    shown = {"escalation": escalation, "child": escalation.child, "form": form, **with_draft(request, form)}
    return _done(request, form, act) or render(request, "escalations/resolve.html", shown)


def _done(request: SignedInRequest, form: Form, act: Callable[[], tuple[Escalation, str]]) -> HttpResponse | None:
    """Do it where the form holds, and go on; None to show the form again, with what is wrong.

    Where somebody else was first: a page that says who, with what this person typed.
    """
    if not form.is_valid():
        return None
    try:
        escalation, words = act()
    except rules.Overtaken as overtaken:
        return _overtaken(request, form, overtaken)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None
    drop_draft(request)
    messages.success(request, words)
    return redirect("escalations:escalation", escalation.uuid)


def _overtaken(request: SignedInRequest, form: Form, overtaken: rules.Overtaken) -> HttpResponse:
    return conflict(
        request,
        heading="Somebody was first",
        message=f"{overtaken.message} What you typed was not saved. It is kept below.",
        kept=answers_of(form),
        links=[Link("See the concern as it is now", request.path.rsplit("/", 2)[0] + "/")],
    )


def _shown(escalation: Escalation) -> dict[str, Any]:
    """What the page shows of the concern, for its form to send back."""
    return services.seen_in(escalation)._asdict()


def _seen_position(request: SignedInRequest, escalation: Escalation) -> int:
    """The rung the person was looking at: the one in the form, else the one it stands on."""
    posted = request.POST.get("position", "")
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 5 else escalation.stage.position


def _step_at(escalation: Escalation, position: int) -> Step:
    for step in escalation.steps.all():
        if step.stage.position == position:
            return step
    raise Http404
