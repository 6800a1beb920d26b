"""Correcting a recorded review; where its day changes, what moves with it is read before anything is saved."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest, viewer_in
from screens.components import Link, SummaryRow
from screens.errors import conflict
from screens.fields import carried
from screens.pages import page
from timescales.refusals import Conflict, Refused

from .. import services
from ..explaining import what_goes, what_moves
from ..forms import CorrectionForm, NotHeldForm
from ..models import Review
from ..rules import RAG_NEEDING_REASON
from .corrections import said_rows
from .opening import cancelled_words, opened_to_record, to


@page("correcting a review")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Correct any field of a record, with the reason."""
    review = opened_to_record(request, uuid)
    if not review.is_recorded_here:
        return not_recorded(request, review)
    if request.method != "POST":
        return _page(request, review, CorrectionForm(review=review, on=viewer_in(request).on))
    form = CorrectionForm(request.POST, review=review, on=viewer_in(request).on)
    if not form.is_valid() or request.POST.get("do") == "change":
        return _page(request, review, form)
    return _correct(request, review, form)


def not_recorded(request: SignedInRequest, review: Review) -> HttpResponse:
    """The review where there is nothing to correct; who was first, with what was typed, where there is no more."""
    if request.method != "POST":
        return to("reviews:review", review)
    return conflict(
        request,
        heading="There is no record of this review to correct",
        message=f"{cancelled_words(review) if review.duty.closed_at else ''} Nothing of yours was saved.".strip(),
        kept=[(name.replace("_", " ").capitalize(), text) for name, text in carried(request.POST)],
        links=[Link("Open the review", reverse("reviews:review", args=[review.uuid]))],
    )


def _correct(request: SignedInRequest, review: Review, form: CorrectionForm) -> HttpResponse:
    viewer = viewer_in(request)
    try:
        sentences = _moving(request, review, form)
        if sentences != request.POST.getlist("shown"):
            return _check_page(request, review, form, sentences)
        services.correct_review(
            review=review,
            made=form.made,
            reason=form.cleaned_data["reason"],
            seen=seen_by(request),
            by=request.user,
            at=viewer.at,
            on=viewer.on,
        )
    except Conflict as overtaken:
        return overtaken_page(
            request, review, overtaken, [(row.key, str(row.value)) for row in _changes(review, form)]
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, review, form)
    _say_corrected(request, review, form)
    return to("reviews:review", review)


def _moving(request: SignedInRequest, review: Review, form: CorrectionForm) -> list[str]:
    """What moves with the day, in sentences; none where the day stays."""
    viewer, held_on = viewer_in(request), form.moves_to
    if held_on is None:
        return []
    moved = services.foresee_move(review=review, held_on=held_on, at=viewer.at, on=viewer.on)
    return what_moves(review=review, held_on=held_on, moved=moved)


def seen_by(request: SignedInRequest) -> int:
    """How many corrections the page told of; none from a page that does not say."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0


def _say_corrected(request: SignedInRequest, review: Review, form: CorrectionForm) -> None:
    messages.success(request, "The record is corrected. What it said before stands below it.")
    rag = form.cleaned_data["rag"]
    if rag in RAG_NEEDING_REASON and rag != review.rag:
        messages.warning(
            request, f"It is rated {rag.title()} now, and nobody is told by that: raise a concern if one is needed."
        )


def _page(request: SignedInRequest, review: Review, form: CorrectionForm) -> HttpResponse:
    seen = request.POST.get("seen", str(review.corrections.count()))
    return render(request, "reviews/correct.html", {"review": review, "form": form, "seen": seen})


def _check_page(request: SignedInRequest, review: Review, form: CorrectionForm, sentences: list[str]) -> HttpResponse:
    """What moves, and the whole correction once more; the form goes along unseen."""
    context = {
        "review": review,
        "sentences": sentences,
        "rows": _changes(review, form),
        "typed": carried(request.POST),
        "seen": request.POST.get("seen", ""),
    }
    return render(request, "reviews/correct_check.html", context)


def _changes(review: Review, form: CorrectionForm) -> list[SummaryRow]:
    said = form.made.columns()
    changed = {name: value for name, value in said.items() if value != getattr(review, name)}
    return [*said_rows(changed), SummaryRow("Why it is corrected", form.cleaned_data["reason"])]


def overtaken_page(
    request: SignedInRequest, review: Review, overtaken: Conflict, kept: list[tuple[str, str]]
) -> HttpResponse:
    return conflict(
        request,
        heading="This record has been corrected meanwhile",
        message=f"{overtaken.message} Nothing of yours was saved.",
        kept=kept,
        links=[
            Link("Open the review", reverse("reviews:review", args=[review.uuid])),
            Link("Correct it as it stands now", reverse("reviews:correct", args=[review.uuid])),
        ],
    )


@page("saying that a recorded review did not take place")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def not_held(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say that a recorded review did not take place; what that means is read first."""
    review, viewer = opened_to_record(request, uuid), viewer_in(request)
    if not review.is_recorded_here:
        return not_recorded(request, review)
    form = NotHeldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.cancel_record(
                review=review, reason=reason, seen=seen_by(request), by=request.user, at=viewer.at, on=viewer.on
            )
        except Conflict as overtaken:
            return overtaken_page(request, review, overtaken, [(str(form["reason"].label), reason)])
        messages.success(request, "The review counts as one that did not take place.")
        return to("reviews:review", review)
    moved = services.foresee_move(review=review, held_on=None, at=viewer.at, on=viewer.on)
    seen = request.POST.get("seen", str(review.corrections.count()))
    context = {"review": review, "form": form, "seen": seen, "sentences": what_goes(moved)}
    return render(request, "reviews/not_held.html", context)
