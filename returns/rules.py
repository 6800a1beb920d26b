"""The year a return is of."""

from datetime import date


def year_starts_on(year: int) -> date:
    """The first day of the return's year: 1 April of the year before."""
    return date(year - 1, 4, 1)


def year_ends_on(year: int) -> date:
    """The last day of the return's year: 31 March."""
    return date(year, 3, 31)
