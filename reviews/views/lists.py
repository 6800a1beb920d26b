"""Reviews in lists: all this person may see, and those of one child."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.access import can
from accounts.requests import SignedInRequest, log_reading, viewer_in
from accounts.roles import ChildPermission
from children.cells import child_link
from children.models import Child
from children.requests import opened
from duties.cells import standing_tag
from screens.cells import short_day
from screens.components import Chip, ChipGroup
from screens.pages import Tab, page
from screens.paging import with_query
from screens.tables import Column, Table

from ..forms import OPEN, STANDINGS, FilterForm
from ..models import Decision, Review


def _child_cell(review: Review) -> SafeString:
    return child_link(review.child, _url(review))


def _booked_cell(review: Review) -> str:
    return short_day(review.duty.planned_for_on) or ("" if review.held_on else "Not booked")


def _url(review: Review) -> str:
    return reverse("reviews:review", args=[review.uuid])


LIST = Table(
    columns=[
        Column("child", "Child", _child_cell, sort="child__sort_name"),
        Column("review", "Review", lambda review: str(review)),
        Column("standing", "Standing", lambda review: standing_tag(review.standing)),
        Column("due", "Due by", lambda review: short_day(review.duty.due_on), sort="duty__due_on", is_short=True),
        Column("safe", "Last working day", lambda review: short_day(review.duty.last_safe_on), print=False),
        Column("booked", "Booked for", _booked_cell, sort="duty__planned_for_on", is_short=True),
        Column("held", "Held on", lambda review: short_day(review.held_on) or "Not yet", sort="held_on"),
    ],
    caption="Reviews",
    empty="No review fits these filters.",
    per_page=50,
    sorted_by="due",
)


@page("the list of reviews")
@require_safe
def list_reviews(request: SignedInRequest) -> HttpResponse:
    """The reviews this person may see, those not held yet first unless asked otherwise."""
    viewer = viewer_in(request)
    form = FilterForm(request.GET if request.GET else {"standing": OPEN})
    asked = form.cleaned_data if form.is_valid() else {}
    found = Review.objects.visible_to(viewer).listed(viewer.on).chosen(viewer.on, **asked)
    table = LIST.render(request, found, caption=dict(STANDINGS).get(asked.get("standing", ""), "All reviews"))
    shown = list(table.page.object_list) if table.page else []
    log_reading(request, (review.child_id for review in shown))
    context = {"form": form, "groups": _chips(request, asked), "table": table, "clear_url": reverse("reviews:list")}
    return render(request, "reviews/list.html", context)


def _chips(request: SignedInRequest, asked: dict[str, Any]) -> list[ChipGroup]:
    if not request.GET:
        return []
    chips = []
    if asked.get("standing"):
        label = dict(STANDINGS)[asked["standing"]]
        chips.append(ChipGroup("Standing", [Chip(label, with_query(request.GET, standing=""))]))
    for name, heading in (("held_from", "Held from"), ("held_to", "Held to")):
        if asked.get(name):
            without = with_query(request.GET, **{f"{name}_{part}": None for part in ("day", "month", "year")})
            chips.append(ChipGroup(heading, [Chip(short_day(asked[name]), without)]))
    return chips


@page("the child's reviews", tab=Tab("Reviews", 2))
@require_safe
def of_child(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every review of one child, the next due first, and what each decided for those who may read it."""
    viewer = viewer_in(request)
    child = opened(request, Child.objects.visible_to(viewer), uuid)
    mine = Review.objects.visible_to(viewer).of_child(child.pk).with_standing(viewer.on)
    found: list[Any] = list(mine.with_decisions(Decision.objects.all()))
    context = {
        "child": child,
        "reviews": [{"review": review, "standing": standing_tag(review.standing)} for review in found],
        "may_read_record": can(viewer, ChildPermission.READ_RECORD, child),
    }
    return render(request, "reviews/of_child.html", context)
