"""What is set up and what not, told from the data, to who sets it up."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Holding
from authorities.models import CalendarDay, Policy
from authorities.services import add_authority, add_team
from children.services import close_team
from dashboards.setup import TASKS, steps
from escalations.rules import Rung
from escalations.services import set_ladder
from tests.conftest import LONG_AGO, NOW, TODAY, employ, person
from tests.making import viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty():
    """The administrator of an authority where nothing is set up."""
    return employ(
        person(add_authority(code="NEW1", name="New Council", on=LONG_AGO), "Nell New"), "SYSTEM_ADMINISTRATOR"
    )


def state(user, title):
    step = next(step for step in steps(viewer(user)) if step.label == title)
    return step.status, step.hint


def test_an_empty_authority_says_of_each_task_what_is_so(empty):
    assert [step.status for step in steps(viewer(empty))] == [
        "To do", "To do", "To do", "Uses the default", "Uses the default", "Uses the default", "Uses the default",
        "Uses the default", "To do", "To do",
    ]  # fmt: skip
    assert state(empty, "People and posts")[1] == "Nobody is in post as IRO manager or IRO."
    assert "no concern can be raised" in state(empty, "The ladder")[1]
    assert state(empty, "Words")[1] == "“escalation” and “looked-after child”."
    assert state(empty, "Time margins and targets")[1] == (
        "A review is best held 3 working days before it is due, and is due soon 15 working days before:"
        " 5 for a first review."
    )


def test_each_task_is_done_once_it_is_so(empty, settings):
    authority = empty.authority
    add_team(authority=authority, name="North")
    for name, role in (("Ida Iro", "IRO"), ("Meg Manages", "IRO_MANAGER"), ("Tess Team", "DIRECTOR")):
        employ(person(authority, name), role)
    set_ladder(authority=authority, starts_on=TODAY, stages=[Rung("Only stage", ("DIRECTOR",), 5)])
    own = {"is_rag_linked_to_ladder": True, "booking_buffer_days": 4, "words": {"escalation": "challenge"}}
    Policy.objects.filter(authority=authority).update(**own)
    CalendarDay.objects.create(on=TODAY, name="A day of mourning")
    authority.returns_to_on = TODAY
    authority.save()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "mail.example"
    undone = [step.label for step in steps(viewer(empty)) if step.status != "Done"]
    assert undone == ["Drift words and other lists"]
    assert "1 stage, since 17 August 2026" in state(empty, "The ladder")[1]
    assert state(empty, "Words")[1] == "You say “challenge”."


def test_whom_the_ladder_asks_has_to_be_in_post_and_a_closed_team_counts_no_more(empty):
    authority = empty.authority
    team = add_team(authority=authority, name="North")
    employ(person(authority, "Ida Iro"), "IRO")
    employ(person(authority, "Meg Manages"), "IRO_MANAGER")
    set_ladder(authority=authority, starts_on=LONG_AGO, stages=[Rung("Only stage", ("DIRECTOR",), 5)])
    assert state(empty, "People and posts") == (
        "To do", "Nobody is in post as director of children's services."
    )  # fmt: skip
    Holding.objects.filter(post__role="IRO").update(ends_on=TODAY)
    assert "IRO or director of children's services. 1 post vacant." in state(empty, "People and posts")[1]
    assert state(empty, "Services and teams")[0] == "Done"
    close_team(team=team, on=TODAY, reason="Empty.", at=NOW)
    assert state(empty, "Services and teams")[0] == "To do"


def test_the_administrator_finds_the_list_at_home_and_the_iro_manager_a_way_to_it(place, signed_in):
    with time_machine.travel(NOW, tick=False):
        home = signed_in(place.people["administrator"]).get("/").content.decode()
        assert all(task.title in home for task in TASKS)
        assert 'href="/settings/teams/"' in home
        assert 'href="/accounts/"' in home
        ivy = signed_in(place.people["iro_manager"])
        assert 'href="/settings/"' in ivy.get("/").content.decode()
        list_of_hers = ivy.get("/settings/").content.decode()
    assert 'href="/settings/teams/"' not in list_of_hers
    assert "task-list__link" in list_of_hers  # the feeds are hers


@pytest.mark.parametrize("role", ["iro", "director", "team_manager", "analyst"])
def test_nobody_else_opens_the_settings(place, signed_in, role):
    assert signed_in(place.people[role]).get("/settings/").status_code == 403


def test_no_task_leads_nowhere(place, signed_in):
    client = signed_in(place.people["administrator"])
    for step in steps(viewer(place.people["administrator"])):
        assert step.url is None or client.get(step.url).status_code == 200


def test_the_list_asks_the_same_few_questions_at_any_size(place):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            steps(viewer(place.people["administrator"]))
        return len(questions)

    few = asked()
    for number in range(9):
        add_team(authority=place.authority, name=f"Team {number}")
        employ(person(place.authority, f"More P{number}"), "IRO")
    assert asked() == few <= 9
