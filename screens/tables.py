"""Tables that sort and page on the server, draw their rows fast, and give them whole on paper and in a file.

A row is one call of a format string made when the table is declared. Cells are plain functions, so nothing is
looked up, included or filtered for each row: measured elsewhere at a third of the cost of template cells.
"""

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from screens.cells import short_day
from screens.paging import page_links, with_query

Sort = str | tuple[str, ...] | Callable[[Any], Any]
Prepare = Callable[[list[Any]], Sequence[Any]]
MOST_AT_ONCE = 2000  # rows of a page that is asked for whole, to be printed
BATCH = 1000  # rows of a file prepared at a time


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `cell` gives its value for a row, as text (escaped), a number or a SafeString.

    `sort` is the field or fields a queryset is ordered by, or a key function where the rows are a list; None
    means the column cannot be sorted by. `print=False` leaves it off paper. `is_short` keeps its values, a date
    say, on one line each. `value` is what a file holds, a day rather than its words, where that is not what `cell`
    gives; markup never goes into a file. `is_only_in_file` sets apart what a cell on the screen shows together.
    """

    key: str
    header: str
    cell: Callable[[Any], object]
    sort: Sort | None = None
    is_number: bool = False
    print: bool = True
    is_short: bool = False
    value: Callable[[Any], object] | None = None
    is_only_in_file: bool = False


def day_column(
    key: str, header: str, value: Callable[[Any], date | None], *, otherwise: str = "", **more: Any
) -> Column:
    """A day: short on the screen, or the words `otherwise` for none; yyyy-mm-dd or nothing in a file."""
    return Column(key, header, lambda row: short_day(value(row)) or otherwise, value=value, **more)


@dataclass(frozen=True, slots=True)
class Sorting:
    """The column a list is sorted by, and which way."""

    column: Column
    is_descending: bool

    def applied(self, rows: Any) -> Any:
        """The rows in this order: a queryset by fields, blanks last, ties by primary key; a list by key."""
        sort = self.column.sort
        if callable(sort):
            return sorted(rows, key=sort, reverse=self.is_descending)
        names = (sort,) if isinstance(sort, str) else tuple(sort or ())
        return rows.order_by(*(self._expression(name) for name in names), "pk")

    def _expression(self, name: str) -> Any:
        is_descending = self.is_descending != name.startswith("-")
        expression = F(name.removeprefix("-"))
        return expression.desc(nulls_last=True) if is_descending else expression.asc(nulls_last=True)


@dataclass(frozen=True, slots=True)
class RenderedTable:
    """A drawn table: `{{ table }}` puts it on the page."""

    html: SafeString
    page: Page[Any] | None
    rows: Sequence[Any]  # as drawn, for the access event
    sort: str | None
    is_descending: bool

    def __html__(self) -> SafeString:
        return self.html

    def __str__(self) -> str:
        return self.html


@dataclass(frozen=True)
class Table:
    """A list with a caption, declared once for the whole process and drawn for each request.

    `per_page=None` shows every row and counts nothing. `name` sets two tables on one page apart. `is_stacked`
    makes each row a small card on a narrow screen; else the table scrolls sideways in a region the keyboard
    can reach. The first column heads its row.
    """

    columns: Sequence[Column]
    caption: str
    empty: str = "There is nothing in this list."
    per_page: int | None = None
    sorted_by: str | None = None
    name: str = ""
    is_stacked: bool = True
    caption_size: str = "m"
    _drawn: Sequence[Column] = field(init=False, repr=False)
    _row: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_drawn", [column for column in self.columns if not column.is_only_in_file])
        object.__setattr__(self, "_row", self._row_format())

    def render(
        self,
        request: HttpRequest,
        rows: Any,
        *,
        caption: str | None = None,
        prepare: Prepare | None = None,
        may_download: bool = False,
    ) -> RenderedTable:
        """Draw the rows as the address asks (`?sort=due&dir=desc&page=2`): at most one count and one read.

        `prepare` is given the rows of this page and returns what the cells get: the place to fetch, once, what
        they all need. `?all=1` draws every row on one page, up to MOST_AT_ONCE. `may_download` offers the file.
        """
        sorting = self.sorting(request.GET)
        ordered = sorting.applied(rows) if sorting else rows
        page = self._page(request.GET, ordered)
        read = list(ordered if page is None else page.object_list)
        shown = prepare(read) if prepare else read
        return RenderedTable(
            html=self._html(request.GET, shown, page, sorting, caption or self.caption)
            + self._other_ways(request.GET, page, caption or self.caption, may_download=may_download and bool(shown)),
            page=page,
            rows=shown,
            sort=sorting.column.key if sorting else None,
            is_descending=bool(sorting and sorting.is_descending),
        )

    def ordered(self, request: HttpRequest, rows: Any) -> Any:
        """The rows in the order the address asks for, not paged: for the same list as CSV."""
        sorting = self.sorting(request.GET)
        return sorting.applied(rows) if sorting else rows

    def is_file_asked(self, request: HttpRequest) -> bool:
        """Whether the address asks for these rows as a file (`?format=csv`) rather than for their page."""
        return request.GET.get(self._parameter("format")) == "csv"

    def file_url(self, query: QueryDict) -> str:
        """The address of the file: the same list with the same filters in the same order."""
        return self._url(query, format="csv", page=None, all=None)

    @property
    def headers(self) -> list[str]:
        """The first line of the file."""
        return [column.header for column in self.columns]

    def line(self, row: Any) -> list[object]:
        """One row of the file, as plain values."""
        return [(column.value or column.cell)(row) for column in self.columns]

    def in_batches(self, request: HttpRequest, rows: Any, prepare: Prepare | None = None) -> Iterator[Any]:
        """Every row in the order the address asks for, made ready as those of a page are, a batch at a time."""
        ordered = self.ordered(request, rows)
        found = ordered.iterator(BATCH) if isinstance(ordered, QuerySet) else iter(ordered)
        while batch := list(islice(found, BATCH)):
            yield from prepare(batch) if prepare else batch

    def sorting(self, query: QueryDict) -> Sorting | None:
        """The sort the address asks for where a column offers it, else the table's own."""
        sortable = {column.key: column for column in self.columns if column.sort is not None}
        asked = query.get(self._parameter("sort"), "")
        if asked in sortable:
            return Sorting(sortable[asked], query.get(self._parameter("dir")) == "desc")
        return Sorting(sortable[self.sorted_by], False) if self.sorted_by else None

    def _parameter(self, word: str) -> str:
        return f"{self.name}-{word}" if self.name else word

    def _page(self, query: QueryDict, rows: Any) -> Page[Any] | None:
        if self.per_page is None:
            return None
        number, size = query.get(self._parameter("page"), "1"), self._page_size(query)
        if number != "1" or isinstance(rows, list):
            return Paginator(rows, size).get_page(number)
        first = list(rows[: size + 1])  # one row more tells whether anything need be counted
        is_whole = len(first) <= size
        return Page(first[:size], 1, Paginator(first if is_whole else rows, size))

    def _page_size(self, query: QueryDict) -> int:
        return MOST_AT_ONCE if self._is_whole(query) else self.per_page or MOST_AT_ONCE

    def _is_whole(self, query: QueryDict) -> bool:
        return query.get(self._parameter("all")) == "1"

    def _row_format(self) -> str:
        cells = [self._cell_format(column, is_first=not index) for index, column in enumerate(self._drawn)]
        return f'<tr class="govuk-table__row">{"".join(cells)}</tr>'

    def _cell_format(self, column: Column, *, is_first: bool) -> str:
        label = escape(column.header).replace("{", "{{").replace("}", "}}")
        if is_first:
            return f'<th scope="row" class="{_classes(column, "header")}" data-label="{label}">{{}}</th>'
        return f'<td class="{_classes(column, "cell")}" data-label="{label}">{{}}</td>'

    def _rows(self, rows: Iterable[Any]) -> SafeString:
        row_format, cells = self._row.format, [column.cell for column in self._drawn]
        # safe: the format is ours and every cell is escaped, as format_html_join does more slowly
        return SafeString("".join([row_format(*[_escaped(cell(row)) for cell in cells]) for row in rows]))

    def _html(
        self,
        query: QueryDict,
        rows: Sequence[Any],
        page: Page[Any] | None,
        sorting: Sorting | None,
        caption: str,
    ) -> SafeString:
        if not rows:
            return format_html(
                '<h2 class="govuk-heading-{}">{}</h2><p class="govuk-body screens-table__empty">{}</p>',
                self.caption_size,
                caption,
                self.empty,
            )
        return format_html(
            '<div class="screens-table__scroll" role="region" aria-label="{}" tabindex="0">'
            '<table class="govuk-table screens-table{}"><caption class="govuk-table__caption'
            ' govuk-table__caption--{}">{}</caption><thead class="govuk-table__head">'
            '<tr class="govuk-table__row">{}</tr></thead>'
            '<tbody class="govuk-table__body">{}</tbody></table></div>{}',
            caption,
            " screens-table--stacked" if self.is_stacked else "",
            self.caption_size,
            caption,
            format_html_join("", "{}", ((self._heading(query, column, sorting),) for column in self._drawn)),
            self._rows(rows),
            self._pagination(query, page, caption),
        )

    def _heading(self, query: QueryDict, column: Column, sorting: Sorting | None) -> SafeString:
        classes = _classes(column, "header")
        if column.sort is None:
            return format_html('<th scope="col" class="{}">{}</th>', classes, column.header)
        is_current = sorting is not None and sorting.column.key == column.key
        is_descending = bool(is_current and sorting and sorting.is_descending)
        return format_html(
            '<th scope="col" class="{}" aria-sort="{}"><a class="govuk-link govuk-link--no-visited-state"'
            ' href="{}">{}<span class="screens-table__arrow" aria-hidden="true"> {}</span></a></th>',
            classes,
            ("descending" if is_descending else "ascending") if is_current else "none",
            self._sort_url(query, column, is_descending=is_current and not is_descending),
            column.header,
            ("▼" if is_descending else "▲") if is_current else "↕",
        )

    def _sort_url(self, query: QueryDict, column: Column, *, is_descending: bool) -> str:
        return self._url(query, sort=column.key, dir="desc" if is_descending else "asc", page=None)

    def _url(self, query: QueryDict, **changes: str | None) -> str:
        return with_query(query, **{self._parameter(word): value for word, value in changes.items()})

    def _other_ways(
        self, query: QueryDict, page: Page[Any] | None, caption: str, *, may_download: bool
    ) -> SafeString:
        """Links to the same list on one page, which is how it is printed whole, and as a file."""
        ways = [*self._lengths(query, page)]
        if may_download:
            ways.append(("Download as CSV", self.file_url(query)))
        if not ways:
            return SafeString("")
        link = '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden">: {}</span></a>'
        links = format_html_join(" ", link, ((url, words, caption) for words, url in ways))
        return format_html('<p class="govuk-body-s screens-table__ways screens-no-print">{}</p>', links)

    def _lengths(self, query: QueryDict, page: Page[Any] | None) -> Iterator[tuple[str, str]]:
        if page is None or self.per_page is None:
            return
        count = page.paginator.count
        if self._is_whole(query):
            yield f"Show {self.per_page} at a time", self._url(query, all=None, page=None)
        elif count > self.per_page:
            words = f"Show all {count:,}" if count <= MOST_AT_ONCE else f"Show {MOST_AT_ONCE:,} at a time"
            yield f"{words} on one page, to print", self._url(query, all="1", page=None)

    def _pagination(self, query: QueryDict, page: Page[Any] | None, caption: str) -> SafeString | str:
        if page is None:
            return ""
        links = page_links(query, page, self._parameter("page"))
        return render_to_string("screens/pagination.html", {**links, "label": f"Pages of {caption}"})


def _escaped(value: object) -> str:
    """What conditional_escape gives, without its wrapper for lazy text, which costs more than escaping."""
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


def _classes(column: Column, part: str) -> str:
    number = f" govuk-table__{part}--numeric" if column.is_number else ""
    paper = "" if column.print else " screens-no-print"
    short = " screens-table__short" if column.is_short else ""
    return f"govuk-table__{part}{number}{paper}{short}"
