"""What each page is called, and which are a child's own: said where the page is, found by its route."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.urls import URLPattern, URLResolver, get_resolver

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Tab:
    """A page's place among the tabs of a child: its label, its order, and the permission it asks, if any."""

    label: str
    order: int
    asks: Any = None


@dataclass(frozen=True)
class Page:
    """A page in the words of the people who open it; both may hold places for the authority's own words."""

    words: str
    tab: Tab | None = None


def page(words: str, *, tab: Tab | None = None) -> Callable[[View], View]:
    """Say what a view, or an action of the API, is: "a review"."""

    def say(view: View) -> View:
        view.page = Page(words, tab)  # type: ignore[attr-defined]  # a function may carry what is said of it
        return view

    return say


def page_words(name: str) -> str:
    """The page of this route in words: its own name with the marks taken out where the route is gone."""
    found = pages().get(name)
    return found.words if found else name.replace(":", ", ").replace("_", " ").replace("/", " ").strip()


def tabs() -> list[tuple[str, Tab]]:
    """Name and tab of each page that is about a child as a whole, in the order they are shown."""
    found = [(name, known.tab) for name, known in pages().items() if known.tab]
    return sorted(found, key=lambda entry: entry[1].order)


@lru_cache(maxsize=1)
def pages() -> dict[str, Page]:
    """Every page that says what it is, by the name of its route."""
    return dict(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, Page]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner)
        elif pattern.name and (found := _page_of(pattern.callback)):
            yield f"{space}{pattern.name}", found


def _page_of(view: Any) -> Page | None:
    """What a view says it is; of the API's, the first of its actions that says anything."""
    actions = [getattr(view.cls, action) for action in view.actions.values()] if hasattr(view, "actions") else []
    said = [found.page for found in (view, *actions) if hasattr(found, "page")]
    return said[0] if said else None
