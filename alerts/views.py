"""A person's own alerts."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.lists import Listing, asked_file
from accounts.requests import SignedInRequest, log_reading, viewer_in
from children.cells import child_columns
from duties import kinds
from duties.cells import notice_tag, title
from screens.cells import link
from screens.pages import page
from screens.tables import Column, Table, day_column

from .filters import AlertFilter
from .models import Alert

NO_MATCH = "No alert of yours matches the filter. Remove it to see them all."
COLUMNS = (
    *child_columns(lambda alert: _child(alert)),
    Column("what", "What", lambda alert: title(alert.duty)),
    Column(
        "happened",
        "What has happened",
        lambda alert: notice_tag(alert.label.capitalize(), alert.standing),
        sort="standing",
        value=lambda alert: alert.label.capitalize(),
    ),
    day_column("due", "Due by", lambda alert: alert.due_on, sort="due_on"),
    day_column("since", "Since", lambda alert: timezone.localdate(alert.raised_at), sort="raised_at"),
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
@require_safe
def list_alerts(request: SignedInRequest) -> HttpResponse:
    """What has slipped or is about to, for the person asking; late first."""
    mine = Alert.objects.visible_to(viewer_in(request)).of(request.user).with_duty()
    filters = AlertFilter.of_page(request, mine)
    late = Listing(_said(LATE, filters), filters.qs.late(), "late")
    coming = Listing(_said(COMING, filters), filters.qs.coming(), "coming-up")
    if file := asked_file(request, late, coming):
        return file
    tables = {"late": late.drawn(request), "coming": coming.drawn(request)}
    log_reading(request, (alert.child_id for table in tables.values() for alert in table.rows))
    return render(request, "alerts/list.html", {**tables, "filters": filters, "form": filters.form})


def _said(table: Table, filters: AlertFilter) -> Table:
    """The table, which does not say that nothing is late where a filter hides what is."""
    return replace(table, empty=NO_MATCH) if filters.chosen else table
