"""The standing cast: two authorities, their people, and children some of them may see.

Ada is the IRO; Bob the IRO of other children, who must see nothing of hers; Meera manages the North team.
Times are fixed: TODAY is a Monday with a bank holiday two weeks ahead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from django.test import Client
from hypothesis import settings

from accounts.models import User
from accounts.services import fill_post, open_account, open_post
from authorities.models import Authority, Service, Team
from authorities.services import add_authority, add_service, add_team
from children.models import Child
from children.services import add_child, allocate, move_team
from reviews.services import start_care

TODAY = date(2026, 8, 17)
NOW = datetime(2026, 8, 17, 9, 30, tzinfo=UTC)
LONG_AGO = date(2020, 1, 6)
PASSWORD = "a-long-enough-passphrase"

# The same examples every time; `pytest --hypothesis-profile=default` looks for new ones.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """An authority with its services, teams and one person in each role."""

    authority: Authority
    services: dict[str, Service]
    teams: dict[str, Team]
    people: dict[str, User]


def person(authority: Authority, name: str, password: str | None = None) -> User:
    """An account without a post. No password unless asked for: hashing is slow on purpose."""
    return open_account(
        authority=authority,
        username=f"{name.lower().replace(' ', '.')}@{authority.code.lower()}.example",
        given_name=name.split()[0],
        family_name=name.split()[-1],
        password=password,
        at=NOW,
    )


def employ(
    user: User, role: str, *, team: Team | None = None, service: Service | None = None, fte: str = "1"
) -> User:
    """Put somebody in a new post."""
    post = open_post(authority=user.authority, role=role, starts_on=LONG_AGO, team=team, service=service, fte=fte)
    fill_post(post=post, user=user, on=LONG_AGO, at=NOW)
    return user


def make_place(code: str, name: str) -> Place:
    """An authority with two services, three teams and its people."""
    authority = add_authority(code=code, name=name, on=LONG_AGO, is_rag_linked_to_ladder=True)
    care = add_service(authority=authority, name="Children in Care")
    safeguarding = add_service(authority=authority, name="Safeguarding")
    teams = {
        "north": add_team(authority=authority, name="North", service=care),
        "south": add_team(authority=authority, name="South", service=care),
        "east": add_team(authority=authority, name="East", service=safeguarding),
    }
    cast: dict[str, tuple[str, str, dict[str, Any]]] = {
        "iro": ("Ada Iro", "IRO", {}),
        "other_iro": ("Bob Other", "IRO", {}),
        "iro_manager": ("Ivy Lead", "IRO_MANAGER", {}),
        "social_worker": ("Sam Worker", "SOCIAL_WORKER", {"team": teams["north"]}),
        "team_manager": ("Meera North", "TEAM_MANAGER", {"team": teams["north"]}),
        "other_team_manager": ("Tom East", "TEAM_MANAGER", {"team": teams["east"]}),
        "service_manager": ("Sian Care", "SERVICE_MANAGER", {"service": care}),
        "head": ("Hana Head", "HEAD_OF_SERVICE", {}),
        "assistant_director": ("Alf Assist", "ASSISTANT_DIRECTOR", {}),
        "director": ("Dee Direct", "DIRECTOR", {}),
        "business_support": ("Bea Support", "BUSINESS_SUPPORT", {}),
        "returns_officer": ("Ray Returns", "RETURNS_OFFICER", {}),
        "analyst": ("Pat Analyst", "PERFORMANCE_ANALYST", {}),
        "auditor": ("Oz Auditor", "AUDITOR", {}),
        "governance": ("Gil Governance", "INFORMATION_GOVERNANCE", {}),
        "administrator": ("Sys Admin", "SYSTEM_ADMINISTRATOR", {}),
        "chief_executive": ("Cat Chief", "CHIEF_EXECUTIVES_OFFICE", {}),
    }
    people = {key: employ(person(authority, name), role, **where) for key, (name, role, where) in cast.items()}
    return Place(authority, {"care": care, "safeguarding": safeguarding}, teams, people)


@pytest.fixture
def place(db: None) -> Place:
    """The authority most tests happen in."""
    return make_place("E06999001", "Westmarsh Council")


@pytest.fixture
def elsewhere(db: None) -> Place:
    """Another authority on the same installation, whose people must see nothing here."""
    return make_place("E06999002", "Eastmoor Council")


@pytest.fixture
def make_child(place: Place) -> Callable[..., Child]:
    """Make a looked-after child of the North team with Ada as IRO and Sam as social worker, unless told otherwise."""

    def make(
        *,
        care_from: date = date(2026, 8, 3),
        born: date = date(2014, 5, 9),
        iro: str | None = "iro",
        worker: str | None = "social_worker",
        team: str | None = "north",
        home: Place = place,
    ) -> Child:
        number = next(_numbers)
        child = add_child(
            child=Child(
                authority=home.authority,
                reference=f"C{number:05d}",
                given_name=f"Child{number:05d}",
                family_name="Testname",
                date_of_birth=born,
                sex="F",
            ),
            at=NOW,
        )
        start_care(child=child, on=care_from, at=NOW, legal_status="C2", category_of_need="N1", placement_type="U6")
        if team:
            move_team(child=child, team=home.teams[team], on=care_from, at=NOW)
        if iro:
            allocate(child=child, kind="IRO", user=home.people[iro], on=care_from, at=NOW)
        if worker:
            allocate(child=child, kind="SOCIAL_WORKER", user=home.people[worker], on=care_from, at=NOW)
        return child

    return make


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """A test client signed in as somebody."""

    def sign_in(user: User) -> Client:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
