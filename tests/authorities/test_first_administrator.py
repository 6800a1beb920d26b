"""From an empty installation to somebody signed in: the authority, its first administrator and their link."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.services import open_first_administrator
from audit.models import BusinessEvent
from authorities.models import Authority
from tests.conftest import NOW, TODAY, Place, employ, person
from tests.making import viewer
from timescales.refusals import Refused

from ..together.at_once import at_once
from .test_commands import not_done

pytestmark = pytest.mark.django_db
NEW = ["add_authority", "E06999009", "Sandwick Council", "--administrator", "Sam.Holt@Council.example"]
CHOSEN = {"password1": "three-random-words", "password2": "three-random-words"}


def run(*words: str) -> str:
    """What a command prints."""
    call_command(*words, stdout=(out := StringIO()))
    return out.getvalue()


def link_in(said: str) -> str:
    """The address a command printed, as a path of ours."""
    (found,) = re.findall(r"http://localhost:8000(/\S+)", said)
    return str(found)


def choose_password(link: str) -> Any:
    """Open the link and choose a password."""
    client = Client()
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], CHOSEN, follow=True)


def test_an_authority_comes_with_somebody_who_can_sign_in_by_a_link_that_works_once():
    said = run(*NEW)
    assert "Added E06999009, Sandwick Council." in said
    assert "Sam Holt, system administrator, sam.holt@council.example" in said
    choose_password(link_in(said))
    client = Client()
    signed_in = client.post(
        "/accounts/login/", {"login": "sam.holt@council.example", "password": CHOSEN["password1"]}
    )
    assert signed_in.url == "/"
    assert viewer(User.objects.get()).roles == ["SYSTEM_ADMINISTRATOR"]
    assert client.get("/").status_code == 200
    assert "This link no longer works" in Client().get(link_in(said)).content.decode()


def test_the_link_says_when_it_ends_and_ends_then(settings):
    settings.SITE_URL = "http://localhost:8000"
    with time_machine.travel(NOW, tick=False):
        said = run(*NEW)
    assert "works once, until Thursday 20 August 2026 at 10:30" in said
    with time_machine.travel(NOW + timedelta(days=3, minutes=-1), tick=False):
        assert "Choose a new password" in Client().get(link_in(said), follow=True).content.decode()
    with time_machine.travel(NOW + timedelta(days=3, seconds=2), tick=False):
        assert "This link no longer works" in Client().get(link_in(said)).content.decode()


def test_the_link_begins_with_the_address_of_the_service(settings):
    settings.SITE_URL = "https://iro.example.gov.uk"
    assert "    https://iro.example.gov.uk/accounts/password/reset/key/" in run(*NEW)


def test_names_may_be_given_and_are_else_read_from_the_address():
    run(*NEW, "--given-name", "Samira", "--family-name", "O'Holt")
    run("add_authority", "E2", "Two", "--administrator", "office@council.example")
    assert [str(one) for one in User.objects.order_by("pk")] == ["Samira O'Holt", "Office"]


def test_an_authority_that_is_there_gets_somebody_where_nobody_looks_after_it():
    run("add_authority", "E06999009", "Sandwick Council")
    assert "There already: E06999009, Sandwick Council." in run(*NEW)
    assert Authority.objects.count() == 1


def test_an_authority_that_somebody_looks_after_gets_nobody_by_command(place: Place):
    said = not_done("add_authority", place.authority.code, place.authority.name, "--administrator", "b@c.example")
    assert "has a system administrator already: Sys Admin, sys.admin@e06999001.example" in said
    assert "manage.py password_link sys.admin@e06999001.example" in said
    assert not User.objects.filter(username="b@c.example").exists()


def test_an_administrator_who_has_left_counts_no_more(place: Place):
    place.people["administrator"].holdings.update(ends_on=TODAY)
    said = run("add_authority", place.authority.code, place.authority.name, "--administrator", "b@c.example")
    assert "Opened an account for B" in said


@pytest.mark.parametrize(
    "changed, says",
    [
        ({4: "nobody"}, "valid email"),
        ({4: "sys.admin@e06999001.example"}, "already has an account"),
        ({1: "E06999001"}, "E06999001 is Westmarsh Council already"),
        ({4: "a@b.example\0"}, "cannot be stored"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(place: Place, changed, says):
    before = Authority.objects.count(), User.objects.count()
    assert says in not_done(*[changed.get(number, word) for number, word in enumerate(NEW)])
    assert (Authority.objects.count(), User.objects.count()) == before


def test_names_without_an_administrator_are_refused():
    assert "Say --administrator EMAIL too" in not_done("add_authority", "E1", "One", "--given-name", "Sam")


def test_a_link_that_has_run_out_is_made_again_and_noted():
    run(*NEW)
    sam = User.objects.get()
    choose_password(link_in(run("password_link", "SAM.HOLT@council.example")))
    sam.refresh_from_db()
    assert sam.check_password(CHOSEN["password1"])
    made = BusinessEvent.objects.filter(verb="password_link.made", subject_id=sam.pk)
    assert made.count() == 2


def test_no_link_is_made_for_nobody_or_a_closed_account(place: Place):
    assert "Nobody signs in here as x@y.example" in not_done("password_link", "x@y.example")
    User.objects.filter(username=place.people["iro"].username).update(is_active=False)
    assert "Nobody signs in here" in not_done("password_link", place.people["iro"].username)


def test_an_account_opened_by_command_may_have_its_link_at_once(place: Place):
    words = ["open_account", "n@c.example", "Nia", "Owen", "--authority", place.authority.code, "--role", "DIRECTOR"]
    choose_password(link_in(run(*words, "--link")))
    assert User.objects.get(username="n@c.example").check_password(CHOSEN["password1"])


@pytest.mark.django_db(transaction=True)
def test_of_two_first_administrators_at_once_one_is_made_and_the_other_told(place: Place):
    place.people["administrator"].holdings.update(ends_on=TODAY)

    def opens(name: str) -> Any:
        from accounts.services import Newcomer

        who = Newcomer(name, "New", f"{name.lower()}@council.example")
        return lambda: open_first_administrator(authority=place.authority, person=who, on=TODAY, at=NOW)

    both = at_once(opens("Ann"), opens("Ben"))
    assert both.has_waited
    assert isinstance(both.second.refusal, Refused)
    assert "already: Ann New" in both.second.refusal.message
    assert not User.objects.filter(username="ben@council.example").exists()
    employ(person(place.authority, "Cy Nott"), "DIRECTOR")  # others go on being opened
