"""A sweep asked for by an operator or a machine: numbers of today, a look at another day, refusals."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.services import leave_post
from alerts.models import Alert, Sweep
from children.models import Child
from duties.models import Duty
from tests.api.conftest import Machine, assert_problem
from tests.conftest import NOW, TODAY, Place

from .conftest import DAY, sweep

pytestmark = pytest.mark.usefixtures("_clock")
TOMORROW = (TODAY + DAY).isoformat()


@pytest.fixture
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def due_today(place: Place, make_child: Callable[..., Child], make_review: Callable[..., Duty]) -> Duty:
    return make_review(make_child(), TODAY)


def command(**options: Any) -> str:
    out = StringIO()
    call_command("sweep_alerts", authority="E06999001", stdout=out, **options)
    return out.getvalue()


def test_the_command_sweeps_today(due_today: Duty) -> None:
    found = json.loads(command(format="json"))
    standing = {code: often for code, often in found.pop("by_kind").items() if often}
    assert found == {"checked": 1, "raised": 2, "cleared": 0, "without_recipient": 0}
    assert standing == {"REVIEW_UNBOOKED": 1, "REVIEW_DUE_SOON": 1}
    assert Alert.objects.live().count() == 2
    assert json.loads(command(format="json", on=TODAY.isoformat()))["raised"] == 0


def test_the_command_previews_another_day_and_writes_nothing(due_today: Duty) -> None:
    assert json.loads(command(format="json", on=TOMORROW))["by_kind"]["REVIEW_OVERDUE"] == 2
    assert "nothing was changed" in command(on=TOMORROW)
    assert not Alert.objects.exists()
    assert not Sweep.objects.exists()


@pytest.mark.parametrize("options", [{"authority": "E1"}, {"on": "soon"}, {"on": "2026-02-30"}])
def test_the_command_refuses_in_a_sentence(place: Place, options: dict[str, str]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sweep_alerts", **{"authority": "E06999001", **options})
    assert refused.value.returncode == 2
    assert str(refused.value).endswith((".", "NAME"))


def test_the_api_previews_and_sweeps_for_those_who_oversee(due_today: Duty, place: Place) -> None:
    ivy = Machine(place.people["iro_manager"])
    assert ivy.get("/alerts/sweep/").json()["raised"] == 2
    assert ivy.get("/alerts/sweep/", on=TOMORROW).json()["by_kind"]["REVIEW_OVERDUE"] == 2
    assert not Alert.objects.exists()
    assert_problem(ivy.get("/alerts/sweep/", on="soon"), 400, "on")
    assert ivy.post("/alerts/sweep/").json()["raised"] == 2
    assert Alert.objects.live().count() == 2
    assert_problem(Machine(place.people["iro"]).get("/alerts/sweep/"), 403)
    assert_problem(Machine(place.people["iro"]).post("/alerts/sweep/"), 403)


def test_the_administrator_is_told_what_reaches_nobody_without_a_child(
    place: Place, make_child: Callable[..., Child], make_review: Callable[..., Duty], signed_in: Callable[..., Any]
) -> None:
    child = make_child(iro=None)
    for _ in range(2):
        make_review(child, TODAY - DAY)
    leave_post(holding=place.people["iro_manager"].holdings.get(), on=TODAY, at=NOW)
    sweep()
    page = signed_in(place.people["administrator"]).get("/").content.decode()
    assert "2 reviews are overdue, and nobody can be told: no IRO and no IRO manager in post." in page
    assert "/accounts/" in page
    assert child.family_name not in page
    assert child.reference not in page
