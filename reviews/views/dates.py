"""Why a review is due when it is, what another day would mean, and booking it."""

from datetime import date
from types import EllipsisType
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from screens.cells import day
from screens.components import Link
from screens.errors import conflict
from screens.tables import Column, Table
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from .. import permissions, services
from ..forms import BookingForm, MoveForm
from ..models import Review
from ..rules import AlreadyRecorded, Cancelled
from .opening import MAY_NOT_SCHEDULE, opened, opened_to, to, who_closed

COUNT = Table(
    columns=[
        Column("on", "Day", lambda counted: in_words(counted.on)),
        Column("number", "Counted as", lambda counted: counted.number or "Not counted"),
        Column("reason", "Why not", lambda counted: counted.reason or ""),
    ],
    caption="The count, day by day",
)


@require_safe
def due(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A due date with its whole working, and what another day would mean."""
    review = opened(request, uuid, "reviews:due")
    working = services.working_of(review=review, on=localdate())
    form = MoveForm(request.GET)
    context = {
        "review": review,
        "working": working,
        "table": COUNT.render(request, working.days) if working and working.days else None,
        "is_redated": working is not None and review.is_open and working.due_on != review.due_on,
        "form": form,
        "what_if": _what_if(form, "moved_to", review),
        "may_schedule": review.is_open and permissions.may_schedule(request.user, review),
    }
    return render(request, "reviews/due.html", context)


def _what_if(form: MoveForm | BookingForm, name: str, review: Review) -> services.WhatIf | None:
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return services.what_if(review=review, held_on=form.cleaned_data[name], on=localdate())
    except Refused as refusal:
        form.add_error(name, refusal.message)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Book a review for a day; a day after the last lawful one is asked about before it is taken."""
    review = opened_to(request, uuid, "reviews:book", permissions.may_schedule, MAY_NOT_SCHEDULE)
    if request.method == "POST":
        return _book(request, review)
    if not review.is_open:
        return _no_longer(request, review)
    form = BookingForm(review=review, on=localdate(), initial={"booked_for_on": review.booked_for_on})
    form.hide_the_tick()
    return _booking_page(request, review, form)


def _book(request: SignedInRequest, review: Review) -> HttpResponse:
    form = BookingForm(request.POST, review=review, on=localdate())
    if not review.is_open:
        return _no_longer(request, review, form)
    if not form.is_valid():
        form.hide_the_tick()
        return _booking_page(request, review, form)
    wanted = form.cleaned_data["booked_for_on"]
    is_late = review.due_on is not None and wanted > review.due_on
    if is_late and not form.cleaned_data["is_late_accepted"]:
        return _booking_page(request, review, form, _what_if(form, "booked_for_on", review))
    try:
        services.book(
            review=review,
            booked_for_on=wanted,
            by=request.user,
            at=now(),
            on=localdate(),
            seen_for_on=_seen(request),
        )
    except (AlreadyRecorded, Cancelled):
        review.refresh_from_db()
        return _no_longer(request, review, form)
    except Refused as refusal:
        form.refuse(refusal)
        review.refresh_from_db(fields=["booked_for_on"])
        status = 409 if isinstance(refusal, Conflict) else 200
        return _booking_page(request, review, form, seen=_iso(review), status=status)
    _say_booked(request, review, wanted, is_late)
    return to("reviews:review", review)


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
        messages.warning(request, f"{said} That is after the last lawful day, {day(review.due_on)}.")
    else:
        messages.success(request, said)


def _booking_page(
    request: SignedInRequest,
    review: Review,
    form: BookingForm,
    late: services.WhatIf | None = None,
    *,
    seen: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `seen` is the booking it tells of where that is not the one it told of before."""
    if late is None and "is_late_accepted" in form.fields:
        form.hide_the_tick()
    is_past_due = review.due_on is not None and review.due_on < localdate()
    is_best_past = review.book_by_on is not None and review.book_by_on < localdate()
    context = {
        "review": review,
        "form": form,
        "late": late,
        "is_past_due": is_past_due,
        "is_best_past": is_best_past,
        "seen": request.POST.get("seen_for_on", _iso(review)) if seen is None else seen,
    }
    return render(request, "reviews/book.html", context, status=status)


def _iso(review: Review) -> str:
    return review.booked_for_on.isoformat() if review.booked_for_on else ""


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
