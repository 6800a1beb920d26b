"""Every day against a second calendar, written from the holiday law and counted another way."""

from bisect import bisect_right
from datetime import date, timedelta

import pytest
from dateutil.easter import easter

from timescales import FIRST_REVIEW, due_on, england

DAY = timedelta(days=1)
MOVED = {
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}
PROCLAIMED = {date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}


def monday_on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def kept_holidays(year: int) -> set[date]:
    """Weekday holidays of one year: a fixed one on a weekend is kept on the next free weekday."""
    kept = {easter(year) - 2 * DAY, easter(year) + DAY}
    mondays = (date(year, 5, 1), date(year, 5, 25), date(year, 8, 25))
    kept |= {MOVED.get(monday_on_or_after(day), monday_on_or_after(day)) for day in mondays}
    fixed = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    kept |= {day for day in fixed if day.weekday() < 5}
    for day in (day for day in fixed if day.weekday() >= 5):
        while day.weekday() >= 5 or day in kept:
            day += DAY
        kept.add(day)
    return kept


def every_day(first: date, last: date) -> list[date]:
    return [first + ahead * DAY for ahead in range((last - first).days + 1)]


@pytest.fixture(scope="module")
def working_days() -> list[date]:
    kept = PROCLAIMED.union(*(kept_holidays(year) for year in range(2010, 2051)))
    days = every_day(date(2010, 1, 1), date(2050, 12, 31))
    return [day for day in days if day.weekday() < 5 and day not in kept]


def test_every_day_for_forty_years_is_or_is_not_a_working_day(working_days: list[date]) -> None:
    ours = [day for day in every_day(date(2010, 1, 1), date(2050, 12, 31)) if england().is_working_day(day)]
    assert ours == working_days


def test_first_reviews_from_every_day_of_twenty_years(working_days: list[date]) -> None:
    wrong = [
        start
        for start in every_day(date(2020, 1, 1), date(2040, 12, 31))
        if due_on(FIRST_REVIEW, start, england()) != working_days[bisect_right(working_days, start) + 19]
    ]
    assert wrong == []


def test_twenty_working_days_are_not_four_weeks() -> None:
    spans = {
        (due_on(FIRST_REVIEW, start, england()) - start).days
        for start in every_day(date(2010, 1, 1), date(2030, 12, 31))
    }
    assert (min(spans), max(spans)) == (26, 34)
