"""A child whose next due date is not known: somebody finds the last review, and the date follows."""

from datetime import date

import pytest
from django.urls import reverse

from authorities.models import Authority
from duties.models import Duty
from reviews.models import Review
from reviews.services import find_last
from tests.conftest import NOW, TODAY
from tests.making import change_duty
from timescales import EARLIER_HISTORY, NOT_KNOWN
from timescales.refusals import Conflict, Refused

from .conftest import browser

pytestmark = pytest.mark.usefixtures("at_the_desk")
FOUND = {"held_on_day": "5", "held_on_month": "5", "held_on_year": "2026", "evidence": "Record of 5 May in the file"}


@pytest.fixture
def unknown(review):
    """The review of a child whose earlier history is not held."""
    Authority.objects.update(history_from=TODAY)
    dates = ("due_on", "last_safe_on", "act_by_on", "plan_by_on", "due_soon_on", "tell_from_on")
    change_duty(review, rule=NOT_KNOWN, why_not_known=EARLIER_HISTORY, runs_from_on=None, **dict.fromkeys(dates))
    Review.objects.filter(pk=review.pk).update(number=None)
    Duty.objects.create(
        kind="FIND_LAST_REVIEW", authority_id=review.authority_id, child_id=review.child_id, series="CARE",
        rule="FIND_LAST", runs_from_on=TODAY, due_on=TODAY, last_safe_on=TODAY, act_by_on=TODAY, due_soon_on=TODAY,
        owed_by_roles=["IRO"], about=review.uuid,
    )  # fmt: skip
    return Review.objects.select_related("duty").get(pk=review.pk)


def url(review):
    return reverse("reviews:find_last", args=[review.uuid])


def test_the_review_page_leads_to_the_question_and_the_answer_dates_the_review(ada, unknown):
    assert url(unknown) in ada.get(reverse("reviews:review", args=[unknown.uuid])).text
    assert "care began before the earliest return" in ada.get(url(unknown)).text
    answer = ada.post(url(unknown), FOUND, follow=True)
    assert "The review is due by 5 November 2026." in answer.text
    assert Review.objects.open().get().pk == unknown.pk
    search = Duty.objects.get(kind="FIND_LAST_REVIEW")
    assert search.met_on == TODAY


def test_the_review_found_says_where_and_is_not_to_be_written_up(ada, unknown):
    ada.post(url(unknown), FOUND)
    found = Review.objects.held().get()
    assert (found.held_on, found.evidence, found.is_to_write_up) == (date(2026, 5, 5), FOUND["evidence"], False)
    assert "Record of 5 May in the file" in ada.get(reverse("reviews:review", args=[found.uuid])).text


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"evidence": ""}, "Enter where you found it"),
        ({"held_on_year": "2027"}, "in the future"),
        ({"held_on_year": "1999"}, "before the child was born"),
        ({"held_on_day": "31", "held_on_month": "2"}, "real date"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_nothing_typed_is_lost(ada, unknown, changed, words):
    answer = ada.post(url(unknown), FOUND | changed)
    assert words in answer.text
    assert (FOUND | changed)["evidence"] in answer.text
    assert not Review.objects.held().exists()


def test_of_two_who_answer_the_second_is_told_and_keeps_what_was_typed(ada, unknown):
    ada.post(url(unknown), FOUND)
    answer = ada.post(url(unknown), FOUND | {"evidence": "A letter of June"})
    assert answer.status_code == 409
    assert "A letter of June" in answer.text
    assert Review.objects.held().count() == 1


def test_the_service_refuses_what_is_known_and_a_blank_source(unknown, place):
    answer = {"review": unknown, "held_on": date(2026, 5, 5), "by": place.people["iro"], "at": NOW, "on": TODAY}
    with pytest.raises(Refused, match="where you found it"):
        find_last(**answer, evidence=" ")
    find_last(**answer, evidence="The file")
    with pytest.raises(Conflict, match="known by now"):
        find_last(**answer, evidence="The file")


def test_those_who_may_not_record_are_refused_and_strangers_find_nothing(place, unknown):
    assert browser(place.people["social_worker"]).get(url(unknown)).status_code == 403
    assert browser(place.people["other_iro"]).get(url(unknown)).status_code == 404
