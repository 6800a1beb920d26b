"""Periods, shares and bands."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import rules
from timescales.refusals import Refused

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


@given(DAYS)
def test_last_year_is_the_whole_one_before_and_this_year_runs_to_today(today):
    before, now = rules.last_year(today), rules.year_to_date(today)
    assert (before.first.month, before.first.day, before.last.month, before.last.day) == (4, 1, 3, 31)
    assert before.last + rules.ONE_DAY == now.first <= today == now.last
    assert 365 <= (now.first - before.first).days <= 366


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
        (402, 511, "78.7%"),
        (96, 104, "92.3%"),
        (0, 7, "0.0%"),
        (7, 7, "100.0%"),
        (4499, 4500, "99.9%"),
        (1, 4500, "0.1%"),
        (1, 2, "50.0%"),
        (1, 16, "6.3%"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_to_none(numerator, denominator, text):
    assert rules.share(numerator, denominator) == text


@given(st.integers(1, 100_000), st.data())
def test_only_all_reads_a_hundred_and_only_none_reads_nothing(denominator, data):
    numerator = data.draw(st.integers(0, denominator))
    found = rules.percentage(numerator, denominator)
    assert found is not None
    assert (found == 100) == (numerator == denominator)
    assert (found == 0) == (numerator == 0)
    assert abs(found - 100 * numerator / denominator) <= 0.1


@pytest.mark.parametrize(
    "year, first, last, period",
    [
        ("2017-18", None, None, (date(2017, 4, 1), date(2018, 3, 31))),
        ("1999-00", None, None, (date(1999, 4, 1), date(2000, 3, 31))),
        ("2026-27", None, None, (date(2026, 4, 1), date(2027, 3, 31))),
        (None, "2026-07-01", "2026-08-17", (date(2026, 7, 1), date(2026, 8, 17))),
    ],
)
def test_a_year_or_two_days_name_a_period(year, first, last, period):
    found = rules.period_asked(year=year, first=first, last=last, today=date(2026, 8, 17))
    assert (found.first, found.last) == period


@pytest.mark.parametrize(
    "year, first, last, message, field",
    [
        (None, None, None, "Give either a year", "from"),
        (None, "2026-07-01", None, "Give either a year", "from"),
        ("2017-18", "2026-07-01", "2026-07-02", "Give either a year", "year"),
        ("2017-19", None, None, "2017-19 is not a year", "year"),
        ("last", None, None, "last is not a year", "year"),
        ("1066-67", None, None, "before 1990", "year"),
        ("0000-01", None, None, "before 1990", "year"),
        ("9999-00", None, None, "has not begun", "year"),
        ("2027-28", None, None, "has not begun", "year"),
        (None, "2026-02-31", "2026-07-02", "2026-02-31 is not a date", "from"),
        (None, "2026-07-01", "", " is not a date", "to"),
        (None, "2026-07-02", "2026-07-01", "the first day or later", "to"),
        (None, "2026-07-02", "2026-08-18", "today or in the past", "to"),
        (None, "1989-12-31", "1990-01-01", "1990 or later", "from"),
        (None, "2001-07-02", "2026-07-01", "within ten years", "to"),
    ],
)
def test_a_period_that_cannot_be_is_refused_by_name(year, first, last, message, field):
    with pytest.raises(Refused, match=message) as refused:
        rules.period_asked(year=year, first=first, last=last, today=date(2026, 8, 17))
    assert refused.value.field == field


@given(st.integers(1, 400))
def test_every_number_of_days_late_is_in_exactly_one_band(days):
    assert sum(band.holds(days) for band in rules.BANDS) == 1


def test_the_middle_and_the_longest_in_words():
    assert rules.middle_and_longest([1]) == "median 1, longest 1 working day"
    assert rules.middle_and_longest([1, 2, 9]) == "median 2, longest 9 working days"
    assert rules.middle_and_longest([]) == "none"
