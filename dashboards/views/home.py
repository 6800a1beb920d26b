"""Home: what this person does first, by the role that decides it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest, roles_in, words_in
from audit.models import AccessEvent
from audit.services import record_access
from dashboards.caseload import caseload_rows, caseload_table
from dashboards.days import working_calendar
from dashboards.home.lists import Desk
from dashboards.home.loads import loads_table
from dashboards.home.pages import home_page
from dashboards.permissions import reach_of
from escalations.standings import waiting_for

NO_CHILDREN = "No {child_looked_after} is allocated to you yet. Your IRO manager allocates them."


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """The lists of the person's main role; the children they show are logged once."""
    today = timezone.localdate()
    desk = Desk(request.user, today, working_calendar(), words_in(request, today))
    reach = reach_of(roles_in(request))
    page = home_page(desk, reach)
    cards = waiting_for(request.user, desk.today) if page.shows_waiting else []
    context = {"page": page, "waiting": cards, "today": desk.today}
    ids = set(page.child_ids) | {card.escalation.child_id for card in cards}
    if page.has_caseload:
        table = caseload_table(
            reach, desk.today, desk.calendar, words=desk.words, empty=NO_CHILDREN, caption="My caseload"
        )
        shown = table.render(request, caseload_rows(request.user, reach))
        ids |= {child.pk for child in shown.rows}
        context["caseload"] = shown
    if page.loads:
        context["loads"] = loads_table(desk).render(request, page.loads)
    record_access(
        child_ids=sorted(ids),
        authority_id=request.user.authority_id,
        action=AccessEvent.Action.LIST,
        what="dashboards:home",
        by=request.user,
        at=timezone.now(),
    )
    return render(request, "dashboards/home.html", context)
