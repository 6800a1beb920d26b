"""What an authority decides about its dates and words: shown before it is saved, dated, kept with who and why."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import BusinessEvent
from authorities.models import Policy
from authorities.rules import PolicyDecided
from duties.models import Duty
from duties.services import decide_policy
from duties.tasks import redate
from tests.conftest import NOW, TODAY
from timescales.refusals import Conflict

pytestmark = pytest.mark.django_db
SET = "duties:set_practice"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ivy(place):
    return browser(place.people["iro_manager"])


def browser(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def typed(place, ivy, day=TODAY, **changed):
    """What the form shows, as it would be posted, with a day, a reason and what is changed."""
    form = ivy.get(reverse(SET)).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if name not in ("starts_on", "why")}
    starts_on = {f"starts_on_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    seen = {"seen": str(Policy.objects.newest(place.authority.pk).pk)}
    return shown | starts_on | seen | {"why": "Asked for by the team"} | changed


def saved(ivy, fields):
    sentences = ivy.post(reverse(SET), fields | {"do": "check"}).context["sentences"]
    return ivy.post(reverse(SET), fields | {"do": "save", "shown": sentences}, follow=True)


def test_it_says_what_would_change_and_then_just_that_changes(place, ivy, owed):
    first, later = owed(), owed(series="LATER", rule="LATER_REVIEW")  # due on 1 September 2026 and in February
    fields = typed(place, ivy, first_due_soon_days="12")
    said = ivy.post(reverse(SET), fields | {"do": "check"}).context["sentences"]
    assert "0 due dates move. The law's limits stay as they are." in said
    assert "1 review becomes due soon, and alerts say so." in said
    assert Duty.objects.get(pk=first.pk).due_soon_on == first.due_soon_on
    saved(ivy, fields)
    assert Duty.objects.due_soon(TODAY).get() == first
    assert Duty.objects.get(pk=later.pk).due_soon_on == later.due_soon_on


def test_what_ends_is_said_too(place, ivy, owed):
    owed(runs_from_on=date(2026, 7, 27))  # due on 24 August, due soon since today
    said = ivy.post(reverse(SET), typed(place, ivy, first_due_soon_days="1") | {"do": "check"}).context["sentences"]
    assert "1 review is due soon no longer." in said


def test_what_begins_later_dates_nothing_until_its_day(place, ivy, owed):
    duty, day = owed(), TODAY + timedelta(days=1)
    answer = saved(ivy, typed(place, ivy, day=day, first_due_soon_days="12"))
    assert "It is set from Tuesday 18 August 2026." in answer.text
    assert Duty.objects.get(pk=duty.pk).due_soon_on == duty.due_soon_on
    with time_machine.travel(NOW + timedelta(days=3), tick=False):  # nothing ran on the day itself
        redate()
    assert Duty.objects.get(pk=duty.pk).due_soon_on < duty.due_soon_on


def test_who_decided_when_and_why_is_kept(place, ivy):
    saved(ivy, typed(place, ivy, later_due_soon_days="10"))
    policy = Policy.objects.newest(place.authority.pk)
    assert (str(policy.decided_by), policy.decided_at, policy.why) == ("Ivy Lead", NOW, "Asked for by the team")
    assert BusinessEvent.objects.get(verb="policy.decided").authority_id == place.authority.pk
    assert "Asked for by the team" in ivy.get(reverse("duties:practice")).text


def test_own_words_are_used_from_the_day(place, ivy):
    saved(ivy, typed(place, ivy, word_escalation="challenge", word_escalations="challenges"))
    assert Policy.objects.newest(place.authority.pk).words == {"escalation": "challenge", "escalations": "challenges"}
    assert "Challenges" in ivy.get(reverse("dashboards:home")).text


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"starts_on_year": "2020"}, "is past. Choose today or a later day."),
        ({"later_due_soon_days": "ninety"}, "Give 1 to 60 working days."),
        ({"later_due_soon_days": "61"}, "Give 1 to 60 working days."),
        ({"first_unbooked_after_days": "0"}, "Give 1 to 15 working days."),
        ({"word_escalation": "{child}"}, "A word may not hold"),
        ({"why": " "}, "Enter why it is changed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(place, ivy, changed, words):
    refused = ivy.post(reverse(SET), typed(place, ivy, booking_buffer_days="7") | changed | {"do": "check"})
    assert words in refused.text
    assert 'value="7"' in refused.text
    assert Policy.objects.count() == 1


def test_the_second_of_two_is_told_by_name_and_keeps_their_text(place, ivy):
    mine = typed(place, ivy, day=TODAY + timedelta(days=5), later_due_soon_days="10")
    sentences = ivy.post(reverse(SET), mine | {"do": "check"}).context["sentences"]
    margins = Policy.objects.newest(place.authority.pk).margins
    other = PolicyDecided(TODAY, margins, is_rag_linked_to_ladder=True, why="Agreed")
    seen, head = int(mine["seen"]), place.people["iro_manager"]
    decide_policy(authority=place.authority, decided=other, seen=seen, by=head, at=NOW, on=TODAY)
    overtaken = ivy.post(reverse(SET), mine | {"do": "save", "shown": sentences})
    assert overtaken.status_code == 409
    assert "Ivy Lead has changed this from Monday 17 August 2026 since you opened this page." in overtaken.text
    assert "Asked for by the team" in overtaken.text
    with pytest.raises(Conflict):
        decide_policy(authority=place.authority, decided=other, seen=seen, by=head, at=NOW, on=TODAY)


def test_only_the_iro_manager_decides_and_the_administrator_reads(place):
    administrator = browser(place.people["administrator"])
    assert "Margins and words" in administrator.get(reverse("duties:practice")).text
    assert administrator.get(reverse(SET)).status_code == 403
    assert browser(place.people["iro"]).get(reverse("duties:practice")).status_code == 403
