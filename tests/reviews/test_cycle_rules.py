"""Where a review stands in its cycle."""

from datetime import date

import pytest

from reviews.cycle_rules import (
    EARLIER_HISTORY,
    EPISODE_MISSING,
    START_NOT_RETURNED,
    YEAR_NOT_READ,
    Gap,
    Held,
    History,
    Place,
    care_places,
    gaps_of_years,
    short_break_places,
)
from timescales import england

CALENDAR = england()
HISTORY = History(date(2017, 4, 1))
HELD = [Held(date(2017, 7, 3)), Held(date(2017, 10, 2)), Held(date(2018, 3, 28))]


def places(began: date, held: list[Held], history: History = HISTORY, *, is_start_known: bool = True) -> list[Place]:
    return care_places(began, held, history, CALENDAR, is_start_known=is_start_known)


def not_known(why: str, cycle: str = "CARE") -> Place:
    return Place("NOT_KNOWN", None, None, cycle, why)


def test_care_within_the_history_is_a_chain_from_the_first_review():
    assert places(date(2017, 6, 5), HELD) == [
        Place("FIRST_REVIEW", date(2017, 6, 5), 1),
        Place("SECOND_REVIEW", date(2017, 7, 3), 2),
        Place("LATER_REVIEW", date(2017, 10, 2), 3),
        Place("LATER_REVIEW", date(2018, 3, 28), 4),
    ]


@pytest.mark.parametrize("began", [date(2015, 1, 5), date(2017, 3, 31)])
def test_care_before_the_history_without_a_review_is_not_known(began):
    assert places(began, []) == [not_known(EARLIER_HISTORY)]


@pytest.mark.parametrize("began", [date(2015, 1, 5), date(2017, 3, 31)])
def test_care_before_the_history_is_due_six_months_after_the_last_review_seen_and_marked(began):
    assert places(began, HELD[:2]) == [
        not_known(EARLIER_HISTORY),
        Place("EARLIER_HISTORY_NOT_HELD", date(2017, 7, 3), None),
        Place("EARLIER_HISTORY_NOT_HELD", date(2017, 10, 2), None),
    ]


def test_a_start_that_was_not_returned_starts_no_clock():
    assert places(date(2017, 6, 5), HELD[:1], is_start_known=False) == [
        not_known(START_NOT_RETURNED),
        Place("EARLIER_HISTORY_NOT_HELD", date(2017, 7, 3), None),
    ]


def test_a_year_left_out_hides_what_came_before_the_next_review_seen():
    history = History(date(2017, 4, 1), gaps_of_years([2019], date(2020, 3, 31)))
    assert places(date(2017, 6, 5), [*HELD[:2], Held(date(2019, 6, 3))], history)[2:] == [
        not_known(YEAR_NOT_READ),
        Place("EARLIER_HISTORY_NOT_HELD", date(2019, 6, 3), None),
    ]
    assert places(date(2017, 6, 5), HELD[:2], history)[-1] == not_known(YEAR_NOT_READ)
    assert places(date(2019, 6, 3), HELD[:0], history) == [Place("FIRST_REVIEW", date(2019, 6, 3), 1)]


@pytest.mark.parametrize("read_to_on, is_known", [(date(2018, 1, 31), False), (date(2017, 6, 30), True)])
def test_in_the_newest_year_read_without_reviews_only_what_fell_due_by_then_is_in_doubt(read_to_on, is_known):
    history = History(date(2016, 4, 1), gaps_of_years([2018], read_to_on))
    assert (places(date(2017, 6, 5), [], history)[-1].rule == "FIRST_REVIEW") is is_known


def test_a_review_recorded_here_is_not_in_doubt():
    history = History(date(2017, 4, 1), (Gap(date(2017, 8, 1), date(2017, 9, 1), EPISODE_MISSING),))
    held = [Held(date(2017, 7, 3)), Held(date(2017, 10, 2), "SECOND_REVIEW", 2)]
    assert [place.rule for place in places(date(2017, 6, 5), held, history)] == [
        "FIRST_REVIEW", "SECOND_REVIEW", "LATER_REVIEW",
    ]  # fmt: skip


def test_an_extra_review_soon_after_the_first_leaves_the_second_its_three_months():
    held = [Held(date(2025, 4, 28)), Held(date(2025, 5, 15)), Held(date(2025, 7, 28))]
    second = date(2025, 4, 28)
    assert places(date(2025, 4, 7), held) == [
        Place("FIRST_REVIEW", date(2025, 4, 7), 1),
        Place("SECOND_REVIEW", second, None),
        Place("SECOND_REVIEW", second, 2),
        Place("LATER_REVIEW", date(2025, 7, 28), 3),
    ]


def test_a_review_the_iro_recorded_as_the_second_is_the_second():
    held = [Held(date(2025, 4, 28)), Held(date(2025, 5, 15), "SECOND_REVIEW", 2)]
    assert places(date(2025, 4, 7), held)[-1] == Place("LATER_REVIEW", date(2025, 5, 15), 3)


def test_after_a_review_recorded_here_the_rule_follows_the_one_it_was_due_under():
    held = [Held(date(2017, 7, 3)), Held(date(2017, 10, 2), "EARLIER_HISTORY_NOT_HELD")]
    assert places(date(2015, 1, 5), held)[-1].rule == "LATER_REVIEW"


def test_short_breaks_are_due_after_three_months_then_every_six():
    began = date(2017, 6, 5)
    assert short_break_places(began, HELD[:1], HISTORY, CALENDAR) == [
        Place("SHORT_BREAK_FIRST", began, 1, "SHORT_BREAK"),
        Place("SHORT_BREAK_LATER", date(2017, 7, 3), 2, "SHORT_BREAK"),
    ]
    assert short_break_places(date(2016, 6, 5), [], HISTORY, CALENDAR) == [not_known(EARLIER_HISTORY, "SHORT_BREAK")]
