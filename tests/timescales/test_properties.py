"""What holds for any date and any count."""

from calendar import monthrange
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timescales import (
    FIRST_REVIEW,
    REVIEW_RULES,
    CalendarAddition,
    Rule,
    Unit,
    add_months,
    due,
    due_on,
    england,
)

DATES = st.dates(date(1995, 1, 1), date(2045, 12, 31))
COUNTS = st.integers(0, 120)
ADDITIONS = st.lists(
    st.builds(CalendarAddition, on=DATES, name=st.just("Local"), is_working=st.booleans()), max_size=5
)


@given(start=DATES, n=COUNTS, additions=ADDITIONS)
def test_between_undoes_adding_and_subtracting(start: date, n: int, additions: list[CalendarAddition]) -> None:
    calendar = england(additions)
    assert calendar.working_days_between(start, calendar.add_working_days(start, n)) == n
    assert calendar.working_days_between(start, calendar.subtract_working_days(start, n)) == -n


@given(start=DATES, n=COUNTS)
def test_from_a_working_day_subtracting_undoes_adding(start: date, n: int) -> None:
    calendar = england()
    first = calendar.last_working_day_on_or_before(start)
    assert calendar.subtract_working_days(calendar.add_working_days(first, n), n) == first


@given(one=DATES, other=DATES, n=COUNTS)
def test_a_later_start_never_ends_earlier(one: date, other: date, n: int) -> None:
    earlier, later = sorted((one, other))
    assert england().add_working_days(earlier, n) <= england().add_working_days(later, n)
    assert england().subtract_working_days(earlier, n) <= england().subtract_working_days(later, n)


@given(start=DATES, n=st.integers(1, 120))
def test_a_count_ends_on_a_working_day_after_its_start(start: date, n: int) -> None:
    calendar = england()
    assert calendar.is_working_day(calendar.add_working_days(start, n))
    assert calendar.subtract_working_days(start, n) < start < calendar.add_working_days(start, n)


@given(start=DATES, n=st.integers(1, 60), on=DATES)
def test_one_more_holiday_never_brings_a_limit_forward(start: date, n: int, on: date) -> None:
    proclaimed = CalendarAddition(on=on, name="Proclaimed", is_working=False)
    assert england([proclaimed]).add_working_days(start, n) >= england().add_working_days(start, n)


@given(start=DATES, additions=ADDITIONS)
def test_every_day_of_a_working_is_counted_or_explained(start: date, additions: list[CalendarAddition]) -> None:
    calendar = england(additions)
    working = due(FIRST_REVIEW, start, calendar)
    counted = [day for day in working.days if day.number is not None]
    assert [day.number for day in counted] == list(range(1, 21))
    assert all(calendar.is_working_day(day.on) and day.reason is None for day in counted)
    skipped = [day for day in working.days if day.number is None]
    assert all(day.reason and day.reason == calendar.why_not_working(day.on) for day in skipped)
    assert start not in {day.on for day in working.days}
    assert working.days[-1].on == working.due_on


@given(rule=st.sampled_from(REVIEW_RULES), start=DATES, buffer=st.integers(0, 15))
def test_the_days_to_aim_for_are_working_days_in_time(rule: Rule, start: date, buffer: int) -> None:
    calendar = england()
    working = due(rule, start, calendar, booking_buffer_days=buffer)
    assert working.due_on == due_on(rule, start, calendar)
    assert working.book_by_on <= working.last_safe_on <= working.due_on
    assert calendar.is_working_day(working.last_safe_on)
    assert calendar.is_working_day(working.book_by_on)
    assert (working.due_on_is is None) is (working.last_safe_on == working.due_on)
    assert bool(working.days) is (rule.unit is Unit.WORKING_DAYS)


@given(day=DATES, n=st.integers(-60, 60))
def test_months_end_on_the_corresponding_day_and_never_past_it(day: date, n: int) -> None:
    end = add_months(day, n)
    assert (end.year - day.year) * 12 + end.month - day.month == n
    assert end.day == min(day.day, monthrange(end.year, end.month)[1])


def test_months_are_not_counted_from_a_moment() -> None:
    with pytest.raises(TypeError, match="not moments"):
        add_months(datetime(2026, 1, 31, 9, 0), 3)
