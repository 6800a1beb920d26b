"""A holiday proclaimed mid-clock: one date for everything it touches, in one act, with a working that says why."""

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
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_desk():
    with time_machine.travel(NOW, tick=False):
        yield


def proclaim(day="2026-08-26", name="Day of mourning"):
    call_command("proclaim_holiday", day, name, stdout=(said := StringIO()))
    return said.getvalue()


def not_done(day="2026-08-26", name="Day of mourning"):
    with pytest.raises(CommandError) as refusal:
        proclaim(day, name)
    assert refusal.value.returncode == 2
    return str(refusal.value)


def test_every_open_due_date_of_every_authority_moves_in_the_same_act(owed, place, elsewhere, make_child):
    here, there = owed(), owed(child=make_child(home=elsewhere))
    months, done = owed(series="LATER", rule="LATER_REVIEW"), owed()
    meet(duty=done, on=date(2026, 8, 10))
    said = proclaim()
    days = [Duty.objects.get(pk=duty.pk).due_on for duty in (here, there, months, done)]
    assert days == [date(2026, 9, 2), date(2026, 9, 2), date(2027, 2, 3), date(2026, 9, 1)]
    assert "Wednesday 26 August 2026 is a holiday: Day of mourning." in said
    assert f"{place.authority.code}: 1 open due date worked out anew." in said
    assert "2 open due dates worked out anew in all." in said
    event = BusinessEvent.objects.get(verb="holiday.proclaimed")
    assert (event.detail, event.at, event.authority_id) == ({"day": "2026-08-26"}, NOW, None)


def test_the_working_names_it_and_says_the_stored_date(owed, place):
    duty = owed()
    proclaim()
    client = Client()
    client.force_login(place.people["iro"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("duties:duty", args=[duty.uuid])).content.decode()
    assert "Day of mourning on Wednesday 26 August 2026" in page
    assert "due by Wednesday 2 September 2026" in page
    assert "have changed since this date was stored" not in page


def test_the_same_again_changes_nothing(owed):
    owed()
    proclaim()
    before = BusinessEvent.objects.count()
    assert "0 open due dates worked out anew in all." in proclaim(name=" Day of mourning ")
    assert (CalendarDay.objects.count(), BusinessEvent.objects.count()) == (1, before)


@pytest.mark.parametrize(
    "day, name, reason",
    [
        ("26/08/2026", "Day of mourning", "26/08/2026 is not a date. Give year, month and day"),
        ("2026-02-30", "Day of mourning", "is not a date"),
        ("2026-08-29", "Day of mourning", "Saturday 29 August 2026 is no working day already: Saturday."),
        ("2026-12-25", "Day of mourning", "is no working day already: Christmas Day."),
        ("2025-08-15", "Day of mourning", "is more than a year ago. Check the year."),
        ("2062-08-25", "Day of mourning", "is outside the working calendar, which covers 1990 to 2050."),
        ("2026-08-26", "  ", "Give the holiday's name in 1 to 80 letters."),
        ("2026-08-26", "x" * 81, "Give the holiday's name in 1 to 80 letters."),
    ],
)
def test_what_cannot_be_a_holiday_is_refused_in_a_sentence_and_nothing_moves(owed, day, name, reason):
    duty = owed()
    assert reason in not_done(day, name)
    assert not CalendarDay.objects.exists()
    assert Duty.objects.get(pk=duty.pk).due_on == duty.due_on


def test_a_day_has_one_name(owed):
    proclaim()
    assert "is no working day already: Day of mourning." in not_done(name="Something else")


def test_a_day_that_has_just_passed_is_taken_since_it_may_be_entered_late(owed):
    duty = owed()
    proclaim(day="2026-08-12")
    assert Duty.objects.get(pk=duty.pk).due_on == date(2026, 9, 2)


def test_a_holiday_once_withdrawn_can_be_proclaimed_again(owed):
    CalendarDay.objects.create(on=date(2026, 8, 31), name="Withdrawn", is_working=True)
    assert date(2026, 8, 31) > TODAY
    proclaim(day="2026-08-31", name="Summer bank holiday")
    assert list(CalendarDay.objects.values_list("name", "is_working")) == [("Summer bank holiday", False)]
