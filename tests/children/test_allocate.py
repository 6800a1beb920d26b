"""Allocating opens a record, ending closes it, at once and for nobody else."""

import pytest

from accounts.access import can, visible, why
from accounts.roles import ChildPermission
from authorities.rules import Refused
from children.models import Child
from children.services import allocate, end_allocation
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_the_iro_sees_the_child_and_another_iro_does_not(place, make_child):
    child = make_child()
    assert list(visible(place.people["iro"], Child.objects.all())) == [child]
    assert not visible(place.people["other_iro"], Child.objects.all()).exists()


def test_the_team_manager_sees_only_the_team(place, make_child):
    child = make_child(team="north")
    assert can(place.people["team_manager"], ChildPermission.RESPOND, child)
    assert not can(place.people["other_team_manager"], ChildPermission.VIEW, child)


def test_ending_the_allocation_closes_the_record(place, make_child):
    child = make_child()
    end_allocation(allocation=child.allocations.get(kind="IRO"), on=TODAY, at=NOW)
    assert not can(place.people["iro"], ChildPermission.VIEW, child)
    assert why(place.people["iro"], child) == []


def test_why_names_the_fact(place, make_child):
    child = make_child()
    (reason,) = why(place.people["iro"], child)
    assert reason.sentence == "Allocated as IRO since 3 August 2026"


def test_the_social_worker_cannot_become_the_iro(place, make_child):
    with pytest.raises(Refused, match="reg. 46"):
        allocate(child=make_child(), kind="IRO", user=place.people["social_worker"], on=TODAY, at=NOW)
