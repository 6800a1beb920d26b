"""What each role may open, over a whole authority: on a laptop, at 320 pixels and on paper."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect

from accounts.models import User
from accounts.roles import BY_CODE
from children.models import Child
from escalations.models import Escalation
from returns.demonstration import load_demonstration, logins
from reviews.models import Review
from tests.browser import LAPTOP, fits
from tests.conftest import NOW, TODAY
from tests.making import viewer

from .conftest import Town
from .person import Person

PICTURE = Path(__file__).parents[2] / "docs/caseload.png"
PAPER = ViewportSize(width=680, height=1009)  # pixels of A4 upright within margins of 15 mm
LOGINS = {one["role"]: one for one in logins()}


@pytest.fixture
def whole_authority(town: Town) -> None:
    """The demonstration authority, as it stands on the day of these tests."""
    load_demonstration(on=TODAY, at=NOW)


def signed_in(town: Town, role: str) -> Person:
    """The demonstration's person of a role at their browser."""
    person = town.sits_down()
    person.signs_in(login(role)["email"], login(role)["password"])
    return person


def login(role: str) -> dict[str, str]:
    return LOGINS[BY_CODE[role].name]


def menu(person: Person) -> list[str]:
    """The addresses the menu leads to."""
    entries = person.page.get_by_role("navigation", name="Menu").get_by_role("link").all()
    return [str(entry.get_attribute("href")) for entry in entries]


def is_readable_on_paper(person: Person) -> None:
    """In print the menu, the search and the buttons go, and nothing is wider than the sheet."""
    person.page.emulate_media(media="print")
    person.page.set_viewport_size(PAPER)
    try:
        assert fits(person.page), f"{person.page.url} is wider than the sheet"
        expect(person.page.get_by_role("heading", level=1)).to_be_visible()
        for gone in (".govuk-service-navigation", ".screens-search", "main .govuk-button"):
            assert not [part for part in person.page.locator(gone).all() if part.is_visible()]
    finally:
        person.page.emulate_media(media="screen")
        person.page.set_viewport_size(LAPTOP)


@pytest.mark.usefixtures("whole_authority")
@pytest.mark.parametrize("role", ["IRO", "TEAM_MANAGER", "HEAD_OF_SERVICE", "BUSINESS_SUPPORT"])
def test_every_page_of_the_menu_can_be_read(town: Town, role: str) -> None:
    person = signed_in(town, role)
    for address in menu(person)[1:]:
        person.opens(address)
        assert person.page.get_by_role("navigation", name="Menu").locator("[aria-current=page]").count() == 1


@pytest.mark.usefixtures("whole_authority")
def test_those_without_children_of_their_own_read_their_pages(town: Town) -> None:
    for role in ("INFORMATION_GOVERNANCE", "RETURNS_OFFICER", "SYSTEM_ADMINISTRATOR"):
        person = signed_in(town, role)
        for address in menu(person)[-1:]:
            person.opens(address)
    for role in ("IRO_MANAGER", "SOCIAL_WORKER", "DIRECTOR", "PERFORMANCE_ANALYST", "AUDITOR"):
        signed_in(town, role).reads("17 August 2026")


@pytest.mark.usefixtures("whole_authority")
def test_everything_about_one_child_can_be_read_and_printed(town: Town) -> None:
    iro = User.objects.get(username=login("IRO")["email"])
    child = Child.objects.visible_to(viewer(iro)).filter(escalations__status="OPEN").order_by("pk").first()
    assert child
    review = Review.objects.open().filter(child=child).get()
    escalation = Escalation.objects.open().filter(child=child).first()
    assert escalation
    person = signed_in(town, "IRO")
    person.opens(f"/children/{child.uuid}/")
    tabs = person.main.get_by_role("navigation").get_by_role("link").all()
    addresses = [str(tab.get_attribute("href")) for tab in tabs]
    assert len(addresses) == 7
    for address in [
        *addresses,
        f"/escalations/{escalation.uuid}/",
        f"/reviews/{review.uuid}/due/",
        "/",
        "/caseload/",
    ]:
        person.opens(address)
        is_readable_on_paper(person)


@pytest.mark.usefixtures("whole_authority")
def test_the_caseload_of_a_laptop_begins_with_what_is_late(town: Town, tmp_path: Path) -> None:
    person = signed_in(town, "IRO")
    person.follows("Caseload")
    first = person.main.locator("tbody tr").first
    expect(first).to_be_in_viewport()
    expect(first).to_contain_text("Overdue")
    wanted = os.environ.get("IRO_SCREENSHOTS") == "1"
    picture = PICTURE if wanted else tmp_path / PICTURE.name
    person.page.screenshot(path=picture)
    width, height = (int.from_bytes(picture.read_bytes()[at : at + 4]) for at in (16, 20))
    assert (width, height) == (LAPTOP["width"], LAPTOP["height"])
