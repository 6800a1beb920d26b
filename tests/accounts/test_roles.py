"""What a role says of itself is all that the rest of the product asks: a new one is left off no second list."""

from dataclasses import replace
from typing import Any

import pytest

from accounts import roles
from accounts.roles import BY_CODE, Role, Scope
from children.services import allocate
from tests.conftest import NOW, TODAY, Place, employ, person
from timescales.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Scope.TEAM, Scope.SERVICE, Scope.AUTHORITY])
def new_role(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Role:
    """A role that nobody has thought of yet, which manages the cases it reaches."""
    role = replace(BY_CODE["TEAM_MANAGER"], code="NEW_MANAGER", name="New manager", scope=request.param)
    monkeypatch.setattr(roles, "ROLES", (*roles.ROLES, role))
    monkeypatch.setitem(BY_CODE, role.code, role)
    return role


def where(role: Role, place: Place) -> dict[str, Any]:
    """Where a post of the role is, so that it reaches the children of the North team."""
    places: dict[Scope, dict[str, Any]] = {
        Scope.TEAM: {"team": place.teams["north"]},
        Scope.SERVICE: {"service": place.services["care"]},
    }
    return places.get(role.scope, {})


def test_a_role_that_manages_cases_is_the_iro_of_none_it_reaches(new_role, place, make_child):
    manager = employ(person(place.authority, "Nia New"), new_role.code, **where(new_role, place))
    with pytest.raises(Refused, match="reg. 46"):
        allocate(child=make_child(iro=None), kind="IRO", user=manager, on=TODAY, at=NOW)


def test_no_iro_comes_to_manage_their_own_children_in_such_a_role(new_role, place, make_child):
    make_child()
    with pytest.raises(Refused, match="reg. 46"):
        employ(place.people["iro"], new_role.code, **where(new_role, place))


def test_no_role_of_a_managed_case_may_be_given_children_as_their_iro():
    assert not [role.code for role in roles.ROLES if role.manages_cases and role.allocated_as == "IRO"]


def test_whoever_may_be_given_children_may_do_all_that_the_allocation_permits():
    for role in roles.ROLES:
        if role.allocated_as:
            assert BY_CODE[role.allocated_as].child_permissions <= role.child_permissions
