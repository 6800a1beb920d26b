"""Duties with the stored dates a test asks for, and a sweep of the authority most tests happen in."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from alerts import services
from alerts.sql import Swept
from authorities.models import Authority
from children.models import Child
from duties.models import Duty
from tests.conftest import LONG_AGO, NOW, TODAY, Place
from tests.making import owing_nothing

DAY = timedelta(days=1)
RESPONDERS = {"informal": "TEAM_MANAGER", "one": "SERVICE_MANAGER", "two": "HEAD_OF_SERVICE"}


def sweep(days: int = 0, place: Place | None = None) -> Swept:
    """A sweep so many days from now, of the first authority unless another is given."""
    authority = place.authority if place else Authority.objects.earliest("pk")
    return services.sweep(authority=authority, at=NOW + days * DAY, on=TODAY + days * DAY)


@pytest.fixture
def make_child(make_child: Callable[..., Child]) -> Callable[..., Child]:
    """Make a child of whom a test tells every review itself."""
    return owing_nothing(make_child)


@pytest.fixture
def make_review() -> Callable[..., Duty]:
    """A review owed: due on the day given, due soon 21 days before and to be booked 28 days before."""

    def make(child: Child, due_on: date | None, **fields: object) -> Duty:
        dates = due_on and {
            "runs_from_on": due_on - 90 * DAY,
            "due_on": due_on,
            "last_safe_on": due_on,
            "act_by_on": due_on - 5 * DAY,
            "due_soon_on": due_on - 21 * DAY,
            "plan_by_on": due_on - 28 * DAY,
            "tell_from_on": due_on - 28 * DAY,
        }
        owed = {"kind": "REVIEW", "rule": "SECOND_REVIEW", "owed_by_roles": ["IRO"], "about": uuid4()}
        return Duty.objects.create(child=child, authority=child.authority, **owed | (dates or {}) | fields)

    return make


@pytest.fixture
def make_escalation(place: Place) -> Callable[..., Duty]:
    """An answer owed by the role of a rung, due soon two days before it is due."""

    def make(child: Child, due_on: date, stage: str = "informal", raised_by: str = "iro") -> Duty:
        return Duty.objects.create(
            child=child,
            authority=child.authority,
            kind="RESPONSE",
            rule="STAGE_ANSWER",
            allowed=5,
            runs_from_on=LONG_AGO,
            due_on=due_on,
            last_safe_on=due_on,
            act_by_on=due_on,
            due_soon_on=due_on - 2 * DAY,
            tell_from_on=due_on - 2 * DAY,
            owed_by_roles=[RESPONDERS[stage]],
            not_owed_by=place.people[raised_by],
            about=uuid4(),
        )

    return make


def booked(place: Place) -> dict[str, object]:
    """The columns of a duty planned for today."""
    return {"planned_for_on": TODAY, "planned_at": NOW, "planned_by": place.people["iro"]}


def passed(place: Place) -> dict[str, object]:
    """The columns of a duty that was planned for yesterday."""
    return booked(place) | {"planned_for_on": TODAY - DAY, "planned_at": NOW - DAY}


def closed(reason: str = "Care ended") -> dict[str, object]:
    """The columns of a duty that facts have closed."""
    return {"closed_on": TODAY, "closed_at": NOW, "closed_reason": reason}
