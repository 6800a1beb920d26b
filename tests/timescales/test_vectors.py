"""Due dates counted by hand and by two other programs, written out."""

from datetime import date

import pytest

from timescales import FIRST_REVIEW, LATER_REVIEW, SECOND_REVIEW, add_months, due, due_on, england

FIRST_REVIEWS = [
    ("2011-04-08", "2011-05-12", "Easter, royal wedding, May Day"),
    ("2011-04-18", "2011-05-20", "Easter, royal wedding, May Day"),
    ("2012-05-10", "2012-06-11", "moved Spring holiday, Diamond Jubilee"),
    ("2012-05-21", "2012-06-20", "moved Spring holiday, Diamond Jubilee"),
    ("2020-04-09", "2020-05-12", "May Day moved to Friday 8 May; Monday 4 May is ordinary"),
    ("2020-04-14", "2020-05-13", "May Day moved to Friday 8 May"),
    ("2021-12-06", "2022-01-06", "three substitute days"),
    ("2021-12-10", "2022-01-12", "three substitute days"),
    ("2022-05-12", "2022-06-13", "moved Spring holiday, Platinum Jubilee"),
    ("2022-05-13", "2022-06-14", "moved Spring holiday, Platinum Jubilee"),
    ("2022-08-22", "2022-09-21", "August holiday, state funeral"),
    ("2023-04-03", "2023-05-04", "Easter, May Day"),
    ("2023-04-06", "2023-05-10", "Easter, May Day, coronation"),
    ("2023-04-21", "2023-05-23", "May Day, coronation"),
    ("2024-03-15", "2024-04-16", "Easter"),
    ("2024-12-06", "2025-01-08", "Christmas, New Year"),
    ("2025-11-01", "2025-11-28", "starts on a Saturday"),
    ("2025-11-02", "2025-11-28", "starts on a Sunday"),
    ("2025-12-12", "2026-01-14", "Christmas, New Year"),
    ("2026-03-12", "2026-04-13", "Easter"),
    ("2026-04-03", "2026-05-05", "starts on Good Friday"),
    ("2026-12-04", "2027-01-06", "substitute Boxing Day"),
    ("2026-12-05", "2027-01-06", "starts on a Saturday, substitute Boxing Day"),
    ("2027-12-03", "2028-01-05", "two substitutes, New Year moved"),
]

MONTHS = [
    ("2025-11-30", 3, "2026-02-28"),
    ("2025-08-31", 6, "2026-02-28"),
    ("2023-08-31", 6, "2024-02-29"),
    ("2026-06-25", 6, "2026-12-25"),
    ("2024-02-29", 6, "2024-08-29"),
    ("2025-10-31", 6, "2026-04-30"),
]


@pytest.mark.parametrize(("start", "expected", "crosses"), FIRST_REVIEWS)
def test_first_review_is_due_on_the_twentieth_working_day(start: str, expected: str, crosses: str) -> None:
    assert due_on(FIRST_REVIEW, date.fromisoformat(start), england()).isoformat() == expected, crosses


@pytest.mark.parametrize(("start", "months", "expected"), MONTHS)
def test_months_end_on_the_corresponding_day_or_the_last_there_is(start: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(start), months).isoformat() == expected


def test_the_second_review_is_due_three_months_after_the_first_even_on_a_saturday() -> None:
    assert due(SECOND_REVIEW, date(2025, 11, 30), england()).due_on == date(2026, 2, 28)


def test_a_later_review_is_due_after_six_months_even_on_christmas_day() -> None:
    assert due(LATER_REVIEW, date(2026, 6, 25), england()).due_on == date(2026, 12, 25)
