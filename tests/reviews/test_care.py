"""Care begins, ends, or goes on after all, and what becomes of the reviews in the same act."""

from datetime import date

import pytest

from audit.models import BusinessEvent
from children.models import Child, Episode
from duties.rules import CARE_ENDED
from escalations.models import Escalation
from reviews.models import Review
from reviews.services import book, end_care, start_care, withdraw_end
from tests.conftest import NOW, TODAY
from timescales.refusals import Refused

FULL_CARE = {"legal_status": "C2", "category_of_need": "N1"}


def verbs(child: Child) -> list[str]:
    return list(BusinessEvent.objects.filter(child_id=child.pk).order_by("pk").values_list("verb", flat=True))


def test_care_begins_with_its_first_episode_and_its_first_review(period):
    episode = period.episodes.get()
    assert (episode.starts_on, episode.reason_started, episode.legal_status) == (date(2026, 8, 3), "S", "C2")
    review = period.reviews.get()
    assert (review.number, review.duty.rule, review.cycle) == (1, "FIRST_REVIEW", "CARE")
    assert {"care.started", "review.scheduled"} <= set(verbs(period.child))


def test_short_breaks_begin_their_own_cycle(period):
    end_care(care_period=period, on=TODAY, reason="E4A", at=NOW)
    breaks = start_care(child=period.child, on=TODAY, at=NOW, legal_status="V4", category_of_need="N2")
    review = breaks.reviews.get()
    assert (review.number, review.duty.rule, review.cycle) == (1, "SHORT_BREAK_FIRST", "SHORT_BREAK")


@pytest.mark.parametrize(
    "on, words",
    [(TODAY, "already looked after"), (date(2014, 5, 8), "already looked after")],
)
def test_a_child_looked_after_does_not_begin_to_be(period, on, words):
    with pytest.raises(Refused, match=words) as refusal:
        start_care(child=period.child, on=on, at=NOW, **FULL_CARE)
    assert refusal.value.field == "on"
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    "on, words",
    [(date(2026, 8, 5), "overlaps the episode that began on Monday 3 August"), (date(2014, 5, 8), "was born")],
)
def test_care_does_not_begin_in_care_that_was_nor_before_birth(period, on, words):
    end_care(care_period=period, on=date(2026, 8, 10), reason="E4A", at=NOW)
    with pytest.raises(Refused, match=words) as refusal:
        start_care(child=period.child, on=on, at=NOW, **FULL_CARE)
    assert refusal.value.field == "on"
    assert period.child.care_periods.count() == 1


def test_care_that_begins_again_has_a_first_review_again(period):
    end_care(care_period=period, on=date(2026, 8, 10), reason="E4A", at=NOW)
    again = start_care(child=period.child, on=date(2026, 8, 10), at=NOW, **FULL_CARE)
    assert again != period
    assert (again.reviews.get().number, again.reviews.get().duty.runs_from_on) == (1, date(2026, 8, 10))
    assert not period.reviews.not_cancelled().exists()


def test_the_end_of_care_ends_the_episode_and_cancels_the_next_review_in_whose_name_it_was(period, place):
    ada = place.people["iro"]
    end_care(care_period=period, on=TODAY, reason="E4A", by=ada, at=NOW)
    period.refresh_from_db()
    assert (period.ends_on, period.reason_ended) == (TODAY, "E4A")
    assert period.episodes.values_list("ends_on", "reason_ended").get() == (TODAY, "E4A")
    review = period.reviews.get()
    assert (review.duty.closed_at, review.duty.closed_by, review.duty.closed_reason) == (NOW, ada, CARE_ENDED)
    assert verbs(period.child)[-2:] == ["care.ended", "review.cancelled"]


def test_decisions_and_concerns_stay_open_when_care_ends(period, review, record, concern):
    record(review)
    raised = concern(child=period.child)
    end_care(care_period=period, on=TODAY, reason="E4A", at=NOW)
    assert review.decisions.count() == 1
    assert Escalation.objects.open().get() == raised


def test_a_review_held_before_care_ended_can_still_be_recorded(period, review, record):
    end_care(care_period=period, on=TODAY, reason="E4A", at=NOW)
    record(review, held_on=date(2026, 8, 14))
    review.refresh_from_db()
    assert (review.held_on, review.duty.closed_at, review.duty.closed_reason) == (date(2026, 8, 14), None, "")
    assert not Review.objects.open().exists()


@pytest.mark.parametrize(
    "on, words",
    [
        (date(2026, 8, 2), "from the start of care"),
        (date(2026, 8, 18), "up to today"),
        (date(2026, 8, 11), "last episode began on Wednesday 12 August"),
    ],
)
def test_days_care_cannot_have_ended_on(period, on, words):
    Episode.objects.update(ends_on=date(2026, 8, 12))
    Episode.objects.create(
        child=period.child, authority=period.authority, care_period=period, starts_on=date(2026, 8, 12),
        reason_started="P", **FULL_CARE,
    )  # fmt: skip
    with pytest.raises(Refused, match=words) as refusal:
        end_care(care_period=period, on=on, reason="E4A", at=NOW)
    assert refusal.value.field == "on"
    assert Review.objects.open().count() == 1


def test_care_does_not_end_before_a_review_that_was_held(period, review, record):
    record(review, held_on=date(2026, 8, 14))
    with pytest.raises(Refused, match="A review was held on Friday 14 August 2026"):
        end_care(care_period=period, on=date(2026, 8, 13), reason="E4A", at=NOW)


def test_care_ends_once(period):
    end_care(care_period=period, on=date(2026, 8, 10), reason="E4A", at=NOW)
    with pytest.raises(Refused, match="ended already, on Monday 10 August 2026"):
        end_care(care_period=period, on=TODAY, reason="E4A", at=NOW)


def test_an_end_withdrawn_opens_the_same_review_with_its_booking(period, review, place):
    book(review=review, booked_for_on=date(2026, 8, 26), by=place.people["iro"], at=NOW, on=TODAY)
    before = Review.objects.values().get()
    end_care(care_period=period, on=TODAY, reason="E4A", by=place.people["iro"], at=NOW)
    withdraw_end(care_period=period, by=place.people["iro"], at=NOW)
    assert Review.objects.values().get() == before
    period.refresh_from_db()
    assert (period.ends_on, period.reason_ended) == (None, "")
    assert period.episodes.values_list("ends_on", "reason_ended").get() == (None, "")
    assert verbs(period.child)[-2:] == ["care.end_withdrawn", "review.reopened"]


def test_after_a_review_recorded_meanwhile_the_one_after_it_is_due(period, review, record):
    end_care(care_period=period, on=TODAY, reason="E4A", at=NOW)
    record(review, held_on=date(2026, 8, 14))
    withdraw_end(care_period=period, at=NOW)
    following = Review.objects.open().get()
    assert (following.number, following.duty.rule) == (2, "SECOND_REVIEW")
    assert following.duty.runs_from_on == date(2026, 8, 14)


def test_what_never_ended_or_began_anew_is_not_withdrawn(period):
    with pytest.raises(Refused, match="has not ended"):
        withdraw_end(care_period=period, at=NOW)
    end_care(care_period=period, on=date(2026, 8, 10), reason="E4A", at=NOW)
    start_care(child=period.child, on=date(2026, 8, 12), at=NOW, **FULL_CARE)
    with pytest.raises(Refused, match="looked after again since Wednesday 12 August 2026"):
        withdraw_end(care_period=period, at=NOW)
