"""An authority's ladder: as it stands, set anew from a day on, and taken back while it has not begun."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may_open_settings, may_set_practice
from accounts.requests import SignedInRequest, viewer_in
from screens.components import Link
from screens.errors import conflict
from screens.fields import CONTROLS, carried, whole_number
from screens.pages import page
from timescales.refusals import Conflict, Refused
from timescales.words import counted, in_words

from .. import services
from ..examples import BY_CODE, EXAMPLES
from ..explaining import what_a_ladder_means
from ..forms.ladders import LadderForm, initial_of, with_row_added, without_row
from ..models import Ladder
from ..rules import Rung

CURRENT = "current"
MAY_NOT_SET = "An IRO manager sets the ladder."


@page("the ladder")
@require_safe
def ladders(request: SignedInRequest) -> HttpResponse:
    """The ladder in force, one to come, those of before, and what a new one may start from."""
    viewer = viewer_in(request)
    if not may_open_settings(viewer):
        raise PermissionDenied(MAY_NOT_SET)
    every = list(Ladder.objects.of_authority(viewer.user.authority_id))
    begun = [ladder for ladder in every if ladder.starts_on <= viewer.on]
    context = {
        "now": begun[0] if begun else None,
        "earlier": begun[1:],
        "to_come": [ladder for ladder in every if ladder.starts_on > viewer.on],
        "examples": EXAMPLES,
        "may_set": may_set_practice(viewer),
    }
    return render(request, "escalations/ladders.html", context)


@page("setting the ladder")
@require_http_methods(["GET", "HEAD", "POST"])
def set_ladder(request: SignedInRequest) -> HttpResponse:
    """The rungs of a new ladder; what it would mean is read before it is saved."""
    viewer = viewer_in(request)
    if not may_set_practice(viewer):
        raise PermissionDenied(MAY_NOT_SET)
    if request.method != "POST":
        return _page(request, LadderForm(on=viewer.on, initial=_initial(request)), _newest(request))
    fields = _typed(request)
    if request.POST.get("do") == "add" or "remove" in request.POST:
        return _change_rows(request, fields)
    form = LadderForm(MultiValueDict(fields), on=viewer.on)
    if not form.is_valid() or request.POST.get("do") == "change":
        return _page(request, form, request.POST.get("seen", ""))
    return _decide(request, form)


def _initial(request: SignedInRequest) -> dict[str, Any]:
    """An example, or the ladder in force; an unknown one gives a blank rung."""
    asked, viewer = request.GET.get("from", ""), viewer_in(request)
    if asked in BY_CODE:
        return initial_of(BY_CODE[asked].rungs)
    ladder = Ladder.objects.in_force(viewer.user.authority_id, viewer.on) if asked == CURRENT else None
    return {"ladder_name": ladder.name} | initial_of(ladder.stages.all()) if ladder else {}


def _newest(request: SignedInRequest) -> str:
    newest = Ladder.objects.newest(viewer_in(request).user.authority_id)
    return str(newest.pk) if newest else ""


def _typed(request: SignedInRequest) -> dict[str, list[str]]:
    """What was posted of the form, but for the page's own controls."""
    return {name: texts for name, texts in request.POST.lists() if name not in CONTROLS}


def _change_rows(request: SignedInRequest, fields: dict[str, list[str]]) -> HttpResponse:
    """The same page with a rung more or fewer, everything typed in its place."""
    gone = request.POST.get("remove", "")
    is_row = gone.isascii() and gone.isdigit() and len(gone) <= 2
    changed = MultiValueDict(without_row(fields, int(gone)) if is_row else with_row_added(fields))
    blank = LadderForm(changed, on=viewer_in(request).on)
    shown = {name: field.widget.value_from_datadict(changed, {}, name) for name, field in blank.fields.items()}
    form = LadderForm(on=viewer_in(request).on, initial=shown)
    return _page(request, form, request.POST.get("seen", ""))


def _decide(request: SignedInRequest, form: LadderForm) -> HttpResponse:
    viewer, seen = viewer_in(request), request.POST.get("seen", "")
    sentences = what_a_ladder_means(viewer.user.authority_id, form.decided)
    if request.POST.get("do") != "save" or sentences != request.POST.getlist("shown"):
        return _check_page(request, form, sentences)
    try:
        services.decide_ladder(
            authority=viewer.user.authority,
            decided=form.decided,
            seen=whole_number(seen, 9),
            by=request.user,
            at=viewer.at,
            on=viewer.on,
        )
    except Conflict as overtaken:
        return _overtaken(request, form, overtaken)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, form, seen)
    messages.success(request, f"The ladder is set from {in_words(form.decided.starts_on)}.")
    return redirect("escalations:ladders")


def _page(request: SignedInRequest, form: LadderForm, seen: str) -> HttpResponse:
    return render(request, "escalations/set_ladder.html", {"form": form, "seen": seen})


def _check_page(request: SignedInRequest, form: LadderForm, sentences: list[str]) -> HttpResponse:
    context = {
        "decided": form.decided,
        "sentences": sentences,
        "typed": carried(request.POST),
        "seen": request.POST.get("seen", ""),
    }
    return render(request, "escalations/set_ladder_check.html", context)


def _overtaken(request: SignedInRequest, form: LadderForm, overtaken: Conflict) -> HttpResponse:
    decided = form.decided
    kept = [
        ("Name", decided.name),
        ("From", in_words(decided.starts_on)),
        *((rung.name, _in_words(rung)) for rung in decided.stages),
        ("Why it is longer", decided.why_longer),
    ]
    return conflict(
        request,
        heading="The ladder has been changed meanwhile",
        message=f"{overtaken.message} Nothing of yours was saved.",
        kept=kept,
        links=[Link("See the ladder", reverse("escalations:ladders"))],
    )


def _in_words(rung: Rung) -> str:
    formal = "formal" if rung.is_formal else "informal"
    advice = f"; agreement asked for: {rung.sign_off}" if rung.sign_off else ""
    return f"{rung.role_name}, {counted(rung.working_days, 'working day')}, {formal}{advice}"


@page("taking back a ladder")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_ladder(request: SignedInRequest, number: int) -> HttpResponse:
    """Take back a ladder that has not begun."""
    viewer = viewer_in(request)
    if not may_set_practice(viewer):
        raise PermissionDenied(MAY_NOT_SET)
    ladder = Ladder.objects.of_authority(viewer.user.authority_id).filter(pk=number).first()
    if ladder is None and request.method == "POST":
        messages.error(request, "This ladder is not there: it may have been taken back already.")
        return redirect("escalations:ladders")
    if ladder is None:
        raise Http404
    if request.method == "POST":
        try:
            services.withdraw_ladder(ladder=ladder, by=request.user, at=viewer.at, on=viewer.on)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"The ladder from {in_words(ladder.starts_on)} is taken back.")
        return redirect("escalations:ladders")
    return render(request, "escalations/withdraw_ladder.html", {"ladder": ladder})
