"""Where a review stands in its cycle."""

from datetime import date

import pytest

from reviews.cycle_rules import Held, Place, care_places, is_first_review_seen, short_break_places
from timescales import england

CALENDAR = england()
HISTORY = date(2017, 4, 1)
HELD = [Held(date(2017, 7, 3)), Held(date(2017, 10, 2)), Held(date(2018, 3, 28))]


def test_care_within_the_history_is_a_chain_from_the_first_review():
    places = care_places(date(2017, 6, 5), HELD, HISTORY, CALENDAR)
    assert places == [
        Place("FIRST_REVIEW", date(2017, 6, 5), 1),
        Place("SECOND_REVIEW", date(2017, 7, 3), 2),
        Place("LATER_REVIEW", date(2017, 10, 2), 3),
        Place("LATER_REVIEW", date(2018, 3, 28), 4),
    ]


def test_care_before_the_history_without_a_review_is_not_known():
    for began in (date(2015, 1, 5), date(2017, 3, 31)):
        assert care_places(began, [], HISTORY, CALENDAR) == [Place("NOT_KNOWN", None, None)]


def test_care_before_the_history_with_reviews_is_due_six_months_after_the_last_and_marked():
    assert care_places(date(2015, 1, 5), HELD[:2], HISTORY, CALENDAR) == [
        Place("NOT_KNOWN", None, None),
        Place("EARLIER_HISTORY_NOT_HELD", date(2017, 7, 3), None),
        Place("EARLIER_HISTORY_NOT_HELD", date(2017, 10, 2), None),
    ]


@pytest.mark.parametrize(
    "began, expected",
    [
        (date(2017, 4, 1), True),
        (date(2017, 3, 31), True),
        (date(2017, 3, 6), True),  # Tuesday 7 to Friday 31 March: 19 working days
        (date(2017, 3, 5), False),  # a Sunday: Monday 6 March is the first of 20
        (date(2017, 3, 3), False),
        (date(2016, 3, 3), False),
    ],
)
def test_the_first_review_seen_is_the_first_where_care_began_under_20_working_days_before(began, expected):
    assert is_first_review_seen(began, HISTORY, CALENDAR) is expected


def test_care_just_before_the_history_is_a_chain_from_its_first_review():
    began = date(2017, 3, 20)
    assert care_places(began, HELD[:1], HISTORY, CALENDAR) == [
        Place("FIRST_REVIEW", began, 1),
        Place("SECOND_REVIEW", date(2017, 7, 3), 2),
    ]


def test_after_a_review_recorded_here_the_rule_follows_the_one_it_was_due_under():
    held = [Held(date(2017, 7, 3)), Held(date(2017, 10, 2), "EARLIER_HISTORY_NOT_HELD")]
    assert care_places(date(2015, 1, 5), held, HISTORY, CALENDAR)[-1].rule == "LATER_REVIEW"


def test_short_breaks_are_due_after_three_months_then_every_six():
    began = date(2017, 6, 5)
    assert short_break_places(began, HELD[:1], HISTORY) == [
        Place("SHORT_BREAK_FIRST", began, 1),
        Place("SHORT_BREAK_LATER", date(2017, 7, 3), 2),
    ]
    assert short_break_places(date(2016, 6, 5), [], HISTORY) == [Place("NOT_KNOWN", None, None)]
