"""Links to the pages of a list, which keep the filters and the sort of the address they stand on."""

from typing import Any

from django.core.paginator import Page
from django.http import QueryDict


def with_query(query: QueryDict, **changes: str | None) -> str:
    """`?` and the query with these values replaced, and dropped where None."""
    changed = query.copy()
    for key, value in changes.items():
        changed.pop(key, None)
        if value is not None:
            changed[key] = value
    return f"?{changed.urlencode()}"


def page_links(query: QueryDict, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """What `screens/pagination.html` needs for this page of a numbered list."""
    paginator = page.paginator
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    items = [
        {
            "number": number,
            "url": with_query(query, **{name: str(number)}) if isinstance(number, int) else None,
            "is_current": number == page.number,
        }
        for number in numbers
    ]
    return {
        "items": items if paginator.num_pages > 1 else [],
        "previous_url": with_query(query, **{name: str(page.number - 1)}) if page.has_previous() else None,
        "next_url": with_query(query, **{name: str(page.number + 1)}) if page.has_next() else None,
        "first": page.start_index(),
        "last": page.end_index(),
        "count": paginator.count,
    }
