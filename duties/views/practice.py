"""What an authority decides about its dates and words: as it stands, and changed from a day on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may_open_settings, may_set_practice
from accounts.requests import SignedInRequest, viewer_in
from authorities.models import Policy
from authorities.rules import MARGINS
from authorities.words import words_of
from screens.components import Link, SummaryRow
from screens.errors import conflict
from screens.fields import answers_of, carried, whole_number
from screens.pages import page
from timescales.refusals import Conflict, Refused
from timescales.words import counted, in_words

from .. import services
from ..explaining import what_a_policy_means
from ..forms import PracticeForm
from ..forms.practice import ASKED, CHALLENGES

MAY_NOT_SET = "An IRO manager sets margins, words and what a rating leads to."


@page("margins and words")
@require_safe
def practice(request: SignedInRequest) -> HttpResponse:
    """The margins, words and challenge in force, those to come, and those of before."""
    viewer = viewer_in(request)
    if not may_open_settings(viewer):
        raise PermissionDenied(MAY_NOT_SET)
    every = list(Policy.objects.of_authority(viewer.user.authority_id))
    now = Policy.objects.in_force(viewer.user.authority_id, viewer.on)
    context = {
        "now": now,
        "rows": said(now),
        "to_come": [(policy, said(policy)) for policy in every if policy.starts_on > viewer.on],
        "earlier": [policy for policy in every if policy.starts_on < now.starts_on],
        "may_set": may_set_practice(viewer),
    }
    return render(request, "duties/practice.html", context)


def said(policy: Policy) -> list[SummaryRow]:
    """Everything a policy says, in the words it is asked for with."""
    words = words_of(policy.words)
    margins = [
        SummaryRow(margin.asked, counted(policy.margins[name], "working day")) for name, margin in MARGINS.items()
    ]
    challenge = CHALLENGES["yes" if policy.is_rag_linked_to_ladder else "no"]
    named = [SummaryRow(asked, words[key]) for key, asked in ASKED.items()]
    return [*margins, SummaryRow("What an Amber or Red rating leads to", challenge), *named]


@page("changing margins and words")
@require_http_methods(["GET", "HEAD", "POST"])
def set_practice(request: SignedInRequest) -> HttpResponse:
    """Change them from a day on; what that would mean is read before it is saved."""
    viewer = viewer_in(request)
    if not may_set_practice(viewer):
        raise PermissionDenied(MAY_NOT_SET)
    now = Policy.objects.in_force(viewer.user.authority_id, viewer.on)
    if request.method != "POST":
        newest = Policy.objects.newest(viewer.user.authority_id)
        return _page(request, PracticeForm(now=now, on=viewer.on), str(newest.pk if newest else ""))
    form = PracticeForm(request.POST, now=now, on=viewer.on)
    if not form.is_valid() or request.POST.get("do") == "change":
        return _page(request, form, request.POST.get("seen", ""))
    return _decide(request, form)


def _decide(request: SignedInRequest, form: PracticeForm) -> HttpResponse:
    viewer, seen = viewer_in(request), request.POST.get("seen", "")
    sentences = what_a_policy_means(viewer.user.authority, form.decided, viewer.on)
    if request.POST.get("do") != "save" or sentences != request.POST.getlist("shown"):
        return _check_page(request, form, sentences)
    try:
        changed = services.decide_policy(
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
    said = f" {counted(changed, 'open date')} worked out anew." if changed else ""
    messages.success(request, f"It is set from {in_words(form.decided.starts_on)}.{said}")
    return redirect("duties:practice")


def _page(request: SignedInRequest, form: PracticeForm, seen: str) -> HttpResponse:
    return render(request, "duties/set_practice.html", {"form": form, "seen": seen})


def _check_page(request: SignedInRequest, form: PracticeForm, sentences: list[str]) -> HttpResponse:
    context: dict[str, Any] = {
        "decided": form.decided,
        "sentences": sentences,
        "typed": carried(request.POST),
        "seen": request.POST.get("seen", ""),
    }
    return render(request, "duties/set_practice_check.html", context)


def _overtaken(request: SignedInRequest, form: PracticeForm, overtaken: Conflict) -> HttpResponse:
    return conflict(
        request,
        heading="Somebody else has changed this meanwhile",
        message=f"{overtaken.message} Nothing of yours was saved.",
        kept=answers_of(form),
        links=[Link("See what is set", reverse("duties:practice"))],
    )
