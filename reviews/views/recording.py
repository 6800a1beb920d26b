"""Recording a review: the task list, one section at a time, checking, and one button."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest, viewer_in, words_in
from duties.clocks import Clock
from duties.explaining import what_if
from screens.components import Link, Step, SummaryRow
from screens.errors import conflict
from screens.pages import page
from timescales.refusals import Refused
from timescales.words import counted

from .. import services
from ..forms import FOLLOW_UP, LAST_TIME, SECTIONS, Record
from ..models import Review, ReviewDraft
from ..rules import AlreadyRecorded, Cancelled
from .opening import closed_to_recording, opened_to_record, to

SECTION_OF_FIELD = {
    "held_on": "meeting",
    "participation": "participation",
    "rag": "rating",
    "rag_reason": "rating",
    "decisions": "decisions",
    "last_time": LAST_TIME,
}


def drafted(request: SignedInRequest, review: Review) -> Record:
    """What this person has drafted for a review so far."""
    draft = ReviewDraft.objects.of(review.pk, request.user.pk).first()
    return Record(review=review, draft=draft, on=viewer_in(request).on)


def steps(record: Record, current: str = "") -> list[Step]:
    """The task list: each section with what is done."""
    uuid = record.review.uuid
    listed = [_step(record, section.code, section.label, current) for section in record.sections()]
    check_url = reverse("reviews:check", args=[uuid]) if record.is_whole() else None
    status = "Ready" if check_url else "Cannot start yet"
    return [*listed, Step("Check your answers", status, check_url, "info" if check_url else None)]


def _step(record: Record, code: str, label: str, current: str) -> Step:
    if not record.can_start(code):
        return Step(label, "Cannot start yet", hint="Rate the plan first.")
    url = reverse("reviews:record_section", args=[record.review.uuid, code])
    hint = "You are here." if code == current else ""
    if record.is_complete(code):
        return Step(label, "Completed", url, hint=hint)
    if record.is_left(code):
        return Step(label, "Nothing said yet", url, "info", hint)
    return Step(label, "Incomplete", url, "info", hint)


@page("recording a review")
@never_cache
@require_safe
def record(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The task list of a review's record."""
    review = opened_to_record(request, uuid)
    drafted_so_far = drafted(request, review)
    closed = closed_to_recording(request, review, drafted_so_far)
    if closed:
        return closed
    context = {
        "review": review,
        "draft": drafted_so_far.draft,
        "steps": steps(drafted_so_far),
    }
    return render(request, "reviews/record.html", context)


@page("checking a review before it is recorded")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Everything that will be recorded, to be read once more; its one button records it."""
    review = opened_to_record(request, uuid)
    token = request.POST.get("token", "")
    if token and token == str(review.record_token):
        return to("reviews:recorded", review)  # a second click
    record = drafted(request, review)
    closed = closed_to_recording(request, review, record)
    if closed:
        return closed
    if not record.is_whole():
        return to("reviews:record", review)
    return _record(request, record, token) if request.method == "POST" else _check_page(request, record)


def _record(request: SignedInRequest, record: Record, token: str) -> HttpResponse:
    review, draft = record.review, record.draft
    assert draft is not None
    if token != str(draft.token) or request.POST.get("version") != str(draft.version):
        return _changed_meanwhile(request, review)
    try:
        services.record_review(
            review=review,
            made=record.made(),
            token=draft.token,
            follow_up=record.follow_up(),
            by=request.user,
            at=viewer_in(request).at,
            on=record.on,
        )
    except (AlreadyRecorded, Cancelled):
        return _too_late(request, review)
    except Refused as refusal:
        return _check_page(request, record, refusal)
    messages.success(request, "Review recorded")
    return to("reviews:recorded", review)


def _changed_meanwhile(request: SignedInRequest, review: Review) -> HttpResponse:
    return conflict(
        request,
        heading="Your answers have changed since you opened this page",
        message="You changed them on another page. Nothing has been recorded and nothing is lost: check them again.",
        links=[Link("Check your answers again", reverse("reviews:check", args=[review.uuid]))],
    )


def _too_late(request: SignedInRequest, review: Review) -> HttpResponse:
    """The answer to the second of two people recording at the same moment: the review as it stands by now."""
    review.refresh_from_db()
    answer = closed_to_recording(request, review, drafted(request, review))
    assert answer is not None
    return answer


def _check_page(request: SignedInRequest, record: Record, refusal: Refused | None = None) -> HttpResponse:
    code = SECTION_OF_FIELD.get(refusal.field or "", FOLLOW_UP) if refusal else ""
    context = {
        "review": record.review,
        "draft": record.draft,
        "sections": [_answers(record, section.code) for section in record.sections()],
        "sentences": _what_recording_does(record, words_in(request)),
        "refusal": refusal,
        "refused_section": SECTIONS.get(code),
        "has_errors": refusal is not None,
    }
    return render(request, "reviews/check.html", context)


def _what_recording_does(record: Record, words: Mapping[str, str]) -> list[str]:
    """What one press of the button will bring: in time or late, the next review's limit, who will be asked."""
    assert record.held_on is not None
    meant = what_if(record.review.duty, record.held_on, Clock.of(record.review.authority_id, record.on))
    return [*meant.sentences, *filter(None, [follow_up_sentence(record, words), _passed_over(record)])]


def _passed_over(record: Record) -> str:
    """What becomes of earlier decisions nobody said anything of; empty where there are none."""
    count = record.passed_over()
    if not count:
        return ""
    them = "It counts" if count == 1 else "They count"
    return (
        f"You have not said what came of {counted(count, 'earlier decision')}. {them} as reviewed from then on, and"
        " it stays not known whether what was decided was done."
    )


def _answers(record: Record, code: str) -> dict[str, object]:
    url = reverse("reviews:record_section", args=[record.review.uuid, code])
    rows = [SummaryRow(label, linebreaksbr(text)) for label, text in record.answered(code)]
    return {"label": SECTIONS[code].label, "url": url, "rows": rows, "notes": record.notes(code)}


def follow_up_sentence(record: Record, words: Mapping[str, str]) -> str:
    """What recording will do about the rating, in words; empty where nothing follows, or what was chosen is gone."""
    follow_up = record.follow_up()
    if follow_up is None:
        return ""
    try:
        return services.follow_up_sentence(review=record.review, follow_up=follow_up, on=record.on, words=words)
    except Refused:  # a concern resolved, or a ladder changed, since the page looked: recording it says so
        return ""
