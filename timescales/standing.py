"""Where a duty is against its date."""

from datetime import date
from enum import StrEnum

from timescales.calendar import WorkingCalendar


class Standing(StrEnum):
    """Where a duty is against its date; this is never the IRO's RAG rating."""

    NOT_KNOWN = "NOT_KNOWN"
    NOT_DUE = "NOT_DUE"
    DUE_SOON = "DUE_SOON"
    OVERDUE = "OVERDUE"
    MET = "MET"
    MET_LATE = "MET_LATE"
    CLOSED = "CLOSED"  # no longer owed, and never met

    @property
    def label(self) -> str:
        """The standing as a screen says it: "met late"."""
        return self.value.lower().replace("_", " ")


def standing(due_on: date | None, met_on: date | None, today: date, due_soon_from: date) -> Standing:
    """Where a duty stands today; the due date itself is still in time.

    Without a due date nothing can be said, met or not: NOT_KNOWN.
    """
    if due_on is None:
        return Standing.NOT_KNOWN
    if met_on is not None:
        return Standing.MET if met_on <= due_on else Standing.MET_LATE
    if today > due_on:
        return Standing.OVERDUE
    return Standing.DUE_SOON if today >= due_soon_from else Standing.NOT_DUE


def days_late(due_on: date, met_on: date, calendar: WorkingCalendar) -> int:
    """Working days after the due date up to and including the day it was met; 0 in time.

    At least 1 when later: a limit missed by a weekend alone is missed all the same. For a duty still
    waiting, give today as the day.
    """
    if met_on <= due_on:
        return 0
    return max(1, calendar.working_days_between(due_on, met_on))
