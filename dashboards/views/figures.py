"""The figures, the list behind each, and the same list as a file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest, authority_in, log_reading, viewer_in, words_in
from accounts.roles import ChildPermission, Permission
from audit.models import AccessEvent
from dashboards.charts import chart
from dashboards.days import working_calendar
from dashboards.figures import BY_SLUG, FIGURES, Figure, Part, Scope, known_to, scope_for
from dashboards.figures.difference import difference
from dashboards.figures.lists import exportable, table_of, values_of
from dashboards.figures.looked_after import tally_of_caseload
from dashboards.figures.opening import opening
from dashboards.figures.trends import all_trends
from dashboards.forms import PeriodForm
from dashboards.markup import numbers, part_list
from dashboards.permissions import reach_of
from screens.csv import csv_response
from screens.pages import page
from screens.paging import with_query

NO_FIGURES = "Your role does not read figures."
NUMBERS_ONLY = "Your role reads the numbers, not the lists behind them."
NO_DOWNLOAD = "Your role reads this list on the screen but may not download it."


@page("the figures")
@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """Every figure of the chosen period, each with its numerator, denominator and definition."""
    scope, form = scope_of(request)
    reach = reach_of(viewer_in(request).roles)
    readings = [figure.read(scope) for figure in FIGURES if figure.is_for(reach)]
    query = with_query(request.GET, part=None, page=None, sort=None, dir=None) if not form.errors else "?"
    context = {
        "opening": opening(scope, readings),
        "difference": difference(scope.once(tally_of_caseload), scope.say),
        "readings": readings,
        "definitions": [(reading, part_list(reading, query, has_lists=reach.has_lists)) for reading in readings],
        "charts": [(trend, chart(trend), numbers(trend)) for trend in all_trends(scope)],
        "scope": scope,
        "lists": reach.has_lists,
        "whole_authority": reach.is_authority_wide,
        "form": form,
        "query": query,
    }
    return render(request, "dashboards/figures.html", context)


@page("the list behind a figure")
@require_safe
def figure(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rows one number counts; the reading is logged."""
    scope, form = scope_of(request)
    found, part, rows = asked_for(request, slug, scope)
    table = table_of(found, scope, part).render(request, rows)
    log(request, AccessEvent.Action.LIST, found, table.rows)
    context = {
        "figure": found,
        "part": part,
        "parts": found.read(scope).parts,
        "table": table,
        "total": table.page.paginator.count if table.page else 0,
        "scope": scope,
        "form": form,
        "may_download": reach_of(viewer_in(request).roles).may(ChildPermission.EXPORT),
        "query": with_query(request.GET, page=None),
        "part_query": with_query(request.GET, page=None, part=None, sort=None, dir=None),
        "back_query": with_query(request.GET, part=None, page=None, sort=None, dir=None),
    }
    return render(request, "dashboards/figure.html", context)


@page("a downloaded list behind a figure")
@require_safe
def download(request: SignedInRequest, slug: str) -> HttpResponse:
    """The same rows as a file, for who may take them away; the download is logged."""
    scope, form = scope_of(request)
    found, part, rows = asked_for(request, slug, scope)
    if form.errors:
        return redirect(f"{reverse('dashboards:figure', args=[slug])}{with_query(request.GET)}")
    if not reach_of(viewer_in(request).roles).may(ChildPermission.EXPORT):
        raise PermissionDenied(NO_DOWNLOAD)
    taken = list(table_of(found, scope, part).ordered(request, exportable(found, viewer_in(request), rows)))
    log(request, AccessEvent.Action.DOWNLOAD, found, taken)
    header, lines = values_of(found, scope, taken)
    return csv_response(f"{found.slug}-{part.slug}-{_when(found, scope)}.csv", header, lines)


def _when(figure: Figure, scope: Scope) -> str:
    """The day or the days a file is about, for its name."""
    return f"{scope.day}" if figure.is_on_a_day else f"{scope.period.first}-to-{scope.period.last}"


def scope_of(request: SignedInRequest) -> tuple[Scope, PeriodForm]:
    """Whose figures and for when; 403 for who reads none."""
    viewer = viewer_in(request)
    reach = reach_of(viewer.roles)
    if not reach.has(Permission.VIEW_FIGURES):
        raise PermissionDenied(NO_FIGURES)
    form = PeriodForm(request.GET, today=viewer.on)
    return scope_for(
        viewer, reach, form.chosen, working_calendar(), words_in(request), known_to(authority_in(request))
    ), form


def asked_for(request: SignedInRequest, slug: str, scope: Scope) -> tuple[Figure, Part, QuerySet[Any]]:
    """The figure, the part of it and its rows; 404 for none such, 403 for a role without lists."""
    found, reach = BY_SLUG.get(slug), reach_of(viewer_in(request).roles)
    if found is None or not found.is_for(reach):
        raise Http404
    if not reach.has_lists:
        raise PermissionDenied(NUMBERS_ONLY)
    listed = found.list(scope, request.GET.get("part", found.whole))
    if listed is None:
        raise Http404
    return found.said(scope), *listed


def log(request: SignedInRequest, action: AccessEvent.Action, figure: Figure, rows: Any) -> None:
    """Write the access event of these rows' children, if the figure is about children."""
    log_reading(request, (row.child_id for row in rows) if figure.is_about_children else [], action)
