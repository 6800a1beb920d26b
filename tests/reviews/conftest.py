"""Reviews in the states most tests begin from, and the follow-up that stands in for the rooms above."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from children.models import CarePeriod, Child
from reviews.models import Review
from reviews.rules import DecisionMade
from reviews.services import record_review, start_cycle
from tests.conftest import NOW, TODAY

ONE_DECISION = (
    DecisionMade(
        text="Ask the school for a new plan",
        outcome="Job done when the plan names who reads with her",
        owner="Sam Worker",
        due_on=date(2026, 9, 30),
    ),
)


@dataclass
class KeptFollowUps:
    """Notes which reviews it was asked to follow up, in the transaction it was asked in."""

    reviews: list[Review] = field(default_factory=list)

    def __call__(self, review: Review) -> None:
        self.reviews.append(review)


@pytest.fixture
def period(make_child: Callable[..., Child]) -> CarePeriod:
    """The care period of a twelve-year-old looked after since 3 August 2026, whose IRO is Ada."""
    return make_child().care_periods.get()


@pytest.fixture
def review(period: CarePeriod) -> Review:
    """Her first review, open; its last lawful day is Tuesday 1 September 2026."""
    return start_cycle(care_period=period, at=NOW)


@pytest.fixture
def record(place: Any) -> Callable[..., Review]:
    """Record a review as Ada would, changing only what is given."""

    def make(review: Review, **changed: Any) -> Review:
        answers: dict[str, Any] = {
            "held_on": TODAY,
            "participation": "PN1",
            "childs_views": "I want to stay",
            "discussion": "School and family time",
            "rag": "GREEN",
            "rag_reason": "",
            "decisions": ONE_DECISION,
            "token": uuid4(),
            "follow_up": None,
            "by": place.people["iro"],
            "at": NOW,
            "on": TODAY,
        }
        return record_review(review=review, **(answers | changed))

    return make
