"""A person's own alerts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.requests import SignedInRequest
from audit.models import AccessEvent
from audit.services import record_access
from screens.cells import link, short_day, status_tag
from screens.tables import Column, RenderedTable, Table

from .models import Alert
from .permissions import alerts_of

COLOURS = {
    Alert.Kind.REVIEW_OVERDUE: "bad",
    Alert.Kind.RESPONSE_OVERDUE: "bad",
    Alert.Kind.RESPONSE_DUE: "warn",
    Alert.Kind.REVIEW_DUE_SOON: "warn",
    Alert.Kind.REVIEW_UNBOOKED: "info",
}


def _child(alert: Alert) -> SafeString:
    """The child, with the way to what the alert is about."""
    if alert.review:
        return link(str(alert.child), reverse("reviews:review", args=[alert.review.uuid]), hidden="review")
    assert alert.step  # the table holds one or the other
    url = reverse("escalations:escalation", args=[alert.step.escalation.uuid])
    return link(str(alert.child), url, hidden="escalation")


def _about(alert: Alert) -> str:
    return alert.step.stage.name if alert.step else str(alert.review)


def _table(name: str, caption: str, empty: str) -> Table:
    columns = (
        Column("child", "Child", _child, sort="child__sort_name"),
        Column("about", "About", _about),
        Column(
            "what",
            "What has happened",
            lambda alert: status_tag(alert.get_kind_display().capitalize(), COLOURS[alert.kind]),
            sort="kind",
        ),
        Column("due", "Due on", lambda alert: short_day(alert.due_on), sort="due_on"),
        Column("since", "Told since", lambda alert: short_day(timezone.localdate(alert.raised_at)), sort="raised_at"),
    )
    return Table(columns, caption, empty, per_page=50, sorted_by="due", name=name)


LATE = _table("late", "Late", "Nothing of yours is late.")
COMING = _table("coming", "Coming up", "Nothing of yours is due soon or waiting to be booked.")


def list_alerts(request: SignedInRequest) -> HttpResponse:
    """What has slipped or is about to, for the person asking; late first."""
    mine = alerts_of(request.user)
    late, coming = LATE.render(request, mine.late()), COMING.render(request, mine.coming())
    record_access(
        child_ids=_children(late, coming),
        authority_id=request.user.authority_id,
        action=AccessEvent.Action.LIST,
        what="alerts:list",
        by=request.user,
        at=timezone.now(),
    )
    return render(request, "alerts/list.html", {"late": late, "coming": coming})


def _children(*tables: RenderedTable) -> list[int]:
    """Keys of the children shown, each once."""
    shown: list[Any] = [alert for table in tables if table.page for alert in table.page.object_list]
    return sorted({alert.child_id for alert in shown})
