"""Where a duty is against its date."""

from datetime import date
from enum import StrEnum

from timescales.calendar import WorkingCalendar

# Six-monthly reviews whose date fell in these months count as in time however late they were.
# Source: Adoption and Children (Coronavirus) (Amendment) Regulations 2020 (SI 2020/445).
RELAXED_FROM, RELAXED_TO = date(2020, 4, 24), date(2020, 9, 25)
RELAXED_RULES = ("LATER_REVIEW", "EARLIER_HISTORY_NOT_HELD")


class Standing(StrEnum):
    """Where a duty is against its date; this is never the IRO's RAG rating."""

    NOT_KNOWN = "NOT_KNOWN"
    NOT_DUE = "NOT_DUE"
    DUE_SOON = "DUE_SOON"
    BOOKED = "BOOKED"  # it would be due soon, and is planned in time
    BOOKED_TOO_LATE = "BOOKED_TOO_LATE"
    OVERDUE = "OVERDUE"
    MET = "MET"
    MET_LATE = "MET_LATE"
    MET_RELAXED = "MET_RELAXED"  # late, and in time by the coronavirus regulations
    CLOSED = "CLOSED"  # no longer owed, and never met

    @property
    def label(self) -> str:
        """The standing as a screen says it: "met late"."""
        if self is Standing.MET_RELAXED:
            return "late, in time by the 2020 regulations"
        return self.value.lower().replace("_", " ")


def is_relaxed(due_on: date, rule: str) -> bool:
    """Whether a review due that day under this rule is in time however late, by the coronavirus regulations."""
    return rule in RELAXED_RULES and RELAXED_FROM <= due_on <= RELAXED_TO


def standing(
    due_on: date | None,
    met_on: date | None,
    today: date,
    due_soon_from: date,
    *,
    planned_for_on: date | None = None,
    rule: str = "",
) -> Standing:
    """Where a duty stands today; the due date itself is still in time.

    Without a due date nothing can be said, met or not: NOT_KNOWN. One planned for a day in time is no longer due
    soon, until that day has passed.
    """
    if due_on is None:
        return Standing.NOT_KNOWN
    if met_on is not None:
        return _met(due_on, met_on, rule)
    if today > due_on:
        return Standing.OVERDUE
    if planned_for_on and planned_for_on > due_on:
        return Standing.BOOKED_TOO_LATE
    if today < due_soon_from:
        return Standing.NOT_DUE
    return Standing.BOOKED if planned_for_on and planned_for_on >= today else Standing.DUE_SOON


def _met(due_on: date, met_on: date, rule: str) -> Standing:
    if met_on <= due_on:
        return Standing.MET
    return Standing.MET_RELAXED if is_relaxed(due_on, rule) else Standing.MET_LATE


def days_late(due_on: date, met_on: date, calendar: WorkingCalendar) -> int:
    """Working days after the due date up to and including the day it was met; 0 in time.

    At least 1 when later: a limit missed by a weekend alone is missed all the same. For a duty still
    waiting, give today as the day.
    """
    if met_on <= due_on:
        return 0
    return max(1, calendar.working_days_between(due_on, met_on))
