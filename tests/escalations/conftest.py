"""A ladder of five rungs, and a concern Ada has raised about a child of the North team."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from children.models import Child
from escalations.models import Escalation, Ladder, Response
from escalations.rules import AnswerGiven, ConcernRaised, Rung
from escalations.services import raise_concern, respond, set_ladder
from tests.conftest import LONG_AGO, NOW, TODAY, Place

RUNGS = [
    Rung("Informal", ("TEAM_MANAGER",), 5, is_formal=False),
    Rung("Stage 1", ("SERVICE_MANAGER",), 5),
    Rung("Stage 2", ("HEAD_OF_SERVICE",), 5),
    Rung("Stage 3", ("ASSISTANT_DIRECTOR",), 5),
    Rung("Stage 4", ("DIRECTOR",), 5),
]


@pytest.fixture
def ladder(place: Place) -> Ladder:
    """The ladder in force."""
    return set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=RUNGS)


@pytest.fixture
def concern(place: Place, ladder: Ladder, make_child: Callable[..., Child]) -> Callable[..., Escalation]:
    """Raise a concern at a stage, the informal one unless told otherwise."""

    def make(
        *, position: int = 0, by: str = "iro", child: Child | None = None, uuid: UUID | None = None
    ) -> Escalation:
        return raise_concern(
            child=child or make_child(),
            stage=ladder.stages.get(position=position),
            raised=ConcernRaised(
                "The health assessment has not been done.", "A date for the assessment within two weeks.", uuid
            ),
            by=place.people[by],
            at=NOW,
            on=TODAY,
        )

    return make


@pytest.fixture
def answer(place: Place) -> Callable[..., Response]:
    """Answer the rung an escalation stands on, accepting unless told otherwise."""

    def give(
        escalation: Escalation, *, by: str = "team_manager", submission: UUID | None = None, **changed: Any
    ) -> Response:
        given: dict[str, Any] = {"answer": "ACCEPTED", "action": "Book it.", "action_due_on": TODAY}
        return respond(
            step=escalation.steps.get(closed_at__isnull=True),
            given=AnswerGiven(**(given | changed)),
            submission=submission or uuid4(),
            by=place.people[by],
            at=NOW,
            on=TODAY,
        )

    return give
