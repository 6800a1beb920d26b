"""Reviews in lists: all this person may see, and those of one child."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.access import can
from accounts.lists import Listing, asked_file
from accounts.requests import SignedInRequest, log_reading, viewer_in
from accounts.roles import ChildPermission
from children.cells import child_columns, child_link
from children.models import Child
from children.requests import opened
from duties.cells import standing_tag, standing_word
from screens.cells import short_day
from screens.pages import Tab, page
from screens.tables import Column, Table, day_column

from ..cells import decision_tag
from ..filters import ReviewFilter
from ..models import Decision, DecisionOutcome, Review


def _child_cell(review: Review) -> SafeString:
    return child_link(review.child, _url(review))


def _booked_cell(review: Review) -> str:
    return short_day(review.duty.planned_for_on) or ("" if review.held_on else "Not booked")


def _standing_cell(review: Any) -> SafeString:
    return standing_tag(review.standing)


def _url(review: Review) -> str:
    return reverse("reviews:review", args=[review.uuid])


COLUMNS = (
    *child_columns(_child_cell),
    Column("review", "Review", lambda review: str(review)),
    Column("standing", "Standing", _standing_cell, value=lambda review: standing_word(review.standing)),
    day_column("due", "Due by", lambda review: review.duty.due_on, sort="duty__due_on", is_short=True),
    day_column("safe", "Last working day", lambda review: review.duty.last_safe_on, print=False),
    Column(
        "booked",
        "Booked for",
        _booked_cell,
        sort="duty__planned_for_on",
        is_short=True,
        value=lambda review: review.duty.planned_for_on,
    ),
    day_column("held", "Held on", lambda review: review.held_on, otherwise="Not yet", sort="held_on"),
)
LIST = Table(
    columns=COLUMNS,
    caption="Reviews",
    empty="No review fits these filters.",
    per_page=50,
    sorted_by="due",
)
# What the page of one child shows as sections, as files: the reviews, and line by line what they decided.
_OF_CHILD = [replace(column, sort=None) for column in COLUMNS]
OF_CHILD = Table(_OF_CHILD, "Reviews")
OF_CHILD_WITH_RATINGS = Table(
    [*_OF_CHILD, Column("rag", "Rating", lambda review: review.get_rag_display())], "Reviews"
)
DECISIONS = Table(
    columns=[
        Column("child", "Child", lambda row: str(row[0].child)),
        Column("reference", "Reference", lambda row: row[0].child.reference),
        Column("review", "Review", lambda row: str(row[0])),
        day_column("held", "Held on", lambda row: row[0].held_on),
        Column("number", "Number", lambda row: row[1].number),
        Column("decision", "Decision", lambda row: row[1].text),
        Column("outcome", "Job done when", lambda row: row[1].outcome),
        Column("owner", "Owner", lambda row: row[1].owner),
        day_column("due", "Due by", lambda row: row[1].duty.due_on),
        Column("said", "Last said", lambda row: row[1].last_said.get_said_display() if row[1].last_said else ""),
        day_column("done", "Done on", lambda row: row[1].duty.met_on),
        Column("proof", "What shows it, or why", lambda row: row[1].last_said.proof if row[1].last_said else ""),
    ],
    caption="Decisions",
    name="decisions",
)


@page("the list of reviews")
@require_safe
def list_reviews(request: SignedInRequest) -> HttpResponse:
    """The reviews this person may see, those not held yet first unless asked otherwise."""
    viewer = viewer_in(request)
    filters = ReviewFilter.of_page(request, Review.objects.visible_to(viewer).listed(viewer.on))
    listing = Listing(LIST, filters.qs, "reviews", filters.words("standing") or "All reviews")
    if file := asked_file(request, listing):
        return file
    table = listing.drawn(request)
    log_reading(request, (review.child_id for review in table.rows))
    context = {"filters": filters, "form": filters.form, "table": table}
    return render(request, "reviews/list.html", context)


@page("the child's reviews", tab=Tab("Reviews", 2))
@require_safe
def of_child(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every review of one child, the next due first, and what each decided for those who may read it."""
    viewer = viewer_in(request)
    child = opened(request, Child.objects.visible_to(viewer), uuid)
    may_read = can(viewer, ChildPermission.READ_RECORD, child)
    mine = Review.objects.visible_to(viewer).of_child(child.pk).with_standing(viewer.on).select_related("child")
    found: list[Any] = list(mine.with_decisions(Decision.objects.all().with_outcomes(DecisionOutcome.objects.all())))
    files = _files(child, found, may_read=may_read)
    if file := asked_file(request, *files):
        return file
    context = {
        "child": child,
        "reviews": [_shown(review, viewer.on, may_read=may_read) for review in found],
        "may_read_record": may_read,
        "files": [(listing.table.caption, listing.file_url(request)) for listing in files if listing.rows],
    }
    return render(request, "reviews/of_child.html", context)


def _shown(review: Any, on: date, *, may_read: bool) -> dict[str, Any]:
    """A review with its standing, and each decision with what came of it for those who may read them."""
    decisions = [(one, decision_tag(one, on)) for one in review.decisions.all()] if may_read else []
    return {"review": review, "standing": standing_tag(review.standing), "decisions": decisions}


def _files(child: Child, reviews: list[Any], *, may_read: bool) -> list[Listing]:
    """What the page shows, as files; ratings and decisions only for who may read the record."""
    table = OF_CHILD_WITH_RATINGS if may_read else OF_CHILD
    of_reviews = Listing(table, reviews, "reviews-of-a-child", child=child)
    if not may_read:
        return [of_reviews]
    decided = [(review, decision) for review in reviews for decision in review.decisions.all()]
    return [of_reviews, Listing(DECISIONS, decided, "decisions-of-a-child", child=child)]
