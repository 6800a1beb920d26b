"""Home: what this person does first, by the role that decides it."""

from operator import attrgetter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.lists import Listing, asked_file
from accounts.requests import SignedInRequest, log_reading, viewer_in, words_in
from dashboards.caseload import caseload_rows
from dashboards.caseload_table import caseload_table
from dashboards.days import working_calendar
from dashboards.home.lists import Desk
from dashboards.home.loads import loads_table
from dashboards.home.pages import Page, home_page
from dashboards.permissions import Reach, reach_of
from escalations.standings import waiting_for
from screens.pages import page

NO_CHILDREN = "No {child_looked_after} is allocated to you yet. Your IRO manager allocates them."


@page("their home page")
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """The lists of the person's main role; the children they show are logged once."""
    viewer = viewer_in(request)
    desk = Desk(viewer, working_calendar(), words_in(request))
    reach = reach_of(viewer.roles)
    shown = home_page(desk, reach)
    tables = _tables(desk, reach, shown)
    if file := asked_file(request, *tables.values()):
        return file
    cards = waiting_for(viewer) if shown.shows_waiting or shown.may_be_asked else []
    context: dict[str, Any] = {"page": shown, "waiting": cards, "today": desk.today}
    context |= {name: listing.drawn(request) for name, listing in tables.items()}
    ids = set(shown.child_ids) | {card.escalation.child_id for card in cards}
    if shown.has_caseload:
        ids |= {child.pk for child in context["caseload"].rows}
    log_reading(request, ids)
    return render(request, "dashboards/home.html", context)


def _tables(desk: Desk, reach: Reach, shown: Page) -> dict[str, Listing]:
    """The whole tables of the page by name: an IRO's own children, a manager's IROs."""
    found = {}
    if shown.has_caseload:
        table = caseload_table(
            reach, desk.today, desk.calendar, words=desk.words, empty=NO_CHILDREN, caption="My caseload"
        )
        rows = caseload_rows(desk.viewer, reach)
        found["caseload"] = Listing(table, rows, "my-caseload", about=attrgetter("pk"))
    if shown.loads:
        found["loads"] = Listing(loads_table(desk), shown.loads, "iro-caseloads", about=None)
    return found
