"""Saying when the last review was held, where the next one has no date."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest, viewer_in
from screens.cells import day
from screens.components import Link
from screens.errors import conflict
from screens.fields import answers_of
from screens.pages import page
from timescales import EARLIER_HISTORY, WHY_NOT_KNOWN
from timescales.refusals import Conflict, Refused

from .. import permissions, services
from ..forms import FindLastForm
from ..models import Review
from ..rules import AlreadyRecorded, Cancelled
from .opening import MAY_NOT_RECORD, opened_to, to


@page("the search for a last review")
@require_http_methods(["GET", "HEAD", "POST"])
def find_last(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask when the last review was held; the next one is dated from the answer."""
    review = opened_to(request, uuid, permissions.may_record, MAY_NOT_RECORD)
    form = FindLastForm(request.POST if request.method == "POST" else None)
    if not review.is_open or review.duty.due_on is not None:
        return _no_longer(request, review, form)
    if not form.is_valid():
        return _page(request, review, form)
    viewer = viewer_in(request)
    try:
        services.find_last(review=review, **form.cleaned_data, by=request.user, at=viewer.at, on=viewer.on)
    except (AlreadyRecorded, Cancelled, Conflict):
        return _no_longer(request, review, form)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, review, form)
    review.duty.refresh_from_db(fields=["due_on"])
    messages.success(request, f"The review is due by {day(review.duty.due_on)}.")
    return to("reviews:review", review)


def _page(request: SignedInRequest, review: Review, form: FindLastForm) -> HttpResponse:
    why = WHY_NOT_KNOWN[review.duty.why_not_known or EARLIER_HISTORY]
    return render(request, "reviews/find_last.html", {"review": review, "form": form, "why": why})


def _no_longer(request: SignedInRequest, review: Review, form: FindLastForm) -> HttpResponse:
    kept = answers_of(form) if form.is_bound and form.is_valid() else []
    return conflict(
        request,
        heading="The last review is not looked for any more",
        message="Its due date is known by now, or it is open no more. Nothing was changed.",
        kept=kept,
        links=[Link("Open the review", reverse("reviews:review", args=[review.uuid]))],
    )
