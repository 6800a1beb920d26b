"""What every page about one review does first: load it for this person, and refuse what they may not do."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from accounts.requests import SignedInRequest, viewer_in
from accounts.viewers import Viewer
from children.requests import opened
from screens.cells import day, moment
from screens.components import Link
from screens.errors import conflict

from .. import permissions
from ..forms import Record
from ..models import Review

Question = Callable[[Viewer, Review], bool]
MAY_NOT_RECORD = "Only the child's IRO or an IRO manager may record this review."
MAY_NOT_SCHEDULE = "Only the child's IRO, an IRO manager or business support may book this review."


def opened_review(request: SignedInRequest, uuid: UUID) -> Review:
    """The review this person may see, with all it names; 404 otherwise."""
    return opened(request, Review.objects.visible_to(viewer_in(request)).with_all_it_names(), uuid)


def opened_to(request: SignedInRequest, uuid: UUID, may: Question, reason: str) -> Review:
    """The same, and 403 with the reason where this person may not do this page's act."""
    review = opened_review(request, uuid)
    if not may(viewer_in(request), review):
        raise PermissionDenied(reason)
    return review


def opened_to_record(request: SignedInRequest, uuid: UUID) -> Review:
    """The review for somebody who may record it; 404 or 403 otherwise."""
    return opened_to(request, uuid, permissions.may_record, MAY_NOT_RECORD)


def closed_to_recording(request: SignedInRequest, review: Review, record: Record) -> HttpResponse | None:
    """The answer where a review can no longer be recorded, with the person's own text; None where it can."""
    if review.is_recordable:
        return None
    if review.duty.closed_at is not None:
        return _gone(request, review, "This review has been cancelled", cancelled_words(review), record)
    if review.recorded_by == request.user and record.draft is None:
        return HttpResponseRedirect(reverse("reviews:recorded", args=[review.uuid]))
    return _gone(request, review, "This review has already been recorded", recorded_words(review), record)


def recorded_words(review: Review) -> str:
    """Who recorded a review, when, and what became of this person's text."""
    if review.recorded_by is None:
        return f"{who_recorded(review)} What you typed is kept as your draft."
    return f"{who_recorded(review)} Nothing you typed has changed their record, and your text is kept as your draft."


def who_recorded(review: Review) -> str:
    """Who recorded a review, and when it was held."""
    if review.recorded_by is None:
        return f"It came with a return as held on {day(review.held_on)}, and what was said is not recorded here."
    return f"{review.recorded_by} recorded it on {moment(review.recorded_at)}, as held on {day(review.held_on)}."


def who_closed(review: Review) -> str:
    """Who recorded or cancelled a review that is open no more."""
    return who_recorded(review) if review.held_on else cancelled_words(review)


def cancelled_words(review: Review) -> str:
    """Who cancelled a review, when and why."""
    duty = review.duty
    who = f" by {duty.closed_by}" if duty.closed_by else ""
    return f"It was cancelled{who} on {moment(duty.closed_at)}. The reason given: {duty.closed_reason}"


def _gone(request: SignedInRequest, review: Review, heading: str, message: str, record: Record) -> HttpResponse:
    return conflict(
        request,
        heading=heading,
        message=message,
        kept=record.kept(),
        links=[Link("Open the review", reverse("reviews:review", args=[review.uuid]))],
    )


def to(name: str, review: Review, *more: str) -> HttpResponse:
    """A redirect to a page of this review."""
    return redirect(name, review.uuid, *more)
