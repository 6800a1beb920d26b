"""Machines with a token each, and a world of own and stranger's children with everything the API tells of."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.services import issue_token
from alerts.services import sweep
from children.models import Child
from duties.models import Duty
from escalations.models import Escalation, Ladder
from escalations.rules import ConcernRaised
from escalations.services import raise_concern, set_ladder
from reviews.models import Review
from tests.conftest import LONG_AGO, NOW, TODAY, Place
from tests.escalations.conftest import RUNGS

V1 = "/api/v1"


class Machine:
    """A program that sends somebody's token."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {}
        if user is not None:
            _, text = issue_token(user=user, name="test", days=30, at=NOW)
            self.headers = {"Authorization": f"Bearer {text}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(V1 + path, query, headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        data = body if isinstance(body, (str, bytes)) else json.dumps(body or {})
        return self.client.post(V1 + path, data, content_type="application/json", headers=self.headers)

    def ask(self, method: str, path: str, **kwargs: Any) -> Any:
        return self.client.generic(method, V1 + path, headers=self.headers, **kwargs)


@dataclass(frozen=True)
class Subject:
    """A child with an open review and an open escalation."""

    child: Child
    review: Review
    escalation: Escalation


@pytest.fixture(autouse=True)
def at_the_desk() -> Iterator[None]:
    """The doors' clock stands at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ladder(place: Place) -> Ladder:
    """The ladder in force."""
    return set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=RUNGS)


@pytest.fixture
def subject(make_child: Callable[..., Child]) -> Callable[..., Subject]:
    """Make a child with an open review and a concern its IRO has raised."""

    def make(home: Place, **who: Any) -> Subject:
        child = make_child(home=home, **who)
        review = child.reviews.get()
        stage = Ladder.objects.get(authority=home.authority).stages.get(position=0)
        escalation = raise_concern(
            child=child,
            stage=stage,
            raised=ConcernRaised("Secret: the health assessment has not been done", "A date for it"),
            by=home.people[who.get("iro", "iro")],
            at=NOW,
            on=TODAY,
        )
        return Subject(child, review, escalation)

    return make


@pytest.fixture
def own(place: Place, ladder: Ladder, subject: Callable[..., Subject]) -> Subject:
    """Ada's child, of Meera's team."""
    return subject(place)


@pytest.fixture
def strangers(place: Place, ladder: Ladder, subject: Callable[..., Subject]) -> Subject:
    """Bob's child, of another team."""
    return subject(place, iro="other_iro", worker=None, team="east")


@pytest.fixture
def foreign(elsewhere: Place, subject: Callable[..., Subject]) -> Subject:
    """A child of another authority."""
    set_ladder(authority=elsewhere.authority, starts_on=LONG_AGO, stages=RUNGS)
    return subject(elsewhere)


@pytest.fixture
def ada(place: Place) -> Machine:
    """A program with the token of Ada, the IRO."""
    return Machine(place.people["iro"])


@pytest.fixture
def meera(place: Place) -> Machine:
    """A program with the token of Meera, the team manager."""
    return Machine(place.people["team_manager"])


@pytest.fixture
def swept(own: Subject) -> None:
    """Alerts raised on the day the review is overdue, which is also the doors' day."""
    make_reviews_overdue()
    sweep(authority=own.child.authority, at=NOW, on=TODAY)


def make_reviews_overdue() -> None:
    """Every review was due last Monday."""
    due_on = TODAY.replace(day=10)
    Duty.objects.of_kind("REVIEW").update(due_on=due_on, due_soon_on=due_on, tell_from_on=due_on)


def record_body(**changed: Any) -> dict[str, Any]:
    """What recording a review held today sends."""
    return {
        "token": str(uuid4()),
        "held_on": TODAY.isoformat(),
        "participation": "PN1",
        "childs_views": "I want to stay",
        "discussion": "School and family time",
        "rag": "GREEN",
        "decisions": [
            {
                "text": "Ask the school for a plan",
                "outcome": "The plan names who reads with her",
                "owner": "Sam Worker",
                "due_on": "2026-09-30",
            }
        ],
        **changed,
    }


def answer_body(**changed: Any) -> dict[str, Any]:
    """What accepting a concern at the informal stage sends."""
    return {
        "submission": str(uuid4()),
        "position": 0,
        "answer": "ACCEPTED",
        "action": "Book it",
        "action_due_on": "2026-09-01",
        **changed,
    }


def assert_problem(answer: HttpResponse, status: int, *fields: str) -> dict[str, Any]:
    """The answer is a problem document of this status, with an error for each of these fields."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.content)
    assert (told["status"], set(told)) == (status, {"type", "title", "status", "detail", "errors"})
    assert told["detail"]
    assert {error["field"] for error in told["errors"]} == set(fields)
    return told
