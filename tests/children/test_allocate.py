"""Allocating opens a record, ending closes it, at once and for nobody else."""

from datetime import date, timedelta

import pytest

from accounts.access import can, visible, why
from accounts.models import Holding
from accounts.roles import ChildPermission
from accounts.services import deactivate, fill_post, leave_post, open_post
from children.models import Child
from children.services import allocate, end_allocation, move_team
from tests.conftest import LONG_AGO, NOW, TODAY, employ, person
from tests.making import viewer
from timescales.refusals import Conflict, Refused

pytestmark = pytest.mark.django_db


def test_the_iro_sees_the_child_and_another_iro_does_not(place, make_child):
    child = make_child()
    assert list(visible(viewer(place.people["iro"]), Child.objects.all())) == [child]
    assert not visible(viewer(place.people["other_iro"]), Child.objects.all()).exists()


def test_the_team_manager_sees_only_the_team(place, make_child):
    child = make_child(team="north")
    assert can(viewer(place.people["team_manager"]), ChildPermission.RESPOND, child)
    assert not can(viewer(place.people["other_team_manager"]), ChildPermission.VIEW, child)


def test_ending_the_allocation_closes_the_record(place, make_child):
    child = make_child()
    end_allocation(allocation=child.allocations.get(kind="IRO"), on=TODAY, at=NOW)
    assert not can(viewer(place.people["iro"]), ChildPermission.VIEW, child)
    assert why(place.people["iro"], child) == []


def test_why_names_the_fact(place, make_child):
    child = make_child()
    (reason,) = why(place.people["iro"], child)
    assert reason.sentence == "Allocated as IRO since 3 August 2026"


def test_the_social_worker_cannot_become_the_iro(place, make_child):
    with pytest.raises(Refused, match="reg. 46"):
        allocate(child=make_child(), kind="IRO", user=place.people["social_worker"], on=TODAY, at=NOW)


@pytest.mark.parametrize("name", ["team_manager", "service_manager", "head", "assistant_director", "director"])
def test_nobody_who_manages_the_case_becomes_the_iro(name, place, make_child):
    with pytest.raises(Refused, match="manages this child's case"):
        allocate(child=make_child(iro=None), kind="IRO", user=place.people[name], on=TODAY, at=NOW)


def test_the_manager_of_another_team_may_be_the_iro_until_the_child_moves_there(place, make_child):
    child = make_child(iro=None)
    employ(place.people["other_team_manager"], "IRO")
    allocate(child=child, kind="IRO", user=place.people["other_team_manager"], on=TODAY, at=NOW)
    with pytest.raises(Refused, match="IRO manages that team"):
        move_team(child=child, team=place.teams["east"], on=TODAY, at=NOW)


def test_an_iro_is_not_put_in_charge_of_their_own_children(place, make_child):
    make_child(team="north")
    ada = place.people["iro"]
    for role, where in (("TEAM_MANAGER", {"team": place.teams["north"]}), ("DIRECTOR", {})):
        post = open_post(authority=place.authority, role=role, starts_on=LONG_AGO, **where)
        with pytest.raises(Refused, match="the IRO of 1 of the children"):
            fill_post(post=post, user=ada, on=TODAY, at=NOW)
    elsewhere = open_post(
        authority=place.authority, role="TEAM_MANAGER", starts_on=LONG_AGO, team=place.teams["east"]
    )
    assert fill_post(post=elsewhere, user=ada, on=TODAY, at=NOW)


def test_an_iro_with_children_does_not_leave_them_behind(place, make_child):
    make_child()
    with pytest.raises(Refused, match="1 child is allocated to Ada Iro"):
        leave_post(holding=Holding.objects.of_user(place.people["iro"].pk).get(), on=TODAY, at=NOW)


def test_an_iro_manager_leaves_no_child_behind_either(place, make_child):
    child = make_child(iro=None)
    ivy = place.people["iro_manager"]
    allocate(child=child, kind="IRO", user=ivy, on=TODAY, at=NOW)
    with pytest.raises(Refused, match="1 child is allocated to Ivy Lead"):
        leave_post(holding=ivy.holdings.get(), on=TODAY, at=NOW)
    other = employ(ivy, "IRO").holdings.get(post__role="IRO")
    leave_post(holding=ivy.holdings.get(post__role="IRO_MANAGER"), on=TODAY, at=NOW)
    with pytest.raises(Refused, match="1 child is allocated"):
        leave_post(holding=other, on=TODAY, at=NOW)


def test_a_child_is_allocated_only_to_somebody_in_such_a_post(place, make_child):
    child = make_child(iro=None)
    with pytest.raises(Refused, match="Nell New holds no post as IRO. Choose somebody who does."):
        allocate(child=child, kind="IRO", user=person(place.authority, "Nell New"), on=TODAY, at=NOW)
    bob = place.people["other_iro"]
    leave_post(holding=bob.holdings.get(), on=TODAY, at=NOW)
    with pytest.raises(Conflict, match="Bob Other left their last post as IRO on 17 August 2026."):
        allocate(child=child, kind="IRO", user=bob, on=TODAY, at=NOW)
    assert not child.allocations.filter(kind="IRO").exists()


@pytest.mark.parametrize(
    "on, says", [(TODAY + timedelta(days=1), "future"), (date(2026, 8, 2), "present allocation")]
)
def test_a_day_to_come_or_before_the_present_one_is_refused(on, says, place, make_child):
    with pytest.raises(Refused, match=says):
        allocate(child=make_child(), kind="IRO", user=place.people["other_iro"], on=on, at=NOW)


def test_no_iro_is_allocated_before_the_child_was_first_looked_after(place, make_child):
    child = make_child(iro=None)
    with pytest.raises(Refused, match="first looked after on 3 August 2026") as refusal:
        allocate(child=child, kind="IRO", user=place.people["other_iro"], on=date(2026, 8, 2), at=NOW)
    assert refusal.value.field == "on"
    assert not child.allocations.filter(kind="IRO").exists()
    allocate(child=child, kind="IRO", user=place.people["other_iro"], on=date(2026, 8, 3), at=NOW)


def test_a_social_worker_and_a_team_know_the_child_before_care_began_but_not_before_birth(place, make_child):
    born = date(2026, 7, 1)
    child = make_child(born=born, worker=None, team=None)
    before, worker, team = born - timedelta(days=1), place.people["social_worker"], place.teams["east"]
    with pytest.raises(Refused, match="born on 1 July 2026"):
        allocate(child=child, kind="SOCIAL_WORKER", user=worker, on=before, at=NOW)
    with pytest.raises(Refused, match="born on 1 July 2026"):
        move_team(child=child, team=team, on=before, at=NOW)
    allocate(child=child, kind="SOCIAL_WORKER", user=worker, on=born, at=NOW)
    move_team(child=child, team=team, on=born, at=NOW)


@pytest.mark.parametrize(
    "kind, name, says",
    [
        ("IRO", "iro", "Ada Iro is already the IRO, since 3 August 2026."),
        ("SOCIAL_WORKER", "social_worker", "Sam Worker is already the social worker, since 3 August 2026."),
    ],
)
def test_who_is_allocated_already_is_not_allocated_again_from_another_day(kind, name, says, place, make_child):
    child = make_child()
    with pytest.raises(Refused) as refusal:
        allocate(child=child, kind=kind, user=place.people[name], on=TODAY, at=NOW)
    assert (refusal.value.field, refusal.value.message) == ("user", says)
    assert child.allocations.filter(kind=kind).count() == 1


def test_no_team_post_or_child_takes_anybody_of_another_authority(place, elsewhere, make_child):
    child, stranger = make_child(), elsewhere.people["iro"]
    with pytest.raises(Refused, match="this authority's staff"):
        allocate(child=child, kind="IRO", user=stranger, on=TODAY, at=NOW)
    with pytest.raises(Refused, match="another authority"):
        move_team(child=child, team=elsewhere.teams["north"], on=TODAY, at=NOW)
    post = open_post(authority=place.authority, role="IRO", starts_on=LONG_AGO)
    with pytest.raises(Refused, match="another authority"):
        fill_post(post=post, user=stranger, on=TODAY, at=NOW)


def test_a_closed_account_is_given_neither_child_nor_post(place, make_child):
    leaver = place.people["other_iro"]
    deactivate(user=leaver, at=NOW)
    with pytest.raises(Refused, match="active"):
        allocate(child=make_child(), kind="IRO", user=leaver, on=TODAY, at=NOW)
    with pytest.raises(Refused, match="closed"):
        fill_post(
            post=open_post(authority=place.authority, role="IRO", starts_on=LONG_AGO), user=leaver, on=TODAY, at=NOW
        )
