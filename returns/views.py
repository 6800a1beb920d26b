"""Data quality: what to mend, by reference and code, for those who look after the return."""

from operator import itemgetter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.lists import Listing, asked_file
from accounts.requests import SignedInRequest, log_reading, viewer_in
from screens.cells import link, moment
from screens.pages import page
from screens.tables import Column, Table, day_column

from .models import Return
from .permissions import may_manage_returns
from .quality import BY_SLUG, CHECKS, Check

ROWS_ON_A_PAGE = 50
SUMMARY = Table(
    columns=[
        Column("check", "What was found", lambda row: _link(*row), value=lambda row: row[0].title),
        Column("asks", "What mends it", lambda row: row[0].asks),
        Column("count", "How many", lambda row: f"{row[1]:,}", is_number=True, value=lambda row: row[1]),
    ],
    caption="Checks",
    name="checks",
)
RETURNS = Table(
    columns=[
        Column("year", "Year to 31 March", lambda row: row.year),
        Column("read_at", "Read in", lambda row: moment(row.loaded_at), value=lambda row: row.loaded_at),
        Column("read", "Rows read", lambda row: f"{row.read:,}", is_number=True, value=lambda row: row.read),
        Column("rejected", "Rejected", lambda row: _problems_link(row), None, True, value=lambda row: row.rejected),
    ],
    caption="Returns read in",
    name="returns",
    empty="No return has been read in yet.",
)


PROBLEMS = Table(
    columns=[
        Column("file", "File", lambda row: row.file, sort="file"),
        Column("row", "Row", lambda row: row.row, sort="row", is_number=True),
        Column("column", "Column", lambda row: row.column, sort="column"),
        Column("value", "Value", lambda row: row.value),
        Column("reason", "Why it did not land", lambda row: row.reason),
        Column("is_row", "What did not land", lambda row: "The row" if row.is_row else "The cell", sort="is_row"),
    ],
    caption="What could not be read",
    empty="Every row and cell of this return was read.",
    per_page=ROWS_ON_A_PAGE,
    sorted_by="file",
)


def _problems_link(row: Return) -> Any:
    return link(f"{row.rejected:,}", reverse("returns:problems", args=[row.year]), hidden=f" of {row.year}")


def _link(check: Check, count: int) -> Any:
    return link(check.title, reverse("returns:data_quality_list", args=[check.slug])) if count else check.title


def _table(check: Check) -> Table:
    return Table(
        columns=[
            Column("reference", "Reference", lambda row: row["named"], sort="named"),
            day_column("day", check.day, lambda row: row["day"], sort="day"),
            Column("code", check.code, lambda row: row["code"] or "", sort="code"),
        ],
        caption=check.title,
        empty="Nothing was found.",
        per_page=ROWS_ON_A_PAGE,
        sorted_by="reference",
    )


TABLES = {slug: _table(check) for slug, check in BY_SLUG.items()}


@page("the data-quality list")
@require_safe
def data_quality(request: SignedInRequest) -> HttpResponse:
    """Every check with its count, and which returns have been read in."""
    _refuse_others(request)
    counts = [(check, _found(request, check).count()) for check in CHECKS]
    checks = Listing(SUMMARY, counts, "data-quality-checks", about=None)
    returns = Listing(RETURNS, Return.objects.of(request.user.authority_id), "returns-read-in", about=None)
    if file := asked_file(request, checks, returns):
        return file
    context = {"checks": checks.drawn(request), "returns": returns.drawn(request)}
    return render(request, "returns/data_quality.html", context)


@page("a data-quality list")
@require_safe
def data_quality_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rows one check finds, a page at a time or as a file; the reading is logged."""
    check = _check_or_404(request, slug)
    found, name = _found(request, check), f"data-quality-{slug}"
    listing = Listing(TABLES[slug], found, name, about=itemgetter("about"), is_for_its_readers=True)
    if file := asked_file(request, listing):
        return file
    table = listing.drawn(request)
    log_reading(request, (row["about"] for row in table.rows))
    return render(request, "returns/data_quality_list.html", {"check": check, "table": table})


@page("what could not be read of a return")
@require_safe
def problems(request: SignedInRequest, year: int) -> HttpResponse:
    """Every row and cell of a year's return that did not land, with its place and why, to mend the return by."""
    _refuse_others(request)
    returned = get_object_or_404(Return.objects.of(request.user.authority_id), year=year)
    listing = Listing(PROBLEMS, returned.problems.all(), f"return-{year}-not-read", about=None)
    if file := asked_file(request, listing):
        return file
    return render(request, "returns/problems.html", {"returned": returned, "table": listing.drawn(request)})


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
