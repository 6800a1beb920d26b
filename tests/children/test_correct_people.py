"""An allocation is corrected: the day it began, whose it was, or that it never was; and who then sees the record."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.access import can
from accounts.roles import ChildPermission
from accounts.services import leave_post
from alerts.models import Alert
from alerts.services import sweep
from audit.models import BusinessEvent
from children.models import Allocation, CorrectedFact
from children.services import AllocationMade, allocate, correct_allocation, move_team, whose
from tests.conftest import NOW, TODAY
from tests.making import viewer
from timescales.refusals import Conflict, Refused

BEGAN = date(2026, 8, 3)


@pytest.fixture(autouse=True)
def the_doors_clock_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def child(make_child):
    """Ada is her IRO and Sam her social worker, since 3 August 2026."""
    return make_child()


@pytest.fixture
def mistaken(place, child):
    """Bob made her IRO on 10 August 2026, which ended Ada's allocation."""
    return allocate(
        child=child,
        kind="IRO",
        user=place.people["other_iro"],
        on=date(2026, 8, 10),
        at=NOW,
        by=place.people["iro_manager"],
    )


@pytest.fixture
def correct(place):
    def make(allocation, *, user=..., starts_on=None, reason="Another child was meant", seen=0):
        made = AllocationMade(whose(allocation) if user is ... else user, starts_on or allocation.starts_on)
        by = place.people["iro_manager"]
        correct_allocation(allocation=allocation, made=made, reason=reason, seen=seen, by=by, at=NOW)

    return make


@pytest.fixture
def ivy(place):
    return browser(place.people["iro_manager"])


def browser(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def iros(child):
    rows = child.allocations.filter(kind="IRO").order_by("starts_on", "pk")
    return [(row.user.first_name, row.starts_on, row.ends_on) for row in rows]


def sees(user, child):
    return can(viewer(user), ChildPermission.VIEW, child)


def url(allocation):
    return reverse("children:correct_people", args=[allocation.child.uuid, allocation.pk])


def typed(allocation, **changed):
    day = changed.pop("starts_on", allocation.starts_on)
    said = {"user": getattr(allocation, "user_id", ""), "reason": "Another child was meant", "seen": "0"}
    return said | {"starts_on_day": day.day, "starts_on_month": day.month, "starts_on_year": day.year} | changed


def test_one_made_by_mistake_is_taken_away_and_the_one_it_had_ended_goes_on(place, child, mistaken, correct):
    assert sees(place.people["other_iro"], child)
    correct(mistaken, user=None)
    assert iros(child) == [("Ada", BEGAN, None)]
    assert sees(place.people["iro"], child)
    assert not sees(place.people["other_iro"], child)
    assert not child.user_grants.filter(user=place.people["other_iro"]).exists()


def test_what_it_said_is_kept_with_who_and_why(place, child, mistaken, correct):
    correct(mistaken, user=None)
    gone, follows = CorrectedFact.objects.order_by("pk")
    said = {"user": mistaken.user_id, "starts_on": "2026-08-10", "ends_on": None, "as": "IRO"}
    assert (gone.before, gone.after, gone.reason) == (said, {}, "Another child was meant")
    assert (follows.before["ends_on"], follows.after["ends_on"]) == ("2026-08-10", None)
    assert BusinessEvent.objects.get(verb="allocation.corrected").actor_id == place.people["iro_manager"].pk


def test_a_person_taken_away_may_be_her_social_worker_for_they_never_were_her_iro(place, child, mistaken, correct):
    with pytest.raises(Refused, match="worked with this child in the other role"):
        correct(child.allocations.get(kind="SOCIAL_WORKER"), user=place.people["other_iro"])
    correct(mistaken, user=None)
    with pytest.raises(Refused, match="holds no post as social worker"):
        correct(child.allocations.get(kind="SOCIAL_WORKER"), user=place.people["other_iro"], seen=2)


def test_the_one_before_does_not_go_on_where_that_person_has_left(place, child, mistaken, correct, ivy):
    for holding in place.people["iro"].holdings.all():
        leave_post(holding=holding, on=TODAY, at=NOW)
    answer = ivy.post(url(mistaken), typed(mistaken, is_mistake="on"))
    assert "The child has no IRO then, until one is allocated." in answer.text
    correct(mistaken, user=None)
    assert iros(child) == [("Ada", BEGAN, date(2026, 8, 10))]


def test_another_day_takes_the_end_of_the_one_before_with_it(child, mistaken, correct):
    correct(mistaken, starts_on=date(2026, 8, 12))
    assert iros(child) == [("Ada", BEGAN, date(2026, 8, 12)), ("Bob", date(2026, 8, 12), None)]


def test_another_person_sees_the_record_in_the_place_of_the_one_before(place, child, correct):
    correct(child.allocations.get(kind="IRO"), user=place.people["other_iro"])
    assert iros(child) == [("Bob", BEGAN, None)]
    assert sees(place.people["other_iro"], child)
    assert not sees(place.people["iro"], child)


def test_alerts_go_to_who_is_her_iro_by_the_correction(place, child, mistaken, correct):
    assert told(place, child, on=date(2026, 8, 24)) == {"Bob Other"}
    correct(mistaken, user=None)
    assert told(place, child, on=date(2026, 8, 25)) == {"Ada Iro"}


def told(place, child, on):
    """Whom the sweep of a day tells of her review."""
    sweep(authority=place.authority, at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC), on=on)
    alerts = Alert.objects.filter(child=child, cleared_at=None, duty__kind="REVIEW").exclude(recipient=None)
    return {str(alert.recipient) for alert in alerts.select_related("recipient")} & {"Ada Iro", "Bob Other"}


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"starts_on": date(2026, 8, 18)}, "not in the future"),
        ({"starts_on": BEGAN}, "The allocation before it began on 3 August 2026"),
        ({"user": "0"}, "Choose one of those shown"),
        ({"reason": ""}, "Enter why it is corrected"),
        ({}, "Nothing is different"),
    ],
)
def test_what_cannot_be_is_refused(ivy, mistaken, changed, words):
    answer = ivy.post(url(mistaken), typed(mistaken, **changed))
    assert words in answer.text
    assert not CorrectedFact.objects.exists()


def test_an_iro_is_not_allocated_before_care_began_and_not_the_person_beside(place, child, mistaken, correct):
    with pytest.raises(Refused, match="first looked after on 3 August 2026"):
        correct(child.allocations.get(user=place.people["iro"]), starts_on=date(2026, 8, 1))
    with pytest.raises(Refused, match="made by mistake"):
        correct(mistaken, user=place.people["iro"])


def test_what_changes_is_read_first_and_stands_on_the_page_of_people_after(ivy, place, child, mistaken):
    answer = ivy.post(url(mistaken), typed(mistaken, is_mistake="on"))
    assert "IRO from 10 August 2026, Bob Other, from 10 August 2026: taken away." in answer.text
    assert "IRO from 3 August 2026: ended on nothing instead of 10 August 2026." in answer.text
    assert Allocation.objects.filter(pk=mistaken.pk).exists()
    shown = answer.context["sentences"]
    answer = ivy.post(url(mistaken), typed(mistaken, is_mistake="on", shown=shown), follow=True)
    assert "Corrected: Ivy Lead, 17 August 2026, 10:30" in answer.text
    assert "Another child was meant" in answer.text
    assert "Taken away; it said Bob Other, from 10 August 2026" in answer.text
    support = browser(place.people["business_support"]).get(reverse("children:people", args=[child.uuid])).text
    assert "Another child was meant" not in support


def test_the_page_of_people_leads_to_it_for_the_iro_manager_alone(ivy, place, child, mistaken):
    people = reverse("children:people", args=[child.uuid])
    assert url(mistaken) in ivy.get(people).text
    assert ivy.get(url(mistaken)).status_code == 200
    assert browser(place.people["social_worker"]).get(url(mistaken)).status_code == 403
    assert url(mistaken) not in browser(place.people["social_worker"]).get(people).text
    assert browser(place.people["iro"]).get(url(mistaken)).status_code == 404


def test_of_two_the_second_is_told_and_keeps_the_text(ivy, mistaken, correct):
    correct(mistaken, starts_on=date(2026, 8, 11))
    fresh = Allocation.objects.get(pk=mistaken.pk)
    answers = typed(fresh, is_mistake="on", reason="My own words")
    answer = ivy.post(url(mistaken), answers)
    assert answer.status_code == 409
    assert "Ivy Lead made a correction on Monday 17 August 2026" in answer.text
    assert "My own words" in answer.text
    correct(fresh, user=None, seen=2)
    with pytest.raises(Conflict):
        correct(fresh, user=None, seen=4)
    assert ivy.post(url(mistaken), answers).status_code == 409


@pytest.fixture
def moved(place, child):
    """The East team was said to be responsible from 10 August 2026, which ended the North team's time."""
    return move_team(child=child, team=place.teams["east"], on=date(2026, 8, 10), at=NOW)


def team_url(row):
    return reverse("children:correct_team", args=[row.child.uuid, row.pk])


def teams(child):
    rows = child.team_allocations.order_by("starts_on", "pk")
    return [(row.team.name, row.starts_on, row.ends_on) for row in rows]


def test_a_team_by_mistake_is_taken_away_and_its_manager_sees_the_child_no_more(place, child, moved, correct):
    assert sees(place.people["other_team_manager"], child)
    correct(moved, user=None)
    assert teams(child) == [("North", BEGAN, None)]
    assert sees(place.people["team_manager"], child)
    assert not sees(place.people["other_team_manager"], child)


def test_another_team_and_another_day(place, child, moved, correct):
    correct(moved, user=place.teams["south"], starts_on=date(2026, 8, 12))
    assert teams(child) == [("North", BEGAN, date(2026, 8, 12)), ("South", date(2026, 8, 12), None)]
    kept = CorrectedFact.objects.order_by("pk").first()
    assert (kept.before["team"], kept.after["team"]) == (place.teams["east"].pk, place.teams["south"].pk)


def test_the_page_of_people_leads_to_the_team_and_says_what_it_said(ivy, place, child, moved):
    people = reverse("children:people", args=[child.uuid])
    assert team_url(moved) in ivy.get(people).text
    answers = typed(moved, team=place.teams["south"].pk)
    answer = ivy.post(team_url(moved), answers)
    assert "Team from 10 August 2026: team South instead of East." in answer.text
    answers["shown"] = answer.context["sentences"]
    assert "South; before that East" in ivy.post(team_url(moved), answers, follow=True).text
    assert browser(place.people["social_worker"]).get(team_url(moved)).status_code == 403
    assert ivy.get(reverse("children:correct_team", args=[child.uuid, 0])).status_code == 404
