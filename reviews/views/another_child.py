"""Saying that a recorded review was about another child; what it means for both is read before it is saved."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest, log_reading, viewer_in
from accounts.roles import ChildPermission
from audit.models import AccessEvent
from children.models import Child
from screens.fields import answers_of, carried
from screens.pages import page
from timescales.refusals import Conflict, Refused

from .. import services
from ..explaining import what_comes, what_leaves
from ..forms import AnotherChildForm
from ..models import Review
from .correcting import not_recorded, overtaken_page, seen_by
from .opening import opened_to_record, to


@page("saying that a recorded review was about another child")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def another_child(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give a record to the child it was about; the reference is posted, so that none stands in an address."""
    review = opened_to_record(request, uuid)
    if not review.is_recorded_here:
        return not_recorded(request, review)
    form = AnotherChildForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or request.POST.get("do") == "change":
        return _page(request, review, form)
    child = _found(request, review, form)
    if child is None:
        form.add_error("reference", services.UNKNOWN)
        return _page(request, review, form)
    return _moved(request, review, child, form)


def _found(request: SignedInRequest, review: Review, form: AnotherChildForm) -> Child | None:
    """The child of this reference, among those this person records for; any other is as good as unknown."""
    mine = Child.objects.visible_to(viewer_in(request), ChildPermission.RECORD).filter(authority=review.authority_id)
    child: Child | None = mine.filter(reference__iexact=form.cleaned_data["reference"]).first()
    if child is not None:
        log_reading(request, [child.pk], AccessEvent.Action.VIEW, authority_id=child.authority_id)
    return child


def _moved(request: SignedInRequest, review: Review, child: Child, form: AnotherChildForm) -> HttpResponse:
    viewer, reason = viewer_in(request), form.cleaned_data["reason"]
    try:
        foreseen = services.foresee_another(
            review=review, child=child, seen=seen_by(request), at=viewer.at, on=viewer.on
        )
        leaves, comes = what_leaves(review=review, to=foreseen), what_comes(review=review, to=foreseen)
        if [*leaves, *comes] != request.POST.getlist("shown"):
            return _check_page(request, review, child, leaves, comes)
        services.move_to_another(
            review=review,
            child=child,
            reason=reason,
            seen=seen_by(request),
            by=request.user,
            at=viewer.at,
            on=viewer.on,
        )
    except Conflict as overtaken:
        return overtaken_page(request, review, overtaken, answers_of(form))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, review, form)
    messages.success(request, "The record stands with the other child now. Both records say so.")
    return to("reviews:review", review)


def _page(request: SignedInRequest, review: Review, form: AnotherChildForm) -> HttpResponse:
    seen = request.POST.get("seen", str(review.corrections.count()))
    return render(request, "reviews/another_child.html", {"review": review, "form": form, "seen": seen})


def _check_page(
    request: SignedInRequest, review: Review, child: Child, leaves: list[str], comes: list[str]
) -> HttpResponse:
    context = {
        "review": review,
        "other": child,
        "leaves": leaves,
        "comes": comes,
        "typed": carried(request.POST),
        "seen": request.POST.get("seen", ""),
    }
    return render(request, "reviews/another_child_check.html", context)
