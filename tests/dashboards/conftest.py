"""Reviews and concerns for the dashboards' tests, made straight as rows so that any past can be told."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from children.models import Child
from duties.services import meet
from escalations.models import Escalation, Ladder, Response, Step
from escalations.rules import AnswerGiven, ConcernRaised, Rung
from escalations.services import raise_concern, set_ladder
from escalations.services.promises import owe_promise
from reviews.models import Review
from tests.conftest import LONG_AGO, NOW, TODAY, Place
from tests.making import make_review, owing_nothing

RUNGS = [
    Rung("Informal", ("TEAM_MANAGER",), 5, is_formal=False),
    Rung("Stage 1", ("SERVICE_MANAGER",), 5),
    Rung("Stage 2", ("HEAD_OF_SERVICE",), 5),
]


@pytest.fixture
def make_child(make_child: Callable[..., Child]) -> Callable[..., Child]:
    """Make a child of whom a test tells every review itself."""
    return owing_nothing(make_child)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def moment(day: date) -> datetime:
    """Noon of a day."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def held(child: Child, due_on: date | None, held_on: date, **facts: Any) -> Review:
    """A review held, as a return tells of it."""
    rule = facts.pop("rule", "LATER_REVIEW" if due_on else "NOT_KNOWN")
    return make_review(
        child,
        care_period=child.care_periods.earliest("starts_on"),
        source="RETURN",
        rule=rule,
        runs_from_on=(due_on - timedelta(days=180)) if due_on else None,
        due_on=due_on,
        held_on=held_on,
        **facts,
    )


def waiting(child: Child, rule: str = "LATER_REVIEW", runs_from_on: date | None = None, **facts: Any) -> Review:
    """An open review with the dates of its rule, but for those given."""
    return make_review(
        child, care_period=child.care_periods.get(ends_on__isnull=True), rule=rule, runs_from_on=runs_from_on, **facts
    )


def concern(child: Child, by: User, *, position: int = 0, on: date = TODAY) -> Escalation:
    """A concern raised at a rung of the authority's ladder."""
    ladder = Ladder.objects.in_force(child.authority_id, on)
    assert ladder
    stage = ladder.stages.get(position=position)
    return raise_concern(
        child=child,
        stage=stage,
        raised=ConcernRaised("The plan has drifted.", "A dated plan."),
        by=by,
        at=moment(on),
        on=on,
    )


def answer(escalation: Escalation, by: User, *, on: date, answer: str = "ACCEPTED") -> Response:
    """An answer to the rung an escalation stands on."""
    step = Step.objects.get(escalation=escalation, closed_at__isnull=True)
    meet(duty=step.duty, on=on)
    given = AnswerGiven(answer, "Finish the plan.", on)
    return Response.objects.create(
        duty=owe_promise(step, given, by, on),
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        step=step,
        answer=answer,
        action="Finish the plan.",
        action_due_on=on,
        reason="" if answer == "ACCEPTED" else "The plan is in hand.",
        responded_on=on,
        responded_at=moment(on),
        responded_by=by,
        submission=uuid4(),
    )


@pytest.fixture
def questions() -> Callable[[Client, str], int]:
    """How many statements a page asks of the database, once its session is warm; transaction marks are none."""

    def ask(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries)

    return ask


@pytest.fixture
def ladder(place: Place) -> None:
    """Three rungs: informal, service manager, head of service."""
    set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=RUNGS)


@pytest.fixture
def seeded(place: Place, elsewhere: Place, make_child: Callable[..., Child], ladder: None) -> list[Child]:
    """Children in every standing, with reviews held in time, late and without a date, ratings and concerns."""
    children = [make_child(care_from=date(2025, 3, 3)) for _ in range(6)]
    first, second, third, fourth, fifth, sixth = children
    held(first, date(2026, 7, 10), date(2026, 7, 8), rag="GREEN")
    held(second, date(2026, 7, 10), date(2026, 7, 14), rag="AMBER", rag_reason="Drift.")
    held(third, date(2026, 7, 3), date(2026, 8, 14), rag="RED", rag_reason="No plan.", rule="SECOND_REVIEW")
    held(fourth, date(2026, 7, 3), date(2026, 7, 3), rule="FIRST_REVIEW")
    held(fifth, None, date(2026, 7, 9))
    held(sixth, date(2026, 5, 1), date(2026, 5, 20), rag="GREEN")
    waiting(first, runs_from_on=date(2026, 7, 8), number=3)
    waiting(second, runs_from_on=date(2026, 2, 28), number=3)
    waiting(third, runs_from_on=date(2026, 1, 5), number=3)
    waiting(fourth, rule="SECOND_REVIEW", runs_from_on=date(2026, 7, 3), number=2)
    waiting(fifth, rule="NOT_KNOWN")
    waiting(sixth, runs_from_on=date(2026, 3, 1), number=4)
    concern(second, place.people["iro"], on=date(2026, 7, 14))
    concern(third, place.people["iro"], on=date(2026, 8, 14), position=1)
    make_child(care_from=date(2026, 8, 3), iro=None, worker=None, team="east")
    return children
