"""A person's own alerts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from accounts.requests import SignedInRequest, log_reading, viewer_in
from duties import kinds
from duties.cells import notice_tag
from screens.cells import link, short_day
from screens.pages import page
from screens.tables import Column, RenderedTable, Table

from .models import Alert

COLUMNS = (
    Column("child", "Child", lambda alert: _child(alert), sort="child__sort_name"),
    Column("what", "What", lambda alert: str(alert.duty)),
    Column(
        "happened",
        "What has happened",
        lambda alert: notice_tag(alert.label.capitalize(), alert.standing),
        sort="standing",
    ),
    Column("due", "Due by", lambda alert: short_day(alert.due_on), sort="due_on"),
    Column("since", "Since", lambda alert: short_day(timezone.localdate(alert.raised_at)), sort="raised_at"),
)
LATE = Table(COLUMNS, "Late", "Nothing of yours is late.", per_page=50, sorted_by="due", name="late")
COMING = Table(
    COLUMNS,
    "Coming up",
    "Nothing of yours is due soon or waiting to be booked.",
    per_page=50,
    sorted_by="due",
    name="coming",
)


def _child(alert: Alert) -> SafeString:
    """The child, with the way to where the duty is worked on; plain where its kind is gone from the table."""
    kind = kinds.find(alert.duty.kind)
    if kind is None or alert.duty.about is None:
        return escape(str(alert.child))
    return link(str(alert.child), reverse(kind.page, args=[alert.duty.about]), hidden=kind.words)


@page("alerts")
def list_alerts(request: SignedInRequest) -> HttpResponse:
    """What has slipped or is about to, for the person asking; late first."""
    mine = Alert.objects.visible_to(viewer_in(request)).of(request.user).with_duty()
    late, coming = LATE.render(request, mine.late()), COMING.render(request, mine.coming())
    log_reading(request, _children(late, coming))
    return render(request, "alerts/list.html", {"late": late, "coming": coming})


def _children(*tables: RenderedTable) -> list[int]:
    """Keys of the children shown."""
    shown: list[Any] = [alert for table in tables if table.page for alert in table.page.object_list]
    return [alert.child_id for alert in shown]
