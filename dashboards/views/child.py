"""A child's story."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import can
from accounts.requests import SignedInRequest, words_in
from accounts.roles import ChildPermission
from children.models import Child
from children.services import open_record
from dashboards.days import working_calendar
from dashboards.story import kinds, late_or_at_risk, story
from screens.components import Link
from screens.paging import with_query

EVENTS_ON_A_PAGE = 40


@require_safe
def child(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who this is, what is late, and what happened, newest first."""
    try:
        found = open_record(uuid=uuid, by=request.user, what="dashboards:child", at=timezone.now())
    except Child.DoesNotExist:
        raise Http404 from None
    may_read = can(request.user, ChildPermission.READ_RECORD, found)
    today, calendar = timezone.localdate(), working_calendar()
    offered = kinds(may_read=may_read, words=words_in(request, today))
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in offered else ""
    page = Paginator(story(found, may_read=may_read, kind=kind), EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "child": found,
        "late": late_or_at_risk(found, may_read=may_read, today=today, calendar=calendar),
        "page": page,
        "kinds": [
            Link(label, with_query(request.GET, kind=key or None, page=None), is_current=key == kind)
            for key, label in {"": "Everything", **offered}.items()
        ],
    }
    return render(request, "dashboards/child.html", context)
