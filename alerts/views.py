"""A person's own alerts."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.requests import SignedInRequest, words_in
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


def _child(alert: Alert, escalation: str) -> SafeString:
    """The child, with the way to what the alert is about."""
    if alert.review:
        return link(str(alert.child), reverse("reviews:review", args=[alert.review.uuid]), hidden="review")
    assert alert.step  # the table holds one or the other
    url = reverse("escalations:escalation", args=[alert.step.escalation.uuid])
    return link(str(alert.child), url, hidden=escalation)


def _about(alert: Alert) -> str:
    return alert.step.stage.name if alert.step else str(alert.review)


def _table(name: str, caption: str, empty: str, words: Mapping[str, str]) -> Table:
    columns = (
        Column("child", "Child", lambda alert: _child(alert, words["escalation"]), sort="child__sort_name"),
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


def _tables(words: Mapping[str, str]) -> tuple[Table, Table]:
    """What is late, and what is coming up."""
    return (
        _table("late", "Late", "Nothing of yours is late.", words),
        _table("coming", "Coming up", "Nothing of yours is due soon or waiting to be booked.", words),
    )


def list_alerts(request: SignedInRequest) -> HttpResponse:
    """What has slipped or is about to, for the person asking; late first."""
    mine = alerts_of(request.user)
    tables = _tables(words_in(request, timezone.localdate()))
    late, coming = tables[0].render(request, mine.late()), tables[1].render(request, mine.coming())
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
