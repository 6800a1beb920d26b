"""Where a duty is against its date, and how late."""

from datetime import date

import pytest

from timescales import Standing, days_late, england
from timescales.standing import standing

DUE = date(2027, 3, 14)  # a Sunday
SOON = date(2027, 2, 22)


@pytest.mark.parametrize(
    ("due_on", "met_on", "today", "expected"),
    [
        (None, None, date(2027, 3, 1), Standing.NOT_KNOWN),
        (None, date(2027, 3, 1), date(2027, 3, 1), Standing.NOT_KNOWN),
        (DUE, None, date(2027, 2, 21), Standing.NOT_DUE),
        (DUE, None, SOON, Standing.DUE_SOON),
        (DUE, None, DUE, Standing.DUE_SOON),
        (DUE, None, date(2027, 3, 15), Standing.OVERDUE),
        (DUE, DUE, date(2027, 4, 1), Standing.MET),
        (DUE, date(2027, 1, 5), date(2027, 1, 5), Standing.MET),
        (DUE, date(2027, 3, 15), date(2027, 4, 1), Standing.MET_LATE),
    ],
)
def test_standing(due_on: date | None, met_on: date | None, today: date, expected: Standing) -> None:
    assert standing(due_on, met_on, today, due_soon_from=SOON) is expected


def test_standings_are_said_in_the_services_words() -> None:
    assert [one.label for one in Standing] == [
        "not known",
        "not due",
        "due soon",
        "overdue",
        "met",
        "met late",
        "closed",
    ]


@pytest.mark.parametrize(
    ("due_on", "met_on", "late"),
    [
        (date(2026, 12, 24), date(2026, 12, 23), 0),
        (date(2026, 12, 24), date(2026, 12, 24), 0),
        (date(2026, 12, 24), date(2026, 12, 26), 1),
        (date(2026, 12, 24), date(2026, 12, 29), 1),
        (date(2026, 12, 24), date(2026, 12, 30), 2),
        (date(2027, 3, 14), date(2027, 3, 15), 1),
        (date(2027, 3, 12), date(2027, 3, 22), 6),
    ],
)
def test_days_late_are_working_days_and_at_least_one(due_on: date, met_on: date, late: int) -> None:
    assert days_late(due_on, met_on, england()) == late
