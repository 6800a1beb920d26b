"""Duties of one child, owed in whatever state a test begins from."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from children.models import Child
from duties.clocks import Clock
from duties.models import Duty
from duties.services import Owed, owe
from tests.conftest import TODAY
from tests.making import owing_nothing


@pytest.fixture
def clock(place: Any) -> Clock:
    """The authority's policy of TODAY and the working calendar."""
    return Clock.of(place.authority.pk, TODAY)


@pytest.fixture
def make_child(make_child: Callable[..., Child]) -> Callable[..., Child]:
    """Make a child of whom nothing is owed but what a test says."""
    return owing_nothing(make_child)


@pytest.fixture
def owed(make_child: Callable[..., Child], clock: Clock) -> Callable[..., Duty]:
    """A review owed about a child, changed only in what is given."""

    def make(**changed: Any) -> Duty:
        child = changed.pop("child", None) or make_child()
        values: dict[str, Any] = {
            "kind": "REVIEW",
            "rule": "FIRST_REVIEW",
            "runs_from_on": date(2026, 8, 3),
            "series": "CARE",
        }
        return owe(owed=Owed(authority_id=child.authority_id, child_id=child.pk, **(values | changed)), clock=clock)

    return make
