"""When reviews are due: the chain the law sets, and what the stored dates are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models import BusinessEvent
from authorities.models import CalendarDay, Policy
from reviews import rules
from reviews.models import Review
from reviews.services import book, cancel, dates_for, redate_open_reviews
from tests.conftest import NOW, TODAY
from timescales import REVIEW_RULES, add_months, england, review_rule
from timescales.refusals import Refused

DAYS = st.dates(date(2005, 1, 1), date(2045, 12, 31))


def test_the_first_review_is_due_20_working_days_after_care_began(review):
    # 31 August 2026 is the summer bank holiday, so the twentieth working day is 1 September
    assert (review.number, review.rule, review.due_on) == (1, "FIRST_REVIEW", date(2026, 9, 1))
    assert (review.last_safe_on, review.book_by_on) == (date(2026, 9, 1), date(2026, 8, 26))
    assert (review.due_soon_on, review.unbooked_on) == (date(2026, 8, 24), date(2026, 8, 10))


def test_the_second_is_due_three_months_after_the_first_and_the_third_six_after_the_second(review, record):
    record(review, held_on=date(2026, 8, 10))
    second = Review.objects.open().get()
    assert (second.number, second.rule, second.runs_from_on) == (2, "SECOND_REVIEW", date(2026, 8, 10))
    assert second.due_on == date(2026, 11, 10)
    record(second, held_on=date(2026, 8, 17), on=date(2026, 8, 17))
    third = Review.objects.open().get()
    assert (third.number, third.rule, third.due_on) == (3, "LATER_REVIEW", date(2027, 2, 17))


def test_a_late_first_review_moves_the_second(review, record):
    late = date(2026, 9, 14)
    record(review, held_on=late, on=late)
    assert Review.objects.open().get().due_on == date(2026, 12, 14)


def test_after_a_review_without_a_known_date_the_next_says_what_it_assumes(review, record):
    Review.objects.filter(pk=review.pk).update(
        number=None,
        rule=rules.NOT_KNOWN,
        runs_from_on=None,
        **dict.fromkeys(("due_on", "last_safe_on", "book_by_on", "due_soon_on", "unbooked_on")),
    )
    record(review)
    following = Review.objects.open().get()
    assert (following.number, following.rule) == (None, "EARLIER_HISTORY_NOT_HELD")
    assert following.due_on == add_months(TODAY, 6)


def test_cancelling_needs_a_reason_and_happens_once(review, place):
    ada = place.people["iro"]
    with pytest.raises(Refused, match="Say why"):
        cancel(review=review, reason="  ", by=ada, at=NOW)
    cancel(review=review, reason="Made twice", by=ada, at=NOW)
    with pytest.raises(rules.Cancelled):
        cancel(review=review, reason="Made twice", by=ada, at=NOW)


def test_booking_is_stored_with_who_and_when(review, place):
    book(review=review, booked_for_on=date(2026, 8, 26), by=place.people["business_support"], at=NOW, on=TODAY)
    review.refresh_from_db()
    assert (review.booked_for_on, review.booked_at) == (date(2026, 8, 26), NOW)
    assert review.booked_by == place.people["business_support"]


def test_booking_the_same_day_twice_is_one_event(review, place):
    for _ in range(2):
        book(review=review, booked_for_on=date(2026, 8, 26), by=place.people["iro"], at=NOW, on=TODAY)
    assert BusinessEvent.objects.filter(verb="review.booked").count() == 1


def test_a_day_after_the_last_lawful_one_may_be_booked(review, place):
    book(review=review, booked_for_on=date(2026, 9, 8), by=place.people["iro"], at=NOW, on=TODAY)
    assert Review.objects.get(pk=review.pk).booked_for_on == date(2026, 9, 8)


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
    assert Review.objects.get(pk=review.pk).booked_for_on is None


def test_a_recorded_review_cannot_be_booked(review, record, place):
    record(review)
    with pytest.raises(rules.AlreadyRecorded):
        book(review=review, booked_for_on=TODAY, by=place.people["iro"], at=NOW, on=TODAY)


def test_a_proclaimed_holiday_moves_the_open_dates_and_says_so(review, elsewhere):
    CalendarDay.objects.create(on=date(2026, 8, 20), name="A day of thanks")
    assert redate_open_reviews(authority_id=elsewhere.authority.pk, at=NOW, on=TODAY) == 0
    assert redate_open_reviews(authority_id=review.authority_id, at=NOW, on=TODAY) == 1
    review.refresh_from_db()
    assert review.due_on == date(2026, 9, 2)
    event = BusinessEvent.objects.get(verb="review.redated")
    assert (event.subject_id, event.detail) == (review.pk, {"due_on": "2026-09-02", "was_due_on": "2026-09-01"})
    assert redate_open_reviews(authority_id=review.authority_id, at=NOW, on=TODAY) == 0


def test_what_was_held_is_not_dated_again(review, record):
    record(review, held_on=date(2026, 8, 10))
    CalendarDay.objects.create(on=date(2026, 8, 20), name="A day of thanks")
    redate_open_reviews(authority_id=review.authority_id, at=NOW, on=TODAY)
    assert Review.objects.get(pk=review.pk).due_on == date(2026, 9, 1)


def test_every_rule_has_a_successor_that_is_a_rule():
    for rule in REVIEW_RULES:
        assert review_rule(rules.next_rule(rule.code)).unit


def test_nothing_is_dated_without_a_start():
    empty = dates_for(rule_code=rules.NOT_KNOWN, runs_from_on=None, policy=Policy(), calendar=england())
    assert set(empty.values()) == {None}


@given(start=DAYS, waits=st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_every_chain_runs_from_the_day_held(start, waits):
    calendar, policy = england(), Policy()
    rule, runs_from_on = "FIRST_REVIEW", start
    for wait in waits:
        dates = dates_for(rule_code=rule, runs_from_on=runs_from_on, policy=policy, calendar=calendar)
        assert runs_from_on < dates["due_on"]
        assert dates["book_by_on"] <= dates["last_safe_on"] <= dates["due_on"]
        assert dates["due_soon_on"] <= dates["due_on"]
        assert dates["unbooked_on"] <= dates["due_on"]
        if rule == "FIRST_REVIEW":
            assert calendar.working_days_between(runs_from_on, dates["due_on"]) == 20
        else:
            assert dates["due_on"] == add_months(runs_from_on, 3 if rule == "SECOND_REVIEW" else 6)
        held_on = runs_from_on + timedelta(days=wait)
        rule, runs_from_on = rules.next_rule(rule), held_on
    assert rule == ("SECOND_REVIEW" if len(waits) == 1 else "LATER_REVIEW")
