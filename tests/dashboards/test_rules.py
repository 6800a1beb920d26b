"""Periods, shares and bands."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import rules

DAYS = st.dates(min_value=date(1991, 1, 1), max_value=date(2049, 12, 31))


@pytest.mark.parametrize(
    "today, first, last",
    [
        (date(2026, 11, 21), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2027, 1, 1), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 4, 1), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_last_quarter_is_the_whole_one_before(today, first, last):
    period = rules.last_quarter(today)
    assert (period.first, period.last) == (first, last)


@given(DAYS)
def test_quarters_follow_each_other_without_a_gap(today):
    before, now = rules.last_quarter(today), rules.this_quarter(today)
    assert before.last + rules.ONE_DAY == now.first <= today == now.last


@given(DAYS)
def test_the_year_begins_on_the_first_of_april(today):
    start = rules.year_start(today)
    assert (start.month, start.day) == (4, 1)
    assert 0 <= (today - start).days < 366


@given(DAYS, st.integers(1, 24))
def test_month_ends_are_in_order_and_end_with_the_day(last, count):
    ends = rules.month_ends(last, count)
    assert len(ends) == count
    assert ends == sorted(set(ends))
    assert ends[-1] == last


@pytest.mark.parametrize(
    "numerator, denominator, text",
    [
        (0, 0, "none"),
        (96, 104, "92%"),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (449, 450, "99%"),
        (1, 450, "1%"),
        (1, 2, "50%"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_to_none(numerator, denominator, text):
    assert rules.share(numerator, denominator) == text


@given(st.integers(1, 400))
def test_every_number_of_days_late_is_in_exactly_one_band(days):
    assert sum(band.holds(days) for band in rules.BANDS) == 1


def test_the_middle_and_the_longest_in_words():
    assert rules.middle_and_longest([1]) == "median 1, longest 1 working day"
    assert rules.middle_and_longest([1, 2, 9]) == "median 2, longest 9 working days"
    assert rules.middle_and_longest([]) == "none"
