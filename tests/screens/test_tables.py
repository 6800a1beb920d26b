"""Lists: their order, their pages and what they let through."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from screens.cells import status_tag
from screens.tables import Column, RenderedTable, Table

PEOPLE = [("Cara", 3), ("Ann <b>", 12), ("Ben {0}", 7)]
COLUMNS = [
    Column("name", "Name", lambda row: row[0], sort=lambda row: row[0]),
    Column("age", "Age {years}", lambda row: row[1], sort=lambda row: row[1], is_number=True),
    Column("standing", "Standing", lambda row: status_tag("Overdue", "bad"), print=False),
]
TABLE = Table(COLUMNS, "People", empty="Nobody yet. Add one.")
PERMISSIONS = Table(
    [
        Column("code", "Code", lambda row: row.codename, sort="codename"),
        Column("name", "Name", lambda row: row.name),
    ],
    "Permissions",
    per_page=10,
    sorted_by="code",
)


def drawn(table: Table, query: str = "", rows: Any = PEOPLE) -> RenderedTable:
    return table.render(RequestFactory().get(f"/{query}"), rows)


def order(table: RenderedTable) -> list[int]:
    return sorted(range(3), key=lambda number: table.html.index(("Cara", "Ann", "Ben")[number]))


def test_cells_are_escaped_and_safe_markup_is_not() -> None:
    html = drawn(TABLE).html
    assert "Ann &lt;b&gt;" in html
    assert "Ben {0}" in html
    assert '<strong class="govuk-tag govuk-tag--red">Overdue</strong>' in html


def test_the_whole_of_a_small_table() -> None:
    table = Table(COLUMNS[1:], "Ages", is_stacked=False)
    assert drawn(table, rows=[("Cara", 3)]).html == (
        '<div class="screens-table__scroll" role="region" aria-label="Ages" tabindex="0">'
        '<table class="govuk-table screens-table">'
        '<caption class="govuk-table__caption govuk-table__caption--m">Ages</caption>'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">'
        '<th scope="col" class="govuk-table__header govuk-table__header--numeric" aria-sort="none">'
        '<a class="govuk-link govuk-link--no-visited-state" href="?sort=age&amp;dir=asc">Age {years}'
        '<span class="screens-table__arrow" aria-hidden="true"> ↕</span></a></th>'
        '<th scope="col" class="govuk-table__header screens-no-print">Standing</th></tr></thead>'
        '<tbody class="govuk-table__body"><tr class="govuk-table__row">'
        '<th scope="row" class="govuk-table__header govuk-table__header--numeric" data-label="Age {years}">3</th>'
        '<td class="govuk-table__cell screens-no-print" data-label="Standing">'
        '<strong class="govuk-tag govuk-tag--red">Overdue</strong></td></tr></tbody></table></div>'
    )


@pytest.mark.parametrize(
    "query, expected, sort, is_descending",
    [
        ("", [0, 1, 2], None, False),
        ("?sort=name", [1, 2, 0], "name", False),
        ("?sort=name&dir=desc", [0, 2, 1], "name", True),
        ("?sort=age&dir=asc", [0, 2, 1], "age", False),
        ("?sort=age&dir=sideways", [0, 2, 1], "age", False),
        ("?sort=standing", [0, 1, 2], None, False),
        ("?sort=password", [0, 1, 2], None, False),
        ("?sort=%00", [0, 1, 2], None, False),
    ],
)
def test_only_columns_that_offer_it_can_be_sorted_by(
    query: str, expected: list[int], sort: str | None, is_descending: bool
) -> None:
    table = drawn(TABLE, query)
    assert (order(table), table.sort, table.is_descending) == (expected, sort, is_descending)


def test_the_heading_says_its_order_and_offers_the_other() -> None:
    html = drawn(TABLE, "?sort=age&page=3&team=north").html
    assert 'aria-sort="ascending"' in html
    assert 'href="?team=north&amp;sort=age&amp;dir=desc"' in html


def test_an_empty_list_says_why() -> None:
    html = drawn(TABLE, rows=[]).html
    assert "Nobody yet. Add one." in html
    assert "<table" not in html


def test_two_tables_on_a_page_sort_apart() -> None:
    late = Table(COLUMNS, "Late", name="late")
    assert order(drawn(late, "?sort=name")) == [0, 1, 2]
    assert order(drawn(late, "?late-sort=name")) == [1, 2, 0]


@pytest.mark.parametrize("page, first", [("", 1), ("2", 11), ("999", 41), ("0", 41), ("x", 1), ("9" * 5000, 1)])
def test_any_page_number_gives_a_page(page: str, first: int) -> None:
    numbers = Table([Column("n", "Number", lambda row: row)], "Numbers", per_page=10)
    assert f"Showing {first} to" in drawn(numbers, f"?page={page}", range(1, 48)).html


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?page=2", "?sort=code&dir=desc"])
def test_a_page_of_a_queryset_is_one_count_and_one_read(query: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        table = drawn(PERMISSIONS, query, Permission.objects.all())
    assert len(queries) == 2
    assert table.page is not None
    assert len(table.page.object_list) == 10


@pytest.mark.django_db
def test_a_queryset_is_ordered_by_its_fields() -> None:
    request = RequestFactory().get("/?sort=code&dir=desc")
    codes = [row.codename for row in PERMISSIONS.ordered(request, Permission.objects.all())]
    assert codes == sorted(codes, reverse=True)


@pytest.mark.django_db
def test_a_whole_list_is_not_counted() -> None:
    table = Table(PERMISSIONS.columns, "All", sorted_by="code")
    with CaptureQueriesContext(connection) as queries:
        drawn(table, "", Permission.objects.all())
    assert len(queries) == 1


def test_a_cell_may_be_lazy_text() -> None:
    from django.utils.translation import gettext_lazy

    table = Table([Column("a", "A", lambda row: row.word)], "Lazy")
    assert "<th" in drawn(table, rows=[SimpleNamespace(word=gettext_lazy("Yes"))]).html
