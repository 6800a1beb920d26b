"""A review that came with a return as held: written up here, words, rating and decisions."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from duties.models import Duty
from reviews.models import Review
from tests.conftest import TODAY
from tests.making import make_review
from timescales.refusals import Refused

from .conftest import fill, press_record

pytestmark = pytest.mark.usefixtures("at_the_desk")


@pytest.fixture
def returned(period, review):
    """Her first review as a return told of it, and the second, open."""
    Review.objects.filter(pk=review.pk).update(held_on=TODAY, source="RETURN", participation="PN1")
    review.duty.met_on = TODAY
    review.duty.save(update_fields=["met_on"])
    make_review(period.child, rule="SECOND_REVIEW", runs_from_on=TODAY, number=2)
    return Review.objects.select_related("duty", "care_period", "child").get(pk=review.pk)


def page(client, review):
    return client.get(reverse("reviews:review", args=[review.uuid])).text


def test_it_says_that_it_is_not_recorded_here_and_offers_to_write_it_up(ada, returned):
    text = page(ada, returned)
    assert "Write up this review" in text
    assert "Not recorded here" in text
    assert "No decisions were made" not in text


def test_its_day_is_filled_in_and_what_is_written_becomes_its_record(ada, returned):
    section = ada.get(reverse("reviews:record_section", args=[returned.uuid, "meeting"])).text
    assert 'value="17"' in section
    fill(ada, returned)
    press_record(ada, returned)
    written = Review.objects.get(pk=returned.pk)
    assert (written.held_on, written.rag, written.recorded_by_id) == (TODAY, "GREEN", ada_id(ada))
    assert written.decisions.count() == 1
    assert Review.objects.open().count() == 1


def ada_id(client):
    return int(client.session["_auth_user_id"])


def test_another_day_given_dates_the_next_again(record, returned):
    record(returned, held_on=TODAY - timedelta(days=3))
    assert Review.objects.open().get().duty.runs_from_on == date(2026, 8, 14)
    assert Review.objects.open().count() == 1


def test_it_cannot_be_moved_to_the_day_of_the_review_after_it(record, returned):
    _hold(returned, TODAY - timedelta(days=7))
    _hold(Review.objects.open().get(), TODAY)
    with pytest.raises(Refused, match="Give an earlier day"):
        record(Review.objects.get(pk=returned.pk), held_on=TODAY)


def _hold(review, day):
    Review.objects.filter(pk=review.pk).update(held_on=day, source="RETURN")
    Duty.objects.filter(pk=review.duty_id).update(met_on=day)


def test_it_is_written_up_once(record, returned):
    record(returned)
    with pytest.raises(Refused, match="recorded this review"):
        record(returned)
