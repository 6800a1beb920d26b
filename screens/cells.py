"""Small pieces of markup made in plain Python: for table cells, where a tag for every row is too slow."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

# What a standing or a rating means to the reader; its colour never stands without its word.
COLOURS = {"good": "green", "warn": "orange", "bad": "red", "neutral": "grey", "info": "blue"}


@lru_cache(maxsize=256)  # a table says the same few words in every row
def status_tag(text: str, kind: str = "neutral") -> SafeString:
    """A word in a coloured box; `kind` is good, warn, bad, neutral or info, else KeyError."""
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', COLOURS[kind], text)


def link(text: str, url: str, *, hidden: str = "") -> SafeString:
    """A link; `hidden` adds words for screen readers that make it unlike its neighbours ("Change" what?)."""
    extra = format_html('<span class="govuk-visually-hidden"> {}</span>', hidden) if hidden else ""
    return format_html('<a class="govuk-link" href="{}">{}{}</a>', url, text, extra)


def day(value: date | datetime | None) -> str:
    """A day as it is said aloud, "4 December 2026"; nothing for None. A moment gives its local day."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value.day} {value:%B %Y}"


def short_day(value: date | None) -> str:
    """A day for a narrow column, "4 Dec 2026"; nothing for None."""
    return "" if value is None else f"{value.day} {value:%b %Y}"


def moment(value: datetime | None) -> str:
    """A moment in local time, "4 December 2026, 14:32"; nothing for None."""
    return "" if value is None else f"{day(value)}, {_local(value):%H:%M}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
