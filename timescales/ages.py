"""Birthdays and ages."""

from datetime import date

FEBRUARY_29 = (2, 29)


def birthday(dob: date, years: int) -> date:
    """The day a person reaches this age.

    An age is reached at the start of the anniversary (Family Law Reform Act 1969, s. 9). Somebody born on
    29 February has no such day in a common year: it is then 1 March, never the day before.
    """
    year = dob.year + years
    if (dob.month, dob.day) == FEBRUARY_29 and not _is_leap(year):
        return date(year, 3, 1)
    return dob.replace(year=year)


def age_on(dob: date, day: date) -> int:
    """Whole years old on this day; raises ValueError for a day before the birth."""
    if day < dob:
        raise ValueError(f"{day.isoformat()} is before the date of birth.")
    years = day.year - dob.year
    return years if day >= birthday(dob, years) else years - 1


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
