"""Booking a review."""

from datetime import date
from types import EllipsisType
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest, viewer_in
from duties.clocks import Clock
from duties.explaining import WhatIf, what_if
from screens.cells import day
from screens.components import Link
from screens.errors import conflict
from screens.pages import page
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from .. import permissions, services
from ..forms import BookingForm, UnbookForm
from ..models import Review
from ..rules import AlreadyRecorded, Cancelled
from .opening import MAY_NOT_SCHEDULE, opened_review, opened_to, to, who_closed


@page("how a due date was worked out")
@require_safe
def due(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Where a due date used to be explained; links to it stand in old mails and bookmarks."""
    review = opened_review(request, uuid)
    return redirect("duties:duty", review.duty.uuid)


@page("booking a review")
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Book a review for a day; a day after the due date is asked about before it is taken."""
    review = opened_to(request, uuid, permissions.may_schedule, MAY_NOT_SCHEDULE)
    if request.method == "POST":
        return _book(request, review)
    if not review.is_open:
        return _no_longer(request, review)
    form = BookingForm(review=review, on=viewer_in(request).on, initial={"booked_for_on": review.duty.planned_for_on})
    form.hide_the_tick()
    return _booking_page(request, review, form)


def _book(request: SignedInRequest, review: Review) -> HttpResponse:
    viewer = viewer_in(request)
    form = BookingForm(request.POST, review=review, on=viewer.on)
    if not review.is_open:
        return _no_longer(request, review, form)
    if not form.is_valid():
        form.hide_the_tick()
        return _booking_page(request, review, form)
    wanted = form.cleaned_data["booked_for_on"]
    is_late = review.duty.due_on is not None and wanted > review.duty.due_on
    if is_late and not form.cleaned_data["is_late_accepted"]:
        return _booking_page(request, review, form, _what_it_means(form, review, viewer.on))
    try:
        services.book(
            review=review,
            booked_for_on=wanted,
            by=request.user,
            at=viewer.at,
            on=viewer.on,
            seen_for_on=_seen(request),
        )
    except (AlreadyRecorded, Cancelled):
        review.refresh_from_db()
        return _no_longer(request, review, form)
    except Refused as refusal:
        form.refuse(refusal)
        review.duty.refresh_from_db(fields=["planned_for_on"])
        status = 409 if isinstance(refusal, Conflict) else 200
        return _booking_page(request, review, form, seen=_iso(review), status=status)
    _say_booked(request, review, wanted, is_late)
    return to("reviews:review", review)


def _what_it_means(form: BookingForm, review: Review, today: date) -> WhatIf | None:
    try:
        return what_if(review.duty, form.cleaned_data["booked_for_on"], Clock.of(review.authority_id, today))
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _seen(request: SignedInRequest) -> date | EllipsisType | None:
    """The day it was booked for when the page was opened; Ellipsis from a page that does not say."""
    seen = request.POST.get("seen_for_on")
    if seen is None:
        return ...
    try:
        return parse_date(seen)
    except ValueError:
        return None


def _say_booked(request: SignedInRequest, review: Review, wanted: date, is_late: bool) -> None:
    said = f"Booked for {in_words(wanted)}."
    if is_late:
        messages.warning(request, f"{said} That is after its due date, {day(review.duty.due_on)}.")
    else:
        messages.success(request, said)


def _booking_page(
    request: SignedInRequest,
    review: Review,
    form: BookingForm,
    late: WhatIf | None = None,
    *,
    seen: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `seen` is the booking it tells of where that is not the one it told of before."""
    if late is None and "is_late_accepted" in form.fields:
        form.hide_the_tick()
    duty, today = review.duty, viewer_in(request).on
    is_past_due = duty.due_on is not None and duty.due_on < today
    is_best_past = duty.act_by_on is not None and duty.act_by_on < today
    context = {
        "review": review,
        "form": form,
        "late": late,
        "is_past_due": is_past_due,
        "is_best_past": is_best_past,
        "seen": request.POST.get("seen_for_on", _iso(review)) if seen is None else seen,
    }
    return render(request, "reviews/book.html", context, status=status)


@page("taking a booking away")
@require_http_methods(["GET", "HEAD", "POST"])
def unbook(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take the booking of an open review away, with the reason."""
    review = opened_to(request, uuid, permissions.may_schedule, MAY_NOT_SCHEDULE)
    form = UnbookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _unbook(request, review, form.cleaned_data["reason"])
    if not review.is_open or review.duty.planned_for_on is None:
        return to("reviews:review", review)
    seen = request.POST.get("seen_for_on", _iso(review))
    return render(request, "reviews/unbook.html", {"review": review, "form": form, "seen": seen})


def _unbook(request: SignedInRequest, review: Review, reason: str) -> HttpResponse:
    seen = _seen(request)
    seen_for_on = None if seen is ... else seen
    try:
        services.unbook(
            review=review, reason=reason, seen_for_on=seen_for_on, by=request.user, at=viewer_in(request).at
        )
    except (AlreadyRecorded, Cancelled, Conflict) as overtaken:
        return conflict(
            request,
            heading="The booking you saw is not there any more",
            message=f"{overtaken.message} Nothing was changed.",
            kept=[("Why you wanted to take it away", reason)],
            links=[Link("Open the review", reverse("reviews:review", args=[review.uuid]))],
        )
    messages.success(request, "The booking is taken away. The review is to be booked again.")
    return to("reviews:review", review)


def _iso(review: Review) -> str:
    planned_for_on = review.duty.planned_for_on
    return planned_for_on.isoformat() if planned_for_on else ""


def _no_longer(request: SignedInRequest, review: Review, form: BookingForm | None = None) -> HttpResponse:
    """Who recorded or cancelled it meanwhile, with the day this person gave."""
    chosen = form.cleaned_data.get("booked_for_on") if form and form.is_valid() else None
    return conflict(
        request,
        heading="This review can no longer be booked",
        message=f"{who_closed(review)} Nothing was changed.",
        kept=[("The day you chose", day(chosen))] if chosen else [],
        links=[Link("Open the review", reverse("reviews:review", args=[review.uuid]))],
    )
