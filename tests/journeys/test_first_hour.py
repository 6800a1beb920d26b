"""A council's first hour: from one command to people in post, by browser."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from tests.conftest import PASSWORD
from tests.making import viewer

from .conftest import Town
from .person import Manner, Person

CODE, NAME, EMAIL = "E06999009", "Sandwick Council", "sam.holt@sandwick.example"


@pytest.fixture
def link(town: Town, settings: Any) -> str:
    """The address that the command prints for the first administrator, who has nothing else."""
    settings.SITE_URL = town.site
    call_command("add_authority", CODE, NAME, "--administrator", EMAIL, stdout=(said := StringIO()))
    found = re.search(rf"{re.escape(town.site)}\S+", said.getvalue())
    assert found
    return found.group()


def chooses_a_password(person: Person, link: str) -> None:
    person.opens(link)
    person.writes("New password", PASSWORD)
    person.writes("New password again", PASSWORD)
    person.presses("button", "Save password")


def state_of(person: Person, task: str) -> str:
    """What the set-up list says of a task."""
    line = person.main.get_by_role("listitem").filter(has_text=re.compile(rf"^\s*{task}\b"))
    return line.inner_text()


def opens_an_account(person: Person, given: str, family: str, role: str, team: str = "None") -> None:
    person.opens("/accounts/open/")
    person.writes("Given name", given)
    person.writes("Family name", family)
    person.writes("Work e-mail address", f"{given.lower()}@sandwick.example")
    person.main.get_by_label("Role").select_option(label=role)
    person.main.get_by_label("Team").select_option(label=team)
    person.presses("button", "Open the account")
    person.reads(f"{given} {family}", role)


@pytest.mark.parametrize("manner", ["mouse", "no scripts"])
def test_from_a_link_to_a_team_and_people_in_post(town: Town, link: str, manner: Manner) -> None:
    sam = town.sits_down(manner)
    chooses_a_password(sam, link)
    sam.signs_in(EMAIL)
    sam.reads("Setting up the service", "Services and teams", "The ladder")
    assert "To do" in state_of(sam, "Services and teams")
    assert "Nobody is in post as IRO manager or IRO" in state_of(sam, "People and posts")
    assert "Uses the default" in state_of(sam, "Words")

    sam.follows("Services and teams")
    sam.reads("No team yet", "No service yet")
    sam.presses("button", "Add a service")
    sam.writes("Name", "Children in Care")
    sam.presses("button", "Save")
    sam.presses("button", "Add a team")
    sam.presses("button", "Save")
    sam.reads("There is a problem", "Enter the name")
    sam.writes("Name", "Independent Reviewing Service")
    sam.main.get_by_label("Service").select_option(label="Children in Care")
    sam.presses("button", "Save")
    sam.reads("Independent Reviewing Service was added.")

    opens_an_account(sam, "Ivy", "Lead", "IRO manager")
    opens_an_account(sam, "Ada", "Iro", "Independent Reviewing Officer", "Independent Reviewing Service")
    sam.follows("Home")
    assert "Done" in state_of(sam, "Services and teams")
    assert "Done" in state_of(sam, "People and posts")
    assert viewer(User.objects.get(username="ada@sandwick.example")).roles == ["IRO"]


def test_a_link_works_once_and_teams_are_renamed_merged_and_closed(town: Town, link: str) -> None:
    sam = town.sits_down()
    chooses_a_password(sam, link)
    town.sits_down().opens(link)
    town.people[-1].reads("This link no longer works")
    sam.signs_in(EMAIL)
    for name in ("North", "South"):
        sam.opens("/settings/teams/add/")
        sam.writes("Name", name)
        sam.presses("button", "Save")
    opens_an_account(sam, "Meg", "North", "Team manager", "North")

    sam.opens("/settings/teams/")
    sam.follows("North")
    sam.presses("button", "Rename")
    sam.writes("Name", "Northern")
    sam.presses("button", "Save")
    sam.reads("It is called Northern now.", "Called before", "North")
    sam.presses("button", "Close")
    sam.reads("Northern has 1 post, so it cannot be closed yet")
    sam.follows("Merge it into another team")
    sam.main.get_by_label("Merge into").select_option(label="South")
    sam.writes("Why", "One manager for both.")
    sam.presses("button", "Continue")
    sam.reads("1 post moves to South, and Northern is closed.")
    sam.presses("button", "Change")
    sam.presses("button", "Continue")
    sam.presses("button", "Merge them")
    sam.reads("A team in no service, with 1 post.")

    sam.opens("/accounts/posts/")
    sam.reads("The establishment is 2 full-time posts", "Team manager, South", "Meg North")
    sam.follows("Team manager, South")
    sam.reads("Who has filled it", "Put right")
