"""Correcting when care began or ended, an episode, or an allocation; what changes is read before it is saved."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest, viewer_in
from reviews.explaining import what_moves_of_others
from reviews.services import correct_episode, foresee_episode
from screens.cells import day as in_full
from screens.components import Link
from screens.errors import conflict
from screens.fields import answers_of, carried, whole_number
from screens.pages import page
from timescales.refusals import Conflict, Refused

from .. import permissions
from ..correction_words import KINDS, named_in, sentences
from ..forms import AllocationForm, EpisodeForm
from ..models import Allocation, Child, CorrectedFact, Episode
from ..requests import opened
from ..services import correct_allocation, foresee_allocation, kind_of, whose

MAY_NOT = "Correcting this is for the IRO manager."


class _Correcting:
    """One page that corrects a fact: what is asked, what it comes to, and the act, each said by who asks it."""

    def __init__(
        self,
        request: SignedInRequest,
        child: Child,
        kind: str,
        heading: str,
        form: forms.Form,
        foresee: Callable[[int], list[str]],
        act: Callable[[int], None],
    ) -> None:
        self.request, self.child, self.kind, self.heading, self.form = request, child, kind, heading, form
        self.foresee, self.act = foresee, act
        self.back = "children:care" if kind == CorrectedFact.Kind.EPISODE else "children:people"

    def answer(self) -> HttpResponse:
        """The form; what changes; or, that read and the button pressed, the act."""
        posted = self.request.POST
        if self.request.method != "POST" or not self.form.is_valid() or posted.get("do") == "change":
            return self._page("children/correct.html")
        try:
            found = self.foresee(_seen(self.request))
            if found != posted.getlist("shown"):
                return self._page("children/correct_check.html", sentences=found, typed=carried(self.request.POST))
            self.act(_seen(self.request))
        except Conflict as overtaken:
            return _overtaken(self.request, self.child, self.back, overtaken.message, answers_of(self.form))
        except Refused as refusal:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, refusal.message)
            return self._page("children/correct.html")
        messages.success(self.request, "Corrected. What it said before stands below.")
        return redirect(self.back, self.child.uuid)

    def _page(self, template: str, **more: Any) -> HttpResponse:
        seen = self.request.POST.get("seen", str(self.child.corrected_facts.of_kind(self.kind).count()))
        back_url = reverse(self.back, args=[self.child.uuid])
        context = {
            "child": self.child,
            "heading": self.heading,
            "form": self.form,
            "seen": seen,
            "back_url": back_url,
        }
        return render(self.request, template, {**context, **more})


@page("correcting care")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_care(request: SignedInRequest, uuid: UUID, day: str) -> HttpResponse:
    """Correct the episode that began that day: of the first one the day care began, of the last one its end."""
    child, viewer = _opened(request, uuid), viewer_in(request)
    episode = Episode.objects.visible_to(viewer).filter(child=child, starts_on=_day(day)).first()
    if episode is None:
        if request.method == "POST":
            return _overtaken(
                request, child, "children:care", "That episode is not held any more.", _as_posted(request)
            )
        raise Http404
    form = EpisodeForm(request.POST if request.method == "POST" else None, episode=episode)

    def foresee(seen: int) -> list[str]:
        found = foresee_episode(
            child=child, starts_on=episode.starts_on, made=form.made, seen=seen, at=viewer.at, on=viewer.on
        )
        follows = [*what_moves_of_others(found.moved), *_allocated_before(child, found.care_from)]
        return _said(sentences(found.changes, {}), follows)

    def act(seen: int) -> None:
        correct_episode(
            child=child,
            starts_on=episode.starts_on,
            made=form.made,
            reason=form.cleaned_data["reason"],
            seen=seen,
            by=request.user,
            at=viewer.at,
        )

    heading = f"Correct the episode from {in_full(episode.starts_on)}"
    return _Correcting(request, child, CorrectedFact.Kind.EPISODE, heading, form, foresee, act).answer()


@page("correcting who works with the child")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_people(request: SignedInRequest, uuid: UUID, allocation: int) -> HttpResponse:
    """Correct whose an allocation was and from when, or say that it was made by mistake."""
    child = _opened(request, uuid)
    rows = Allocation.objects.visible_to(viewer_in(request)).filter(child=child).select_related("user")
    return _correct_allocation(request, child, rows, allocation)


@page("correcting which team is responsible")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_team(request: SignedInRequest, uuid: UUID, allocation: int) -> HttpResponse:
    """Correct which team was responsible and from when, or that it was said by mistake."""
    child = _opened(request, uuid)
    return _correct_allocation(request, child, child.team_allocations.select_related("team"), allocation)


def _correct_allocation(request: SignedInRequest, child: Child, rows: QuerySet[Any], allocation: int) -> HttpResponse:
    row, viewer = rows.filter(pk=allocation).first(), viewer_in(request)
    if row is None:
        if request.method == "POST":
            return _overtaken(
                request, child, "children:people", "That allocation has been taken away.", _as_posted(request)
            )
        raise Http404
    form = AllocationForm(request.POST if request.method == "POST" else None, allocation=row)
    kind = KINDS[kind_of(row)]

    def foresee(seen: int) -> list[str]:
        plan = foresee_allocation(allocation=row, made=form.made, seen=seen, at=viewer.at)
        said = sentences(plan.changes, named_in(plan.changes))
        if plan.is_gone and row.ends_on is None and len(plan.rows) == 1:
            said.append(f"The child has no {_inside(kind)} then, until one is allocated.")
        return _said(said, ["What it opened to somebody closes with it, and what it closed opens again."])

    def act(seen: int) -> None:
        correct_allocation(
            allocation=row,
            made=form.made,
            reason=form.cleaned_data["reason"],
            seen=seen,
            by=request.user,
            at=viewer.at,
        )

    heading = f"Correct: {whose(row)}, {_inside(kind)} from {in_full(row.starts_on)}"
    return _Correcting(request, child, CorrectedFact.Kind.ALLOCATION, heading, form, foresee, act).answer()


def _inside(kind: str) -> str:
    """A kind of allocation inside a sentence."""
    return kind if kind.isupper() else kind.lower()


def _allocated_before(child: Child, care_from: date) -> list[str]:
    """That somebody would be the IRO of a child not looked after yet: a person has to say from when."""
    early = child.allocations.filter(kind=Allocation.Kind.IRO, starts_on__lt=care_from).newest_first()
    return [
        f"{row.user} is the IRO from {in_full(row.starts_on)}, before care began: correct that allocation as well."
        for row in early
    ]


def _said(changes: list[str], follows: list[str]) -> list[str]:
    """What changes and what follows; a refusal where nothing does."""
    if not changes:
        raise Refused("Nothing is different from what is held. Change what is wrong.")
    return [*changes, *follows]


def _opened(request: SignedInRequest, uuid: UUID) -> Child:
    child = opened(request, Child.objects.visible_to(viewer_in(request)), uuid)
    if not permissions.may_correct_facts(viewer_in(request), child):
        raise PermissionDenied(MAY_NOT)
    return child


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _seen(request: SignedInRequest) -> int:
    """How many corrections the page told of; none from a page that does not say."""
    return whole_number(request.POST.get("seen", ""), 5) or 0


def _overtaken(
    request: SignedInRequest, child: Child, back: str, message: str, kept: list[tuple[str, str]]
) -> HttpResponse:
    return conflict(
        request,
        heading="This has been corrected meanwhile",
        message=f"{message} Nothing of yours was saved.",
        kept=kept,
        links=[Link("See how it stands now", reverse(back, args=[child.uuid]))],
    )


def _as_posted(request: SignedInRequest) -> list[tuple[str, str]]:
    """What was typed, where what the form was about is gone: the names of its boxes have to do."""
    return [(name.replace("_", " ").capitalize(), text) for name, text in carried(request.POST)]
