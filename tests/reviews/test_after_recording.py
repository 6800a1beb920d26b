"""Recording an Amber review in the pages opens the ladder, in the same transaction."""

import pytest
import time_machine
from django.urls import reverse

from authorities.words import words_of
from escalations.models import Escalation
from escalations.services import resolve
from reviews.models import LeftUnescalated, Review
from reviews.services import link_review
from reviews.views.outcomes import outcome_rows
from tests.conftest import NOW, TODAY
from tests.reviews.conftest import browser, fill, held_review, press_record, section_url

AMBER = {"rating": {"rag": "AMBER", "rag_reason": "The plan drifts"}}


@pytest.fixture
def review(make_child, ladder):
    return make_child().reviews.get()


@pytest.fixture
def ada(place):
    with time_machine.travel(NOW, tick=False):
        yield browser(place.people["iro"])


def choose(ada, review, **answers):
    fill(ada, review, AMBER)
    address = section_url(review, "follow-up")
    shown = ada.get(address)
    posted = {f"follow_up-{name}": value for name, value in answers.items()}
    ada.post(address, posted | {"version": shown.context["version"], "do": "next"})
    return shown.context["form"]


def test_the_concern_begins_as_the_reason_and_opens_the_informal_stage(ada, review):
    form = choose(ada, review, choice="INFORMAL", concern="The plan drifts", sought="A plan by October")
    assert form["concern"].value() == "The plan drifts"
    check = ada.get(reverse("reviews:check", args=[review.uuid])).content.decode()
    assert "open an informal resolution with the team manager Meera North, to answer by 24 August 2026" in check
    press_record(ada, review)
    raised = Escalation.objects.get()
    assert (raised.concern, raised.sought, raised.child_id) == (
        "The plan drifts",
        "A plan by October",
        review.child_id,
    )
    page = ada.get(reverse("reviews:recorded", args=[review.uuid])).content.decode()
    assert f"{raised.reference}: Informal, put to the team manager Meera North" in page


def test_a_reason_for_leaving_it_is_kept_and_only_who_has_something_to_do_is_named(ada, review):
    choose(ada, review, choice="LEAVE", reason="Mended on the day")
    press_record(ada, review)
    assert LeftUnescalated.objects.get().reason == "Mended on the day"
    page = ada.get(reverse("reviews:recorded", args=[review.uuid])).content.decode()
    assert "Sam Worker, social worker: 1 decision now stands on their list" in page


def test_an_unfinished_choice_keeps_the_review_from_being_recorded(ada, review):
    choose(ada, review, choice="INFORMAL", concern="The plan drifts", sought="")
    assert ada.get(reverse("reviews:check", args=[review.uuid])).url == reverse("reviews:record", args=[review.uuid])
    assert Review.objects.get().held_on is None


def own_page(client, review):
    return " ".join(client.get(reverse("reviews:review", args=[review.uuid])).content.decode().split())


def test_the_reviews_own_page_links_to_the_concern_it_raised(ada, review, place):
    choose(ada, review, choice="INFORMAL", concern="The plan drifts", sought="A plan by October")
    press_record(ada, review)
    raised = Escalation.objects.get()
    address = reverse("escalations:escalation", args=[raised.uuid])
    page = own_page(ada, review)
    assert f'href="{address}">Escalation {raised.reference}</a>, raised by this review, now at Informal' in page
    resolve(escalation=raised, resolution="A plan was made", by=place.people["iro"], at=NOW, on=TODAY)
    assert "raised by this review, resolved" in own_page(ada, review)
    assert raised.reference not in own_page(browser(place.people["business_support"]), review)


def test_the_reviews_own_page_links_to_a_concern_it_joined(ada, review, concern):
    joined = concern(child=review.child)
    choose(ada, review, choice="LINK", escalation=str(joined.uuid))
    press_record(ada, review)
    assert f"Escalation {joined.reference}</a>, joined by this review, now at Informal" in own_page(ada, review)


def test_the_reviews_own_page_says_why_no_concern_was_raised(ada, review, place):
    choose(ada, review, choice="LEAVE", reason="Mended on the day")
    press_record(ada, review)
    page = own_page(ada, review)
    assert "No concern was raised" in page
    assert "Mended on the day<br>Ada Iro, 17 August 2026, 10:30" in page
    assert "Mended on the day" not in own_page(browser(place.people["business_support"]), review)


def test_many_concerns_of_one_review_cost_no_more_than_one(make_child, concern, place, django_assert_num_queries):
    recorded = held_review(make_child())
    for many in (1, 3):
        for _ in range(many):
            link_review(escalation=concern(child=recorded.child), review=recorded, by=place.people["iro"], at=NOW)
        with django_assert_num_queries(1):
            (row,) = outcome_rows(recorded, words_of({"escalation": "challenge"}))
    assert row.value.count("Challenge R-") == 4
