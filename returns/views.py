"""Data quality: what to mend, by reference and code, for those who look after the return."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest, log_reading, viewer_in
from audit.models import AccessEvent
from screens.cells import link, moment, short_day
from screens.csv import csv_response
from screens.pages import page
from screens.tables import Column, Table

from .models import Return
from .permissions import may_manage_returns
from .quality import BY_SLUG, CHECKS, Check

PAGE = 50
SUMMARY = Table(
    columns=[
        Column("check", "What was found", lambda row: _link(*row)),
        Column("asks", "What mends it", lambda row: row[0].asks),
        Column("count", "How many", lambda row: f"{row[1]:,}", is_number=True),
    ],
    caption="Checks",
)
RETURNS = Table(
    columns=[
        Column("year", "Year to 31 March", lambda row: row.year),
        Column("read_at", "Read in", lambda row: moment(row.loaded_at)),
        Column("read", "Rows read", lambda row: f"{row.read:,}", is_number=True),
        Column("rejected", "Rejected", lambda row: f"{row.rejected:,}", is_number=True),
    ],
    caption="Returns read in",
    empty="No return has been read in yet.",
)


def _link(check: Check, count: int) -> Any:
    return link(check.title, reverse("returns:data_quality_list", args=[check.slug])) if count else check.title


def _table(check: Check) -> Table:
    return Table(
        columns=[
            Column("reference", "Reference", lambda row: row["named"], sort="named"),
            Column("day", check.day, lambda row: short_day(row["day"]), sort="day"),
            Column("code", check.code, lambda row: row["code"] or "", sort="code"),
        ],
        caption=check.title,
        empty="Nothing was found.",
        per_page=PAGE,
        sorted_by="reference",
    )


TABLES = {slug: _table(check) for slug, check in BY_SLUG.items()}


@page("the data-quality list")
@require_safe
def data_quality(request: SignedInRequest) -> HttpResponse:
    """Every check with its count, and which returns have been read in."""
    _refuse_others(request)
    checks = [(check, _found(request, check).count()) for check in CHECKS]
    context = {
        "checks": SUMMARY.render(request, checks),
        "returns": RETURNS.render(request, Return.objects.of(request.user.authority_id)),
    }
    return render(request, "returns/data_quality.html", context)


@page("a data-quality list")
@require_safe
def data_quality_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rows one check finds, a page at a time; the reading is logged."""
    check = _check_or_404(request, slug)
    table = TABLES[slug].render(request, _found(request, check))
    log_reading(request, (row["about"] for row in table.rows))
    return render(request, "returns/data_quality_list.html", {"check": check, "table": table})


@page("a downloaded data-quality list")
@require_safe
def download(request: SignedInRequest, slug: str) -> HttpResponse:
    """The same rows, all of them, as CSV."""
    check = _check_or_404(request, slug)
    rows = list(TABLES[slug].ordered(request, _found(request, check)))
    log_reading(request, (row["about"] for row in rows), AccessEvent.Action.DOWNLOAD)
    lines = [(row["named"], row["day"], row["code"]) for row in rows]
    return csv_response(f"data-quality-{slug}.csv", ("Reference", check.day, check.code), lines)


def _refuse_others(request: SignedInRequest) -> None:
    if not may_manage_returns(viewer_in(request)):
        raise PermissionDenied


def _check_or_404(request: SignedInRequest, slug: str) -> Check:
    _refuse_others(request)
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def _found(request: SignedInRequest, check: Check) -> QuerySet:
    """What a check finds in the authority of whoever manages its returns."""
    return check.find(request.user.authority_id, viewer_in(request).on)
