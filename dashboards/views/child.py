"""A child's story."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import can
from accounts.requests import SignedInRequest, viewer_in, words_in
from accounts.roles import ChildPermission
from children.models import Child
from children.requests import opened
from dashboards.days import working_calendar
from dashboards.risks import risks
from dashboards.story import kinds, story
from screens.components import Link
from screens.pages import Tab, page
from screens.paging import with_query

EVENTS_ON_A_PAGE = 40


@page("the child's story", tab=Tab("Story", 1))
@require_safe
def child(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who this is, what is late, and what happened, newest first."""
    viewer = viewer_in(request)
    found = opened(request, Child.objects.visible_to(viewer), uuid)
    may_read = can(viewer, ChildPermission.READ_RECORD, found)
    offered = kinds(may_read=may_read, words=words_in(request))
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in offered else ""
    shown = Paginator(story(found, may_read=may_read, today=viewer.on, kind=kind), EVENTS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "child": found,
        "risks": risks(found, viewer=viewer, may_read=may_read, calendar=working_calendar()),
        "page": shown,
        "kinds": [
            Link(label, with_query(request.GET, kind=key or None, page=None), is_current=key == kind)
            for key, label in {"": "Everything", **offered}.items()
        ],
    }
    return render(request, "dashboards/child.html", context)
