"""Home: what this person does first, by the role that decides it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest, log_reading, viewer_in, words_in
from dashboards.caseload import caseload_rows, caseload_table
from dashboards.days import working_calendar
from dashboards.home.lists import Desk
from dashboards.home.loads import loads_table
from dashboards.home.pages import home_page
from dashboards.permissions import reach_of
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
    cards = waiting_for(viewer) if shown.shows_waiting else []
    context = {"page": shown, "waiting": cards, "today": desk.today}
    ids = set(shown.child_ids) | {card.escalation.child_id for card in cards}
    if shown.has_caseload:
        table = caseload_table(
            reach, desk.today, desk.calendar, words=desk.words, empty=NO_CHILDREN, caption="My caseload"
        )
        listed = table.render(request, caseload_rows(viewer, reach))
        ids |= {child.pk for child in listed.rows}
        context["caseload"] = listed
    if shown.loads:
        context["loads"] = loads_table(desk).render(request, shown.loads)
    log_reading(request, ids)
    return render(request, "dashboards/home.html", context)
