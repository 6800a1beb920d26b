"""Every page whose reading may be logged says in words what it is."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from screens.pages import page_words, pages, tabs

# Addresses that show no child: one's own sign-in and account, the service's health, and the words of the API itself.
OF_NO_CHILD = ("live", "ready", "accounts:", "children:access_log", "api:schema", "api:docs", "api:alert-sweep")
OURS = re.compile(r"[a-z]+:|live|ready")


def routes(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def test_every_page_has_its_words():
    ours = {name for name in routes(get_resolver().url_patterns) if OURS.match(name)}
    without = ours - set(pages())
    assert {name for name in without if not name.startswith(OF_NO_CHILD)} == set()


def test_a_route_that_is_gone_is_told_without_its_marks():
    assert page_words("dashboards:some_page") == "dashboards, some page"


def test_a_childs_tabs_are_said_by_their_pages():
    assert [name for name, _ in tabs()] == [
        "dashboards:child",
        "reviews:of_child",
        "escalations:of_child",
        "children:people",
        "children:care",
        "children:access",
        "children:changes",
    ]
