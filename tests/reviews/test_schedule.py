"""When reviews are due: the chain the law sets, and what the stored dates are."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audit.models import BusinessEvent
from authorities.models import Authority, CalendarDay, Policy
from duties.clocks import Clock
from duties.rules import STORED_DATES
from duties.services import redate
from reviews.models import Review
from reviews.rules import AlreadyRecorded, Cancelled
from reviews.services import book, cancel
from tests.conftest import NOW, TODAY
from tests.making import change_duty
from timescales import NOT_KNOWN, REVIEW_RULES, add_months, england, next_review_rule
from timescales.refusals import Refused

DAYS = st.dates(date(2005, 1, 1), date(2045, 12, 31))


def test_the_first_review_is_due_20_working_days_after_care_began(review):
    # 31 August 2026 is the summer bank holiday, so the twentieth working day is 1 September
    assert (review.number, review.duty.rule, review.duty.due_on) == (1, "FIRST_REVIEW", date(2026, 9, 1))
    assert (review.duty.last_safe_on, review.duty.act_by_on) == (date(2026, 9, 1), date(2026, 8, 26))
    assert (review.duty.due_soon_on, review.duty.plan_by_on) == (date(2026, 8, 24), date(2026, 8, 10))


def test_the_second_is_due_three_months_after_the_first_and_the_third_six_after_the_second(review, record):
    record(review, held_on=date(2026, 8, 10))
    second = Review.objects.open().get()
    assert (second.number, second.duty.rule, second.duty.runs_from_on) == (2, "SECOND_REVIEW", date(2026, 8, 10))
    assert second.duty.due_on == date(2026, 11, 10)
    record(second, held_on=date(2026, 8, 17), on=date(2026, 8, 17))
    third = Review.objects.open().get()
    assert (third.number, third.duty.rule, third.duty.due_on) == (3, "LATER_REVIEW", date(2027, 2, 17))


def test_a_late_first_review_moves_the_second(review, record):
    late = date(2026, 9, 14)
    record(review, held_on=late, on=late)
    assert Review.objects.open().get().duty.due_on == date(2026, 12, 14)


def test_after_a_review_without_a_known_date_the_next_says_what_it_assumes(review, record):
    Review.objects.filter(pk=review.pk).update(number=None)
    Authority.objects.update(history_from=TODAY)
    change_duty(review, rule=NOT_KNOWN, runs_from_on=None, **dict.fromkeys(STORED_DATES))
    record(review)
    following = Review.objects.open().get()
    assert (following.number, following.duty.rule) == (None, "EARLIER_HISTORY_NOT_HELD")
    assert following.duty.due_on == add_months(TODAY, 6)


def test_cancelling_needs_a_reason_and_happens_once(review, place):
    ada = place.people["iro"]
    with pytest.raises(Refused, match="Say why"):
        cancel(review=review, reason="  ", by=ada, at=NOW)
    cancel(review=review, reason="Made twice", by=ada, at=NOW)
    with pytest.raises(Cancelled):
        cancel(review=review, reason="Made twice", by=ada, at=NOW)


def test_booking_is_stored_with_who_and_when(review, place):
    book(review=review, booked_for_on=date(2026, 8, 26), by=place.people["business_support"], at=NOW, on=TODAY)
    review.refresh_from_db()
    assert (review.duty.planned_for_on, review.duty.planned_at) == (date(2026, 8, 26), NOW)
    assert review.duty.planned_by == place.people["business_support"]


def test_booking_the_same_day_twice_is_one_event(review, place):
    for _ in range(2):
        book(review=review, booked_for_on=date(2026, 8, 26), by=place.people["iro"], at=NOW, on=TODAY)
    assert BusinessEvent.objects.filter(verb="review.booked").count() == 1


def test_a_day_after_the_due_date_may_be_booked(review, place):
    book(review=review, booked_for_on=date(2026, 9, 8), by=place.people["iro"], at=NOW, on=TODAY)
    assert Review.objects.get(pk=review.pk).duty.planned_for_on == date(2026, 9, 8)


@pytest.mark.parametrize(
    "day, words",
    [
        (TODAY - timedelta(days=1), "has passed"),
        (date(2026, 8, 1), "became looked after"),
        (
            date(2060, 1, 1),
            "for Thursday 1 January 2060: the furthest day .* Friday 31 December 2049. Check the year",
        ),
        (date(2050, 1, 1), "the furthest day"),
    ],
)
def test_days_that_cannot_be_booked(review, place, day, words):
    with pytest.raises(Refused, match=words) as refusal:
        book(review=review, booked_for_on=day, by=place.people["iro"], at=NOW, on=TODAY)
    assert refusal.value.field == "booked_for_on"
    assert Review.objects.get(pk=review.pk).duty.planned_for_on is None


def test_a_recorded_review_cannot_be_booked(review, record, place):
    record(review)
    with pytest.raises(AlreadyRecorded):
        book(review=review, booked_for_on=TODAY, by=place.people["iro"], at=NOW, on=TODAY)


def test_a_proclaimed_holiday_moves_the_open_dates_and_says_so(review, ada):
    CalendarDay.objects.create(on=date(2026, 8, 20), name="A day of thanks")
    assert redate(authority_id=review.authority_id, at=NOW, on=TODAY) == 1
    review.refresh_from_db()
    assert review.duty.due_on == date(2026, 9, 2)
    page = ada.get(reverse("reviews:review", args=[review.uuid])).content.decode()
    assert "Dates worked out again" in page
    assert "Due by 2 September 2026, was 1 September 2026" in page


def test_what_was_held_is_not_dated_again(review, record):
    record(review, held_on=date(2026, 8, 10))
    CalendarDay.objects.create(on=date(2026, 8, 20), name="A day of thanks")
    redate(authority_id=review.authority_id, at=NOW, on=TODAY)
    assert Review.objects.get(pk=review.pk).duty.due_on == date(2026, 9, 1)


def test_every_rule_has_a_successor_that_is_a_rule():
    for rule in REVIEW_RULES:
        assert next_review_rule(rule.code) in REVIEW_RULES


def test_nothing_is_dated_without_a_start():
    empty = Clock(Policy(), england()).dates("REVIEW", NOT_KNOWN, None)
    assert set(empty.columns().values()) == {None}


@given(start=DAYS, waits=st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_every_chain_runs_from_the_day_held(start, waits):
    calendar = england()
    clock = Clock(Policy(), calendar)
    rule, runs_from_on = "FIRST_REVIEW", start
    for wait in waits:
        dates = clock.dates("REVIEW", rule, runs_from_on)
        assert runs_from_on < dates.due_on
        assert dates.act_by_on <= dates.last_safe_on <= dates.due_on
        assert dates.due_soon_on <= dates.due_on
        assert dates.plan_by_on <= dates.due_on
        if rule == "FIRST_REVIEW":
            assert calendar.working_days_between(runs_from_on, dates.due_on) == 20
        else:
            assert dates.due_on == add_months(runs_from_on, 3 if rule == "SECOND_REVIEW" else 6)
        held_on = runs_from_on + timedelta(days=wait)
        rule, runs_from_on = next_review_rule(rule).code, held_on
    assert rule == ("SECOND_REVIEW" if len(waits) == 1 else "LATER_REVIEW")
