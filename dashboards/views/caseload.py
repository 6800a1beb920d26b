"""The caseload: every child this person sees, by what is due first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest, log_reading, viewer_in, words_in
from accounts.roles import ChildPermission
from dashboards.caseload import caseload_rows, caseload_table, narrowed
from dashboards.days import working_calendar
from dashboards.forms import CaseloadFilter
from dashboards.people import iros_of, teams_of
from dashboards.permissions import Reach, reach_of
from screens.components import Chip, ChipGroup
from screens.pages import page
from screens.paging import with_query

NOBODY = "Your role opens no child's record, so there is no caseload to show."
NOTHING_YET = "No {child_looked_after} is allocated to you or to a team you answer for yet."
NO_MATCH = "No child matches these filters. Clear the filters to see every child."


@page("the caseload")
@require_safe
def caseload(request: SignedInRequest) -> HttpResponse:
    """One row for each child, filtered and sorted as the address asks; the reading is logged once."""
    user, viewer = request.user, viewer_in(request)
    today, reach = viewer.on, reach_of(viewer.roles)
    form = CaseloadFilter(
        request.GET,
        iros=iros_of(user) if reach.sees_others_children else [],
        teams=teams_of(user) if reach.sees_many_teams else [],
        has_ratings=reach.may(ChildPermission.READ_RECORD),
    )
    chosen = form.chosen()
    words = words_in(request)
    table = caseload_table(reach, today, working_calendar(), words=words, empty=_why_empty(reach, chosen))
    shown = table.render(request, narrowed(caseload_rows(viewer, reach), chosen, today))
    log_reading(request, (child.pk for child in shown.rows))
    context = {"table": shown, "form": form, "chips": chips(request, form, chosen), "clear_url": request.path}
    return render(request, "dashboards/caseload.html", context)


def _why_empty(reach: Reach, chosen: dict[str, str]) -> str:
    if chosen:
        return NO_MATCH
    return NOTHING_YET if reach.has_lists else NOBODY


def chips(request: SignedInRequest, form: CaseloadFilter, chosen: dict[str, str]) -> list[ChipGroup]:
    """The filters that are on, each with the address of the same list without it."""
    return [
        ChipGroup(
            str(form.fields[name].label),
            [Chip(form.label_of(name, value), with_query(request.GET, **{name: None, "page": None}))],
        )
        for name, value in chosen.items()
    ]
