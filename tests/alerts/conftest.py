"""Reviews and escalations with the stored dates a test asks for."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from children.models import Child
from escalations.models import Escalation, Ladder, Response, Stage, Step
from reviews.models import Review
from reviews.services import STORED_DATES, book
from tests.conftest import LONG_AGO, NOW, TODAY, Place

DAY = timedelta(days=1)


@pytest.fixture
def make_child(make_child: Callable[..., Child], place: Place) -> Callable[..., Child]:
    """Make a child whose first review is booked in time, so that nobody is told of more than a test makes."""

    def make(**who: Any) -> Child:
        child = make_child(**who)
        review = Review.objects.get(child=child)
        book(review=review, booked_for_on=TODAY + DAY, by=place.people["business_support"], at=NOW, on=TODAY)
        return child

    return make


@pytest.fixture
def make_review() -> Callable[..., Review]:
    """The open review of a child, due on the day given: due soon 21 days before and to be booked 28 days before."""

    def make(child: Child, due_on: date | None, **fields: object) -> Review:
        dates = due_on and {
            "runs_from_on": due_on - 90 * DAY,
            "due_on": due_on,
            "last_safe_on": due_on,
            "book_by_on": due_on - 5 * DAY,
            "due_soon_on": due_on - 21 * DAY,
            "unbooked_on": due_on - 28 * DAY,
        }
        of_cycle = Review.objects.open().filter(child=child, cycle=fields.get("cycle", Review.Cycle.CARE))
        review = of_cycle.first() or Review(
            child=child, authority=child.authority, care_period=child.care_periods.get()
        )
        blank = dict.fromkeys(("number", "runs_from_on", *STORED_DATES, "booked_for_on", "booked_at", "booked_by"))
        for name, value in ({"rule": "SECOND"} | blank | (dates or {}) | fields).items():
            setattr(review, name, value)
        review.save()
        return review

    return make


@pytest.fixture
def stages(place: Place) -> dict[str, Stage]:
    """A ladder with a rung for each reach: team, service, authority."""
    ladder = Ladder.objects.create(authority=place.authority, starts_on=date(2019, 1, 1))
    roles = {"informal": "TEAM_MANAGER", "one": "SERVICE_MANAGER", "two": "HEAD_OF_SERVICE"}
    return {
        name: Stage.objects.create(
            ladder=ladder, position=number, name=f"Stage {number}", responder_role=role, working_days=5
        )
        for number, (name, role) in enumerate(roles.items())
    }


@pytest.fixture
def make_escalation(place: Place, stages: dict[str, Stage]) -> Callable[..., Step]:
    """An escalation waiting on one rung; the answer is due soon two days before it is due."""

    def make(child: Child, due_on: date, stage: str = "informal", raised_by: str = "iro") -> Step:
        raiser, rung = place.people[raised_by], stages[stage]
        escalation = Escalation.objects.create(
            authority=child.authority,
            child=child,
            ladder=rung.ladder,
            stage=rung,
            concern="No plan for permanence",
            sought="A plan",
            raised_on=LONG_AGO,
            raised_at=NOW,
            raised_by=raiser,
            response_due_on=due_on,
        )
        return Step.objects.create(
            authority=child.authority,
            child=child,
            escalation=escalation,
            stage=rung,
            opened_on=LONG_AGO,
            opened_at=NOW,
            opened_by=raiser,
            response_due_on=due_on,
            response_due_soon_on=due_on - 2 * DAY,
        )

    return make


def answer(step: Step, place: Place) -> Response:
    """The manager's answer to a step, as the record holds it."""
    return Response.objects.create(
        authority=step.authority,
        child=step.child,
        step=step,
        answer="ACCEPTED",
        action="Write the plan",
        action_due_on=TODAY,
        responded_on=TODAY,
        responded_at=NOW,
        responded_by=place.people["team_manager"],
        submission=uuid4(),
    )
