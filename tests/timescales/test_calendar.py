"""Which days are working days in England, and how they are counted."""

import subprocess
import sys
from datetime import date, datetime

import pytest
from dateutil.easter import easter
from dateutil.relativedelta import MO, relativedelta
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]

from timescales import CalendarAddition, OutsideCalendar, england

FUNERAL = CalendarAddition(on=date(2026, 9, 21), name="Day of mourning", is_working=False)
MAY_DAY_WITHDRAWN = CalendarAddition(on=date(2026, 5, 4), name="May Day moved", is_working=True)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 12, 24), None),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 26), "Saturday"),
        (date(2026, 12, 27), "Sunday"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
        (date(2026, 12, 29), None),
        (date(2027, 1, 1), "New Year's Day"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2020, 5, 4), None),
        (date(2020, 5, 8), "May Day"),
    ],
)
def test_says_why_a_day_is_not_a_working_day(day: date, reason: str | None) -> None:
    assert england().why_not_working(day) == reason
    assert england().is_working_day(day) is (reason is None)


@pytest.mark.parametrize("year", range(1990, 2051))
def test_the_holidays_of_england_alone_are_there(year: int) -> None:
    easter_monday = easter(year) + relativedelta(days=1)
    last_monday_of_august = date(year, 8, 31) + relativedelta(weekday=MO(-1))
    assert england().why_not_working(easter_monday) == "Easter Monday"
    assert england().why_not_working(last_monday_of_august) == "Late Summer Bank Holiday"


def test_the_holidays_of_other_nations_are_not_there() -> None:
    battle_of_the_boyne, second_of_january, st_andrew = (
        date(2027, 7, 12),
        date(2026, 1, 2),
        date(2026, 11, 30),
    )
    assert all(england().is_working_day(day) for day in (battle_of_the_boyne, second_of_january, st_andrew))


def test_agrees_with_the_published_list_in_every_year_it_covers() -> None:
    published = {
        holiday["date"]
        for holiday in BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales")
    }
    years = {day.year for day in published}
    assert len(published) > 100
    ours = {day for day in england().holidays if day.year in years and day.weekday() < 5}
    assert ours == published


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 12, 4), date(2026, 12, 4), 0),
        (date(2026, 12, 4), date(2026, 12, 6), 0),
        (date(2026, 12, 4), date(2026, 12, 7), 1),
        (date(2026, 12, 5), date(2026, 12, 7), 1),
        (date(2026, 12, 24), date(2026, 12, 29), 1),
        (date(2026, 12, 29), date(2026, 12, 24), -1),
        (date(2026, 12, 7), date(2026, 12, 5), 0),
        (date(2026, 12, 7), date(2026, 12, 4), -1),
    ],
)
def test_counts_the_days_between_without_the_start(start: date, end: date, days: int) -> None:
    assert england().working_days_between(start, end) == days


def test_day_nought_is_the_start_whatever_day_it_is() -> None:
    saturday = date(2026, 12, 5)
    assert england().add_working_days(saturday, 0) == saturday
    assert england().subtract_working_days(saturday, 0) == saturday


def test_the_last_working_day_is_the_day_itself_or_the_nearest_before() -> None:
    assert england().last_working_day_on_or_before(date(2026, 12, 24)) == date(2026, 12, 24)
    assert england().last_working_day_on_or_before(date(2026, 12, 28)) == date(2026, 12, 24)


def test_a_proclaimed_day_moves_the_count() -> None:
    calendar = england([FUNERAL])
    assert calendar.why_not_working(FUNERAL.on) == "Day of mourning"
    assert england().add_working_days(date(2026, 9, 18), 20) == date(2026, 10, 16)
    assert calendar.add_working_days(date(2026, 9, 18), 20) == date(2026, 10, 19)
    assert calendar.added == {FUNERAL.on: "Day of mourning"}
    assert calendar.removed == frozenset()


def test_a_withdrawn_day_counts_again() -> None:
    calendar = england([MAY_DAY_WITHDRAWN])
    assert calendar.is_working_day(date(2026, 5, 4))
    assert calendar.add_working_days(date(2026, 5, 1), 1) == date(2026, 5, 4)
    assert calendar.removed == {date(2026, 5, 4)}
    assert calendar.added == {}


def test_the_later_of_two_additions_for_one_day_counts() -> None:
    back_again = CalendarAddition(on=FUNERAL.on, name="Cancelled", is_working=True)
    assert england([FUNERAL]).with_additions([back_again]).is_working_day(FUNERAL.on)
    assert not england([back_again, FUNERAL]).is_working_day(FUNERAL.on)


def test_no_addition_makes_a_weekend_work() -> None:
    saturday = CalendarAddition(on=date(2026, 12, 5), name="Open day", is_working=True)
    assert england([saturday]).why_not_working(saturday.on) == "Saturday"


def test_one_authoritys_additions_never_reach_another() -> None:
    england([FUNERAL])
    assert england().is_working_day(FUNERAL.on)
    assert england([FUNERAL]) == england([FUNERAL]) != england()
    assert hash(england([FUNERAL])) == hash(england([FUNERAL]))


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2051, 1, 1)])
def test_a_date_outside_the_years_held_is_refused_in_words(day: date) -> None:
    with pytest.raises(OutsideCalendar, match="covers 1990 to 2050") as refused:
        england().is_working_day(day)
    assert refused.value.day == day
    for count in (england().add_working_days, england().subtract_working_days):
        with pytest.raises(OutsideCalendar):
            count(day, 0)
    with pytest.raises(OutsideCalendar):
        england().working_days_between(day, day)


def test_a_count_that_runs_out_of_the_years_held_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        england().add_working_days(date(2050, 12, 20), 20)
    with pytest.raises(OutsideCalendar):
        england().subtract_working_days(date(1990, 1, 10), 20)
    with pytest.raises(OutsideCalendar):
        england().working_days_between(date(2050, 12, 20), date(2051, 1, 20))


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        england().add_working_days(date(2026, 12, 4), -1)
    with pytest.raises(ValueError, match="cannot be negative"):
        england().subtract_working_days(date(2026, 12, 4), -1)


def test_a_moment_is_refused_because_no_holiday_would_ever_match_it() -> None:
    christmas = datetime(2026, 12, 25, 9, 30)
    with pytest.raises(TypeError, match="not moments"):
        england().is_working_day(christmas)
    with pytest.raises(TypeError, match="not moments"):
        england().add_working_days(christmas, 1)


def test_needs_no_django() -> None:
    subprocess.run([sys.executable, "-c", "import sys, timescales; sys.exit('django' in sys.modules)"], check=True)
