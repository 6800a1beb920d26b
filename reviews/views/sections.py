"""One section of a review's record: shown as typed so far, saved by its button, and saved while typing."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest, viewer_in
from accounts.roles import ChildPermission
from screens.components import Link
from screens.errors import conflict
from screens.pages import page

from .. import services
from ..forms import SECTIONS, DecisionsForm, Record, with_row_added, without_row
from ..models import Decision, Review
from ..rules import StaleDraft
from .opening import closed_to_recording, opened_to_record, to
from .recording import drafted, steps

CONTROLS = {"csrfmiddlewaretoken", "version", "page", "do", "remove"}
STALE = (
    "You have saved this section from another page since you opened this one. Nothing was overwritten:"
    " copy what you need from below, then open the section again."
)


def typed_in(request: SignedInRequest) -> dict[str, list[str]]:
    """The posted fields of a section as they were typed, without the form's own controls."""
    return {name: texts for name, texts in request.POST.lists() if name not in CONTROLS}


def _version(request: SignedInRequest) -> int | None:
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None


def _save(request: SignedInRequest, review: Review, section: str, *, is_leaving: bool) -> services.Saved:
    mark = request.POST.get("page", "")[:36].replace("\x00", "")
    typed = services.SectionTyped(section, typed_in(request), _version(request), mark, is_leaving)
    return services.save_draft(review=review, typed=typed, by=request.user, at=viewer_in(request).at)


@page("recording a review")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_section(request: SignedInRequest, uuid: UUID, section: str) -> HttpResponse:
    """One section of the record."""
    if section not in SECTIONS:
        raise Http404
    review = opened_to_record(request, uuid)
    if request.method == "POST":
        return _save_section(request, review, section)
    record = drafted(request, review)
    closed = closed_to_recording(request, review, record)
    if closed:
        return closed
    if not record.can_start(section):
        return to("reviews:record", review)
    return _section_page(request, record, section, record.shown(section))


def _save_section(request: SignedInRequest, review: Review, section: str) -> HttpResponse:
    """Keep what was typed whatever becomes of it, then do what the button said."""
    fields = typed_in(request)
    try:
        _save(request, review, section, is_leaving=True)
    except StaleDraft:
        return _stale(request, drafted(request, review), section, fields)
    record = drafted(request, review)
    closed = closed_to_recording(request, review, record)
    if closed:
        return closed
    if section == "decisions" and (request.POST.get("do") == "add" or "remove" in request.POST):
        return _change_rows(request, record, fields)
    if request.POST.get("do") == "later":
        return to("reviews:record", review)
    form = record.form(section, MultiValueDict(fields))
    if form is None or form.is_valid():
        return _onward(record, section)
    return _section_page(request, record, section, form)


def _change_rows(request: SignedInRequest, record: Record, fields: dict[str, list[str]]) -> HttpResponse:
    """Add or remove a row of the decisions, and come back to where the person was."""
    gone = request.POST.get("remove", "")
    is_row = gone.isascii() and gone.isdigit() and len(gone) <= 2
    changed = without_row(fields, int(gone)) if is_row else with_row_added(fields)
    typed = services.SectionTyped("decisions", changed, record.version("decisions"))
    services.save_draft(review=record.review, typed=typed, by=request.user, at=viewer_in(request).at)
    rows = DecisionsForm(typed=changed, review=record.review, on=record.on).row_count
    row = max(0, min(int(gone), rows - 1)) if is_row else rows - 1
    return redirect(reverse("reviews:record_section", args=[record.review.uuid, "decisions"]) + f"#id_text_{row}")


def _onward(record: Record, section: str) -> HttpResponse:
    """The next section that is not complete, or the check of all answers."""
    codes = [listed.code for listed in record.sections()]
    after = codes.index(section) + 1 if section in codes else 0
    for code in codes[after:] + codes[:after]:
        if not record.is_complete(code) and record.can_start(code):
            return to("reviews:record_section", record.review, code)
    return to("reviews:check", record.review)


def _section_page(request: SignedInRequest, record: Record, section: str, form: forms.Form | None) -> HttpResponse:
    if form is None:
        return to("reviews:record", record.review)
    last = _last_time(request, record.review)
    context: dict[str, Any] = {
        "review": record.review,
        "section": SECTIONS[section],
        "template": f"reviews/sections/{section}.html",
        "form": form,
        "version": record.version(section),
        "page": uuid4(),
        "draft": record.draft,
        "last": last,
        "steps": steps(record, section),
        "save_url": reverse("reviews:save_draft", args=[record.review.uuid, section]),
    }
    return render(request, "reviews/section.html", context)


def _last_time(request: SignedInRequest, review: Review) -> Review | None:
    """The child's latest other review recorded here, with its decisions, where this person may read it."""
    readable = Review.objects.visible_to(viewer_in(request), ChildPermission.READ_RECORD)
    others = readable.recorded_for(review.child_id).exclude(pk=review.pk)
    return others.with_decisions(Decision.objects.all()).first()


def _stale(request: SignedInRequest, record: Record, section: str, fields: dict[str, list[str]]) -> HttpResponse:
    url = reverse("reviews:record_section", args=[record.review.uuid, section])
    return conflict(
        request,
        heading="You have saved this section from another page",
        message=STALE,
        kept=record.kept(section, fields),
        links=[Link("Open the section again", url)],
    )


@page("recording a review")
@require_POST
def save_draft(request: SignedInRequest, uuid: UUID, section: str) -> JsonResponse:
    """Keep what is being typed; 409 when the review was recorded meanwhile or the section saved elsewhere."""
    if section not in SECTIONS:
        raise Http404
    review = opened_to_record(request, uuid)
    try:
        saved = _save(request, review, section, is_leaving=False)
    except StaleDraft as stale:
        return JsonResponse({"error": stale.message}, status=409)
    answer = {"saved_at": saved.at.isoformat(), "version": saved.version}
    if not review.is_recordable:
        return JsonResponse({**answer, "error": "This review has been recorded or cancelled meanwhile."}, status=409)
    return JsonResponse(answer)
