"""A kind of duty that is in the table and nowhere else raises, lists, mails and clears alerts; and one that goes."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.models import User
from alerts import services
from alerts.models import Alert
from children.models import Child
from duties import kinds
from duties.clocks import Clock
from duties.kinds import OWNER, Kind, Margin, Margins, Notice, When
from duties.models import Duty
from duties.services import Owed, meet, owe
from tests.api.conftest import Machine
from tests.conftest import NOW, TODAY, Place
from timescales import Rule, Tier, Unit

from .conftest import sweep

Signed = Callable[[User], Client]

WITHIN_TEN_DAYS = Rule(
    code="VISIT_WITHIN_TEN_DAYS",
    title="Visit",
    amount=10,
    unit=Unit.WORKING_DAYS,
    runs_from="the day before",
    source="a test",
    tier=Tier.LOCAL,
    is_booked=False,
)
VISIT = Kind(
    code="VISIT",
    words="visit",
    rules=(WITHIN_TEN_DAYS,),
    page="reviews:review",
    margins={Unit.WORKING_DAYS: Margins(due_soon=Margin(3))},
    owed_by_roles=("SOCIAL_WORKER",),
    otherwise=("TEAM_MANAGER",),
    notices=(
        Notice("VISIT_LATE", When.OVERDUE, (OWNER, "IRO"), "visit late", "visit is late", "visits are late"),
        Notice("VISIT_SOON", When.DUE_SOON, (OWNER,), "visit soon", "visit is due soon", "visits are due soon"),
    ),
)


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, VISIT))


@pytest.fixture
def visit(visits: None, place: Place, make_child: Callable[..., Child]) -> Duty:
    """A visit that was to be made by last Friday."""
    child = make_child()
    owed = Owed("VISIT", child.authority_id, child.pk, WITHIN_TEN_DAYS.code, date(2026, 7, 31), about=uuid4())
    return owe(owed=owed, clock=Clock.of(place.authority.pk, TODAY))


def told() -> set[tuple[str, str]]:
    return {(alert.code, str(alert.recipient)) for alert in Alert.objects.live().select_related("duty", "recipient")}


def test_a_new_kind_raises_mails_and_clears(visit: Duty) -> None:
    assert visit.due_on == date(2026, 8, 14)
    found = sweep()
    assert found.by_kind["VISIT_LATE"] == 2
    assert told() == {("VISIT_LATE", "Sam Worker"), ("VISIT_LATE", "Ada Iro")}
    services.deliver(at=NOW)
    assert {message.subject for message in mail.outbox} == {"IRO service: 1 visit is late"}
    meet(duty=visit, on=TODAY)
    assert sweep().cleared == 2
    assert told() == set()


def test_a_new_kind_is_told_otherwise_where_nobody_owes_it(
    visits: None, place: Place, make_child: Callable[..., Child]
) -> None:
    child = make_child(worker=None)
    owed = Owed("VISIT", child.authority_id, child.pk, WITHIN_TEN_DAYS.code, date(2026, 8, 4), about=uuid4())
    owe(owed=owed, clock=Clock.of(place.authority.pk, TODAY))
    sweep()
    assert told() == {("VISIT_SOON", "Meera North")}


@time_machine.travel(NOW, tick=False)
def test_a_new_kind_is_listed_on_the_page_and_by_the_api(visit: Duty, place: Place, signed_in: Signed) -> None:
    sweep()
    page = signed_in(place.people["social_worker"]).get("/alerts/").content.decode()
    assert "Visit late" in page
    assert f"/reviews/{visit.about}/" in page
    (alert,) = Machine(place.people["social_worker"]).get("/alerts/", kind="VISIT_LATE").json()["results"]
    assert (alert["kind"], alert["duty"], alert["due_on"]) == ("VISIT_LATE", str(visit.uuid), "2026-08-14")


@time_machine.travel(NOW, tick=False)
def test_a_kind_gone_from_the_table_shows_its_codes_and_is_cleared_by_the_next_sweep(
    visit: Duty, place: Place, signed_in: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep()
    monkeypatch.setattr(kinds, "KINDS", [kind for kind in kinds.KINDS if kind is not VISIT])
    assert "Visit overdue" in signed_in(place.people["iro"]).get("/alerts/").content.decode()
    (alert,) = Machine(place.people["iro"]).get("/alerts/").json()["results"]
    assert alert["kind"] == "VISIT_OVERDUE"
    services.deliver(at=NOW)
    assert {message.subject for message in mail.outbox} == {"IRO service: 1 visit overdue"}
    assert sweep().cleared == 2
    assert Duty.objects.open().filter(pk=visit.pk).exists()
