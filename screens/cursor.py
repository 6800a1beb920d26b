"""Pages of a list that grows at its newest end, by the key of a row: no counting, and no row is missed or doubled."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict

from screens.fields import whole_number
from screens.paging import with_query
from screens.tables import MOST_AT_ONCE

DIGITS = 18  # of a key that PostgreSQL can compare


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page, newest first, with the addresses of its neighbours."""

    rows: list[Any]
    previous_url: str | None
    next_url: str | None
    whole_url: str | None = None  # a page as long as any may be, where there is more than this one shows


def cut(rows: QuerySet[Model], query: QueryDict, size: int = 50) -> Slice:
    """The page that `before` or `after` in the query names; the newest rows where neither is a key.

    With `all=1` as many rows as a page may have, to be printed.
    """
    size = MOST_AT_ONCE if query.get("all") == "1" else size
    before, after = _key(query, "before"), _key(query, "after")
    if after is not None:
        newer = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        found, has_newer, has_older = newer[:size][::-1], len(newer) > size, True
    else:
        older = rows if before is None else rows.filter(pk__lt=before)
        found = list(older.order_by("-pk")[: size + 1])
        found, has_newer, has_older = found[:size], before is not None, len(found) > size
    if not found:
        return Slice([], None, None)
    return Slice(
        found,
        with_query(query, after=str(found[0].pk), before=None) if has_newer else None,
        with_query(query, before=str(found[-1].pk), after=None) if has_older else None,
        with_query(query, all="1", before=None, after=None) if has_older and size < MOST_AT_ONCE else None,
    )


def _key(query: QueryDict, name: str) -> int | None:
    return whole_number(query.get(name, ""), DIGITS)
