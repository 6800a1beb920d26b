"""The columns that lists behind figures share."""

from collections.abc import Callable
from datetime import date
from operator import attrgetter
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from reviews.models import Review
from screens.cells import link, short_day
from timescales import age_on

from .base import Column

SOME_UUID = "00000000-0000-0000-0000-000000000000"


def address_of(name: str) -> Callable[[object], str]:
    """What makes the address of a page from a uuid: the name is looked up once, not for each row."""
    start, end = reverse(name, args=[SOME_UUID]).split(SOME_UUID)
    return lambda uuid: f"{start}{uuid}{end}"


def child_columns(on: date) -> list[Column]:
    """Who the row is about: reference, name and age on that day."""
    address = address_of("dashboards:child")

    def opened(row: Any) -> SafeString:
        return link(str(row.child), address(row.child.uuid))

    return [
        Column("child", "Child", lambda row: str(row.child), opened, sort="child__sort_name"),
        Column("reference", "Reference", lambda row: row.child.reference, sort="child__reference"),
        Column("age", "Age", lambda row: age(row.child.date_of_birth, on), is_number=True),
    ]


def age(born_on: date, on: date) -> int | str:
    """Whole years on the day, or nothing where the day is before the birth."""
    return age_on(born_on, on) if on >= born_on else ""


def day_column(key: str, header: str, name: str) -> Column:
    """A day held by the row itself, or by what it names ("escalation__raised_on")."""
    value = attrgetter(name.replace("__", "."))
    return Column(key, header, value, lambda row: short_day(value(row)), sort=(name, "child__sort_name"))


def review_column() -> Column:
    """Which review of which cycle."""
    return Column("review", "Review", review_name)


def review_name(row: Review) -> str:
    """A review as a list says it: "Second looked-after"."""
    return str(row).removesuffix(" review")
