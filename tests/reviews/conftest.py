"""Reviews in the states most tests begin from. An authority has no ladder until a test asks for one."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from children.models import CarePeriod, Child
from reviews.made import DecisionMade, ReviewMade
from reviews.models import Review
from reviews.services import record_review
from tests.conftest import NOW, TODAY
from tests.escalations.conftest import answer, concern, ladder
from tests.making import make_review

__all__ = ["answer", "concern", "ladder"]

ONE_DECISION = (
    DecisionMade(
        text="Ask the school for a new plan",
        outcome="Job done when the plan names who reads with her",
        owner="Sam Worker",
        due_on=date(2026, 9, 30),
    ),
)


def held_review(child: Child, rag: str = "RED", held_on: date = TODAY) -> Review:
    """The first review of a child, held that day and rated, as a return would tell of it."""
    return make_review(
        child, rule="NOT_KNOWN", held_on=held_on, source="RETURN", rag=rag, rag_reason="No health assessment"
    )


@pytest.fixture
def period(make_child: Callable[..., Child]) -> CarePeriod:
    """The care period of a twelve-year-old looked after since 3 August 2026, whose IRO is Ada."""
    return make_child().care_periods.get()


@pytest.fixture
def review(period: CarePeriod) -> Review:
    """Her first review, open; due by Tuesday 1 September 2026."""
    return Review.objects.get(care_period=period)


@pytest.fixture
def record(place: Any) -> Callable[..., Review]:
    """Record a review as Ada would, changing only what is given."""

    def make(review: Review, **changed: Any) -> Review:
        act = {"token": uuid4(), "follow_up": None, "by": place.people["iro"], "at": NOW, "on": TODAY}
        answers = {name: value for name, value in changed.items() if name not in act}
        act |= {name: value for name, value in changed.items() if name in act}
        return record_review(review=review, made=made(**answers), **act)

    return make


def made(**changed: Any) -> ReviewMade:
    """What Ada would record of a review, changed only as given."""
    answers: dict[str, Any] = {
        "held_on": TODAY,
        "participation": "PN1",
        "childs_views": "I want to stay",
        "discussion": "School and family time",
        "rag": "GREEN",
        "decisions": ONE_DECISION,
    }
    return ReviewMade(**(answers | changed))


@pytest.fixture
def at_the_desk() -> Iterator[None]:
    """The doors' clock stands at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ada(place: Any, at_the_desk: None) -> Client:
    """A browser in which Ada, the child's IRO, is signed in."""
    return browser(place.people["iro"])


def browser(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


ANSWERS = {
    "meeting": {"held_on_day": "17", "held_on_month": "8", "held_on_year": "2026"},
    "participation": {"participation": "PN1", "childs_views": "I want to stay"},
    "discussion": {"discussion": "School and family time"},
    "rating": {"rag": "GREEN", "rag_reason": ""},
    "decisions": {
        "text_0": "Ask the school for a new plan",
        "outcome_0": "The plan names who reads with her",
        "owner_0": "Sam Worker",
        "due_on_0_day": "30",
        "due_on_0_month": "9",
        "due_on_0_year": "2026",
    },
}


def section_url(review: Review, section: str) -> str:
    """Where a section of the record is."""
    return reverse("reviews:record_section", args=[review.uuid, section])


def fill(client: Client, review: Review, changed: dict[str, dict[str, str]] | None = None) -> None:
    """Save every section as somebody would who fills them in one after the other."""
    for section, fields in (ANSWERS | (changed or {})).items():
        version = client.get(section_url(review, section)).context["version"]
        client.post(section_url(review, section), {**fields, "version": version, "do": "next"})


def press_record(client: Client, review: Review) -> Any:
    """Open the check of all answers and press its one button."""
    url = reverse("reviews:check", args=[review.uuid])
    draft = client.get(url).context["draft"]
    return client.post(url, {"token": draft.token, "version": draft.version})
