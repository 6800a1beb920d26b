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


@pytest.mark.parametrize(
    ("planned_for_on", "today", "expected"),
    [
        (DUE, date(2027, 2, 21), Standing.NOT_DUE),
        (DUE, SOON, Standing.BOOKED),
        (DUE, DUE, Standing.BOOKED),
        (date(2027, 3, 1), date(2027, 3, 2), Standing.DUE_SOON),  # its day has passed, and it is not recorded
        (date(2027, 3, 15), date(2027, 1, 4), Standing.BOOKED_TOO_LATE),
        (date(2027, 3, 15), date(2027, 3, 15), Standing.OVERDUE),
    ],
)
def test_what_is_planned_in_time_is_no_longer_due_soon(planned_for_on: date, today: date, expected: Standing) -> None:
    assert standing(DUE, None, today, SOON, planned_for_on=planned_for_on) is expected


@pytest.mark.parametrize(
    ("due_on", "rule", "expected"),
    [
        (date(2020, 4, 24), "LATER_REVIEW", Standing.MET_RELAXED),
        (date(2020, 9, 25), "EARLIER_HISTORY_NOT_HELD", Standing.MET_RELAXED),
        (date(2020, 4, 23), "LATER_REVIEW", Standing.MET_LATE),
        (date(2020, 9, 26), "LATER_REVIEW", Standing.MET_LATE),
        (date(2020, 6, 1), "SECOND_REVIEW", Standing.MET_LATE),
    ],
)
def test_six_monthly_reviews_of_the_coronavirus_months_are_in_time(
    due_on: date, rule: str, expected: Standing
) -> None:
    assert standing(due_on, date(2021, 1, 4), date(2021, 2, 1), due_on, rule=rule) is expected


def test_standings_are_said_in_the_services_words() -> None:
    assert [one.label for one in Standing] == [
        "not known",
        "not due",
        "due soon",
        "booked",
        "booked too late",
        "overdue",
        "met",
        "met late",
        "late, in time by the 2020 regulations",
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
