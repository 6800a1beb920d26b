"""A manager's promise is owed until somebody says what came of it, whatever becomes of the concern."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from duties.models import Duty
from escalations.models import Response
from escalations.rules import Overtaken
from escalations.services import end_promise, resolve
from tests.conftest import NOW, TODAY
from timescales.refusals import Refused

DUE_ON = date(2026, 8, 28)


@pytest.fixture(autouse=True)
def _at_the_desk():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def promise(concern, answer, place):
    """Meera has accepted, with something to be done by 28 August; the concern is resolved the same day."""
    raised = concern()
    said = answer(raised, action="An experienced worker visits", action_due_on=DUE_ON)
    resolve(escalation=raised, resolution="It is in hand", by=place.people["iro"], at=NOW, on=TODAY)
    return Response.objects.get(pk=said.pk)


def browser(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def end(promise, by, words="The worker has visited", kept_on=TODAY):
    return end_promise(response=promise, words=words, kept_on=kept_on, by=by, at=NOW, on=TODAY)


def address(promise):
    return reverse("escalations:promise", args=[promise.step.escalation.uuid, promise.step.stage.position])


def test_it_is_owed_by_who_made_it_and_outlives_the_concern(promise, place):
    duty = Duty.objects.of_kind("PROMISE").get()
    assert (duty.due_on, duty.owed_by, duty.is_open) == (DUE_ON, place.people["team_manager"], True)
    promise.step.escalation.refresh_from_db()
    assert promise.step.escalation.status == "RESOLVED"


def test_the_concern_says_that_it_is_still_to_be_done(promise, place):
    url = reverse("escalations:escalation", args=[promise.step.escalation.uuid])
    page = browser(place.people["iro"]).get(url).content.decode()
    assert "What was promised is still to be done." in page
    assert "An experienced worker visits" in page
    assert "Nothing is left to do." not in page
    mine = browser(place.people["team_manager"]).get("/").context["page"].lists
    assert next(one for one in mine if one.heading == "What I promised").lines


@pytest.mark.parametrize("name", ["team_manager", "iro", "iro_manager"])
def test_who_made_it_and_the_iro_say_that_it_is_done(promise, place, name):
    end(promise, place.people[name])
    assert Duty.objects.of_kind("PROMISE").get().met_on == TODAY
    url = reverse("escalations:escalation", args=[promise.step.escalation.uuid])
    assert "Nothing is left to do." in browser(place.people["iro"]).get(url).content.decode()


def test_only_the_iro_says_that_it_is_no_longer_needed(promise, place):
    with pytest.raises(Refused, match="Only the child's IRO says that it is no longer needed"):
        end(promise, place.people["team_manager"], kept_on=None)
    end(promise, place.people["iro"], "She has moved home", kept_on=None)
    assert Duty.objects.of_kind("PROMISE").get().closed_reason == "No longer needed"


def test_nobody_else_says_anything_of_it(promise, place):
    with pytest.raises(Refused, match="Only whoever promised it"):
        end(promise, place.people["head"])
    assert browser(place.people["head"]).get(address(promise)).status_code == 403
    assert browser(place.people["other_iro"]).get(address(promise)).status_code == 404


def test_the_second_is_told_who_was_first_and_the_same_words_are_said_once(promise, place):
    assert end(promise, place.people["iro"]) == end(promise, place.people["iro"])
    with pytest.raises(Overtaken, match="Ada Iro has already said"):
        end(promise, place.people["team_manager"], "I saw to it")


def test_the_page_asks_for_words_and_a_day(promise, place):
    client = browser(place.people["team_manager"])
    assert "An experienced worker visits" in client.get(address(promise)).content.decode()
    wrong = client.post(address(promise), {"what": "KEPT", "words": ""}).content.decode()
    assert "Enter the day it was done" in wrong
    assert "Enter what shows it, or why" in wrong
    day = {"kept_on_day": "17", "kept_on_month": "8", "kept_on_year": "2026"}
    assert client.post(address(promise), {"what": "KEPT", "words": "Visited", **day}).status_code == 302
    assert Duty.objects.of_kind("PROMISE").get().met_on == TODAY
