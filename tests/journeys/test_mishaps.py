"""What goes wrong in a working day, and that nobody loses what they typed by it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from alerts.models import Alert
from children.models import Child
from escalations.models import Escalation
from reviews.models import Review
from reviews.services import book
from tests.conftest import NOW, PASSWORD, TODAY

from . import recording, working
from .conftest import Town
from .person import Manner, Person

HERS = "Her grandmother came and spoke about the summer."
MINE = "The school wrote to say that she has settled."


def drafts_everything(person: Person, review: Review, discussion: str) -> None:
    """A whole record, rated Green, up to the check of all answers."""
    recording.opens_the_record(person, review)
    person.follows("The meeting")
    person.writes_day("What day was the review held?", recording.TODAY)
    person.presses("button", "Save and go on")
    person.chooses("PN1")
    person.presses("button", "Save and go on")
    person.writes("What was discussed?", discussion)
    person.presses("button", "Save and go on")
    person.chooses("Green")
    person.presses("button", "Save and go on")
    person.chooses("No decisions were made")
    person.presses("button", "Save and go on")
    person.reads("Check your answers", discussion)


def test_of_two_who_record_the_same_review_one_wins_and_the_other_keeps_the_text(
    town: Town, first_review: Review
) -> None:
    ada, ivy = town.signed_in("iro"), town.signed_in("iro_manager")
    drafts_everything(ada, first_review, MINE)
    drafts_everything(ivy, first_review, HERS)
    ada.presses_twice("Record this review", leads_to="/recorded/")
    town.expected.append(409)
    ivy.presses("button", "Record this review")
    ivy.reads("This review has already been recorded", "Ada Iro recorded it", HERS)
    first_review.refresh_from_db()
    assert (first_review.discussion, first_review.recorded_by) == (MINE, town.place.people["iro"])
    ivy.follows("Open the review")
    ivy.follows("Read what you typed")
    ivy.reads(HERS)


def test_who_is_still_typing_is_told_that_the_review_was_recorded(town: Town, first_review: Review) -> None:
    ada, ivy = town.signed_in("iro"), town.signed_in("iro_manager")
    recording.opens_the_record(ivy, first_review)
    ivy.follows("What was discussed")
    drafts_everything(ada, first_review, MINE)
    ada.presses_twice("Record this review", leads_to="/recorded/")
    town.expected.append(409)
    ivy.writes("What was discussed?", HERS)
    ivy.reads("Not saved: this draft was changed on another page, or the review has been recorded")
    ivy.looks()
    expect(ivy.main.get_by_label("What was discussed?")).to_have_value(HERS)


@pytest.mark.parametrize("manner", ["mouse", "no scripts"])
def test_a_time_out_keeps_what_was_typed(
    town: Town, manner: Manner, first_review: Review, clock: Any, settings: Any
) -> None:
    ada = town.signed_in("iro", manner)
    recording.opens_the_record(ada, first_review)
    ada.follows("What was discussed")
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1))
    if ada.has_scripts:
        ada.page.route("**/draft/", lambda route: route.abort())  # the line was down while she typed
    ada.writes("What was discussed?", MINE)
    ada.presses("button", "Save and come back later")
    ada.reads("Sign in", "What you typed has been kept")
    ada.signs_in(town.may_sign_in("iro"), PASSWORD)
    ada.reads("What you had typed", MINE)
    ada.presses("button", "Send it again")
    ada.reads("Saved 17 August 2026")
    ada.follows("What was discussed")
    expect(ada.main.get_by_label("What was discussed?")).to_have_value(MINE)


def test_an_answer_that_does_not_come_is_told_of_until_it_comes(
    town: Town, clock: Any, concern: Callable[..., Escalation], make_child: Callable[..., Child]
) -> None:
    child = make_child(care_from=TODAY)  # whose first review is not due soon by then, and is booked
    book(review=child.reviews.get(), booked_for_on=date(2026, 9, 8), by=town.place.people["iro"], at=NOW, on=TODAY)
    escalation = concern(child=child)
    clock.shift(timedelta(days=9))
    working.time_passes()
    ada, meera = town.signed_in("iro"), town.signed_in("team_manager")
    for person in (ada, meera):
        working.is_told(person, "Response overdue")
    meera.opens("/")
    meera.presses("button", f"Contest {escalation.reference}")
    meera.writes("Why?", working.DOUBT)
    meera.presses("button", "Send answer")
    working.time_passes()
    for person in (ada, meera):
        working.is_told(person)
    assert Alert.objects.live().count() == 0
