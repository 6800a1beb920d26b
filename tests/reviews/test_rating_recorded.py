"""From the rating in a review's record to the team manager's answer, through the pages people use."""

import pytest
import time_machine
from django.urls import reverse

from escalations.models import Escalation
from escalations.services import resolve
from escalations.standings import waiting_for
from reviews.models import LeftUnescalated
from tests.conftest import NOW, TODAY
from tests.making import viewer
from tests.reviews.conftest import browser, fill, press_record, section_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(place):
    with time_machine.travel(NOW, tick=False):
        yield browser(place.people["iro"])


@pytest.fixture
def review(ladder, make_child):
    return make_child().reviews.get()


def rated_red(ada, review):
    fill(ada, review, {"rating": {"rag": "RED", "rag_reason": "The plan drifts"}})


def choose(ada, review, **answers):
    fields = {f"follow_up-{name}": value for name, value in answers.items()}
    return ada.post(section_url(review, "follow-up"), {**fields, "version": 0, "do": "next"})


def test_the_concern_starts_as_the_reason_typed_for_the_rating(ada, review):
    rated_red(ada, review)
    page = ada.get(section_url(review, "follow-up")).content.decode()
    assert "The plan drifts</textarea>" in page
    assert 'data-reveal-for="follow_up-choice"' in page


def test_a_red_review_opens_the_informal_stage_and_waits_for_the_team_manager(place, ada, review):
    rated_red(ada, review)
    choose(ada, review, choice="INFORMAL", concern="", sought="A plan with dates")
    page = ada.get(reverse("reviews:check", args=[review.uuid])).content.decode()
    assert "to answer by 24 August 2026." in page
    assert press_record(ada, review).status_code == 302
    escalation = Escalation.objects.get()
    assert (escalation.concern, escalation.links.get().review_id) == ("The plan drifts", review.pk)
    (card,) = waiting_for(viewer(place.people["team_manager"]))
    assert (card.escalation, card.mark.days) == (escalation, "5 working days left")


def test_what_is_missing_is_said_on_the_page_and_nothing_opens(ada, review):
    rated_red(ada, review)
    page = choose(ada, review, choice="INFORMAL", sought="")
    assert "Enter what would settle it" in page.content.decode()
    assert not Escalation.objects.exists()


def test_leaving_it_records_the_review_with_the_reason(ada, review):
    rated_red(ada, review)
    choose(ada, review, choice="LEAVE", reason="Put right at the meeting")
    press_record(ada, review)
    assert LeftUnescalated.objects.get().review_id == review.pk
    assert not Escalation.objects.exists()


def test_a_concern_resolved_since_it_was_chosen_sends_back_to_the_choice(place, ada, review, concern):
    escalation = concern(child=review.child)
    rated_red(ada, review)
    choose(ada, review, choice="LINK", escalation=str(escalation.uuid))
    resolve(escalation=escalation, resolution="Done", by=place.people["iro"], at=NOW, on=TODAY)
    check = ada.get(reverse("reviews:check", args=[review.uuid]))
    assert check.url == reverse("reviews:record", args=[review.uuid])
    review.refresh_from_db()
    assert review.held_on is None
