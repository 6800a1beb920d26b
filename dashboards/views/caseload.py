"""The caseload: every child this person sees, by what is due first."""

from functools import partial
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.lists import Listing, asked_file
from accounts.requests import SignedInRequest, log_reading, viewer_in, words_in
from authorities.words import say
from dashboards.caseload import caseload_rows
from dashboards.caseload_table import caseload_table
from dashboards.days import working_calendar
from dashboards.figures.difference import CARE, difference, tally_of_rows
from dashboards.figures.tally import Tally
from dashboards.filters import CaseloadFilter
from dashboards.permissions import Reach, reach_of
from screens.pages import page
from screens.tables import RenderedTable

NOBODY = "Your role opens no child's record, so there is no caseload to show."
NOTHING_YET = "No {child_looked_after} is allocated to you or to a team you answer for yet."
NO_MATCH = "No child matches these filters. Clear the filters to see every child."


@page("the caseload")
@require_safe
def caseload(request: SignedInRequest) -> HttpResponse:
    """One row for each child, filtered and sorted as the address asks; the reading is logged once."""
    viewer = viewer_in(request)
    today, reach = viewer.on, reach_of(viewer.roles)
    filters = CaseloadFilter.of_page(request, caseload_rows(viewer, reach))
    words = words_in(request)
    table = caseload_table(reach, today, working_calendar(), words=words, empty=_why_empty(reach, filters))
    listing = Listing(table, filters.qs, "caseload", about=attrgetter("pk"))
    if file := asked_file(request, listing):
        return file
    shown = listing.drawn(request)
    log_reading(request, (child.pk for child in shown.rows))
    context = {"table": shown, "filters": filters, "form": filters.form, "difference": ""}
    if not filters.chosen:
        context["difference"] = difference(_in_care(shown, listing.rows), partial(say, words=words))
    return render(request, "dashboards/caseload.html", context)


def _in_care(shown: RenderedTable, rows: QuerySet[Any]) -> Tally:
    """Of the whole caseload: counted among the rows on the page where they are all there is."""
    is_whole = shown.page is not None and shown.page.paginator.count == len(shown.rows)
    return tally_of_rows(shown.rows) if is_whole else Tally.of(rows, *CARE)


def _why_empty(reach: Reach, filters: CaseloadFilter) -> str:
    if filters.chosen:
        return NO_MATCH
    return NOTHING_YET if reach.has_lists else NOBODY
