"""Birthdays, with the one that most years do not have."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timescales import age_on, birthday


@pytest.mark.parametrize(
    ("dob", "years", "expected"),
    [
        (date(2022, 5, 17), 4, date(2026, 5, 17)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2020, 2, 29), 5, date(2025, 3, 1)),
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(1896, 2, 29), 4, date(1900, 3, 1)),
        (date(2020, 2, 28), 5, date(2025, 2, 28)),
        (date(2020, 3, 1), 4, date(2024, 3, 1)),
    ],
)
def test_a_leap_day_birthday_is_the_first_of_march_in_a_common_year(dob: date, years: int, expected: date) -> None:
    assert birthday(dob, years) == expected


@pytest.mark.parametrize(
    ("dob", "day", "age"),
    [
        (date(2022, 5, 17), date(2026, 5, 16), 3),
        (date(2022, 5, 17), date(2026, 5, 17), 4),
        (date(2022, 5, 17), date(2022, 5, 17), 0),
        (date(2020, 2, 29), date(2025, 2, 28), 4),
        (date(2020, 2, 29), date(2025, 3, 1), 5),
        (date(2020, 2, 29), date(2024, 2, 28), 3),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
    ],
)
def test_an_age_is_reached_on_the_birthday(dob: date, day: date, age: int) -> None:
    assert age_on(dob, day) == age


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before the date of birth"):
        age_on(date(2026, 5, 17), date(2026, 5, 16))


@given(dob=st.dates(date(1990, 1, 1), date(2026, 1, 1)), days=st.integers(0, 9000))
def test_an_age_lasts_from_one_birthday_to_the_day_before_the_next(dob: date, days: int) -> None:
    day = date.fromordinal(dob.toordinal() + days)
    age = age_on(dob, day)
    assert birthday(dob, age) <= day < birthday(dob, age + 1)
