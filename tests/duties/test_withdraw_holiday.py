"""A proclaimed holiday taken back: the day counts again, for everything it touched, and the working says why."""

from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit.models import BusinessEvent
from authorities.models import CalendarDay
from duties.models import Duty
from duties.services import meet
from tests.conftest import NOW

from .test_proclaim_holiday import proclaim

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_desk():
    with time_machine.travel(NOW, tick=False):
        yield


def withdraw(day="2026-08-26"):
    call_command("withdraw_holiday", day, stdout=(said := StringIO()))
    return said.getvalue()


def not_done(day):
    with pytest.raises(CommandError) as refusal:
        withdraw(day)
    assert refusal.value.returncode == 2
    return str(refusal.value)


def test_every_open_due_date_of_every_authority_is_what_it_was_in_the_same_act(owed, place, elsewhere, make_child):
    here, there, done = owed(), owed(child=make_child(home=elsewhere)), owed()
    before = [duty.due_on for duty in (here, there)]
    proclaim()
    meet(duty=Duty.objects.get(pk=done.pk), on=date(2026, 8, 10))
    said = withdraw()
    assert [Duty.objects.get(pk=duty.pk).due_on for duty in (here, there)] == before == [date(2026, 9, 1)] * 2
    assert Duty.objects.get(pk=done.pk).due_on == date(2026, 9, 2)  # met: what it was due by then
    assert "Wednesday 26 August 2026 is a working day: Day of mourning was taken back." in said
    assert f"{place.authority.code}: 1 open due date worked out anew." in said
    assert "2 open due dates worked out anew in all." in said
    event = BusinessEvent.objects.get(verb="holiday.withdrawn")
    assert (event.detail, event.at, event.authority_id) == ({"day": "2026-08-26"}, NOW, None)
    assert BusinessEvent.objects.filter(verb="duty.redated", child_id=here.child_id).count() == 2


def test_the_working_says_that_the_day_counts_after_all(owed, place):
    duty = owed()
    proclaim()
    withdraw()
    client = Client()
    client.force_login(place.people["iro"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("duties:duty", args=[duty.uuid])).content.decode()
    said = "Wednesday 26 August 2026 is counted: it was to be a holiday (Day of mourning), which was taken back."
    assert said in page
    assert "due by Tuesday 1 September 2026" in page
    assert "have changed since this date was stored" not in page


def test_the_same_again_changes_nothing(owed):
    owed()
    proclaim()
    withdraw()
    before = BusinessEvent.objects.count()
    assert "0 open due dates worked out anew in all." in withdraw()
    assert (CalendarDay.objects.count(), BusinessEvent.objects.count()) == (1, before)


def test_it_can_be_proclaimed_again(owed):
    duty = owed()
    proclaim()
    withdraw()
    proclaim()
    assert Duty.objects.get(pk=duty.pk).due_on == date(2026, 9, 2)


@pytest.mark.parametrize(
    "day, reason",
    [
        ("26/08/2026", "26/08/2026 is not a date. Give year, month and day"),
        ("2026-08-26", "Wednesday 26 August 2026 is a working day already."),
        ("2026-08-31", "was not proclaimed here (Late Summer Bank Holiday), so it cannot be taken back."),
        ("2026-08-29", "was not proclaimed here (Saturday), so it cannot be taken back."),
        ("2026-12-25", "was not proclaimed here (Christmas Day), so it cannot be taken back."),
        ("2062-08-25", "is outside the working calendar, which covers 1990 to 2050."),
    ],
)
def test_what_was_not_proclaimed_is_refused_in_a_sentence_and_nothing_moves(owed, day, reason):
    duty = owed()
    assert reason in not_done(day)
    assert not CalendarDay.objects.exists()
    assert Duty.objects.get(pk=duty.pk).due_on == duty.due_on


def test_one_of_long_ago_stays(owed):
    CalendarDay.objects.create(on=date(2024, 8, 14), name="Day of mourning")
    assert "is more than a year ago. Check the year." in not_done("2024-08-14")
    assert not CalendarDay.objects.get().is_working
