"""Forms sent empty or wrong: what is missing is said above the form and beside the box, and reached from there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from escalations.models import Escalation
from reviews.models import Review

from .conftest import Town
from .person import Manner, Person

MANNERS: list[Manner] = ["mouse", "no scripts"]


def is_led_to_the_box(person: Person) -> None:
    """The page says so in its title, the summary has the focus, and its first link leads to the box."""
    assert person.page.title().startswith("Error: ")
    summary = person.main.locator(".govuk-error-summary")
    if person.has_scripts:
        expect(summary).to_be_focused()
    link = summary.get_by_role("link").first
    box = person.page.locator(str(link.get_attribute("href")))
    assert box.count() == 1
    if person.has_scripts:
        link.click()
        expect(box).to_be_focused()


@pytest.mark.parametrize("manner", MANNERS)
def test_a_booking_without_a_day_or_too_late_is_refused(town: Town, manner: Manner, first_review: Review) -> None:
    bea = town.signed_in("business_support", manner)
    bea.opens(f"/reviews/{first_review.uuid}/book/")
    bea.presses("button", "Save the booking")
    bea.reads("There is a problem")
    is_led_to_the_box(bea)
    for label, number in (("Day", "31"), ("Month", "9"), ("Year", "2026")):
        bea.writes(label, number)
    bea.presses("button", "Save the booking")
    bea.reads("There is a problem")
    is_led_to_the_box(bea)
    bea.writes("Day", "2")
    bea.presses("button", "Save the booking")
    bea.reads("That day is after the due date.")
    bea.writes("Day", "1")
    bea.presses("button", "Save the booking")
    first_review.refresh_from_db()
    assert str(first_review.duty.planned_for_on) == "2026-09-01"


@pytest.mark.parametrize("manner", MANNERS)
def test_a_concern_without_words_is_refused(town: Town, manner: Manner, first_review: Review) -> None:
    ada = town.signed_in("iro", manner)
    ada.opens(f"/children/{first_review.child.uuid}/escalations/")
    ada.presses("button", "Raise a concern")
    ada.presses("button", "Raise concern")
    ada.reads("Enter what the concern is", "Enter what would settle it")
    is_led_to_the_box(ada)
    ada.writes("What is the concern?", "Nobody has visited since June.")
    ada.writes("What would settle it?", "A visit this week.")
    ada.chooses("Stage 1")
    ada.presses("button", "Raise concern")
    ada.reads("An answer is due by 24 August 2026.")
    assert Escalation.objects.get().stage.position == 1


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize(
    "answer, missing",
    [
        ("Accept", ["Say what will be done.", "Give the day it will be done by."]),
        ("Contest", ["There is a problem"]),
    ],
)
def test_an_answer_without_words_is_refused(
    town: Town, manner: Manner, answer: str, missing: list[str], concern: Callable[..., Escalation]
) -> None:
    escalation = concern()
    meera = town.signed_in("team_manager", manner)
    meera.presses("button", f"{answer} {escalation.reference}")
    meera.presses("button", "Send answer")
    meera.reads(*missing)
    is_led_to_the_box(meera)
    assert not escalation.steps.filter(response__isnull=False).exists()


def test_a_search_and_a_period_that_say_nothing_are_refused(town: Town, first_review: Review) -> None:
    ada = town.signed_in("iro")
    ada.presses("button", "Search", ada.page.get_by_role("search"))
    ada.reads("There is a problem")
    ada.page.get_by_label("Search by name or reference").fill(first_review.child.family_name)
    ada.presses("button", "Search", ada.page.get_by_role("search"))
    ada.reads(str(first_review.child))
    ada.opens("/figures/?period=from-to")
    ada.reads("There is a problem")
    is_led_to_the_box(ada)


def test_what_is_not_there_or_not_theirs_says_what_to_do(town: Town, first_review: Review) -> None:
    bob = town.signed_in("other_iro")
    town.expected.extend([403, 404])
    bob.opens(f"/reviews/{first_review.uuid}/")
    bob.does_not_read(first_review.child.family_name)
    bob.opens("/no-such-page/")
    sam = town.signed_in("social_worker")
    sam.opens(f"/reviews/{first_review.uuid}/record/")
    sam.reads("Only the child's IRO or an IRO manager may record this review.")
