"""A council with a real server, its people in front of real browsers, and a clock that can be put forward."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser

from children.models import Child
from escalations.models import Ladder
from reviews.models import Review
from tests.browser import chromium
from tests.conftest import NOW, PASSWORD, Place
from tests.escalations.conftest import concern, ladder

from .person import Manner, Person

__all__ = ["chromium", "concern", "ladder"]

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread of the tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a journey, with a database that the server's threads see too."""
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))


@dataclass
class Town:
    """The council's children and people, and the browsers they have open."""

    place: Place
    site: str
    browser: Browser
    people: list[Person] = field(default_factory=list)
    expected: list[int] = field(default_factory=list)

    def sits_down(self, manner: Manner = "mouse") -> Person:
        """Somebody opens a browser, not signed in."""
        self.people.append(Person(self.browser, self.site, manner))
        return self.people[-1]

    def signed_in(self, who: str, manner: Manner = "mouse") -> Person:
        """One of the cast opens a browser and signs in."""
        self.may_sign_in(who)
        person = self.sits_down(manner)
        person.signs_in(self.place.people[who].username)
        return person

    def may_sign_in(self, who: str) -> str:
        """Give one of the cast a password; their address to sign in with."""
        user = self.place.people[who]
        if not user.has_usable_password():
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        return user.username


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    """Monday 17 August 2026, half past nine, going on from there; `shift` puts it forward."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def town(clock: Any, place: Place, ladder: Ladder, live_server: Any, chromium: Browser) -> Iterator[Town]:
    """The council, whose ladder has five rungs; at the end every browser is asked what it noted."""
    town = Town(place, live_server.url, chromium)
    yield town
    names = [
        *Child.objects.values_list("given_name", flat=True),
        *Child.objects.values_list("family_name", flat=True),
    ]
    for person in town.people:
        person.leaves([name for name in names if name], town.expected)


@pytest.fixture
def first_review(town: Town, make_child: Callable[..., Child]) -> Review:
    """The first review of a twelve-year-old of Ada's, due by Tuesday 1 September 2026."""
    return make_child().reviews.get()


@pytest.fixture
def late_review(town: Town, make_child: Callable[..., Child]) -> Review:
    """The first review of another child of Ada's, which was due by Monday 3 August 2026."""
    return make_child(care_from=date(2026, 7, 6)).reviews.get()
