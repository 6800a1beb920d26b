"""The law's time limits and how they are counted: plain Python, no database, no clock.

`standing.standing` is not brought up here, because its name would hide its own module.
"""

from timescales.ages import age_on, birthday
from timescales.calendar import CalendarAddition, OutsideCalendar, WorkingCalendar, england
from timescales.caseload import RECOMMENDED_CASELOAD, CaseloadGuidance
from timescales.escalations import ACTION_PROMISED, FORMAL_RESOLUTION, STAGE_ANSWER
from timescales.months import add_months
from timescales.records import DECISION_AGREED, DECISIONS_WRITTEN, FIND_LAST, RECORD_COMPLETED, RECORD_DISTRIBUTED
from timescales.reviews import (
    ADOPTION_AFTER_DISRUPTION,
    ADOPTION_FIRST_AFTER_PLACEMENT,
    ADOPTION_FIRST_BEFORE_PLACEMENT,
    ADOPTION_LATER_AFTER_PLACEMENT,
    ADOPTION_LATER_BEFORE_PLACEMENT,
    ADOPTION_SECOND_AFTER_PLACEMENT,
    DISRUPTION_REVIEW_FROM,
    EARLIER_HISTORY,
    EARLIER_HISTORY_NOT_HELD,
    EPISODE_MISSING,
    FIRST_REVIEW,
    LATER_REVIEW,
    NEXT_RULES,
    NOT_KNOWN,
    REVIEW_RULES,
    SECOND_REVIEW,
    SHORT_BREAK_FIRST,
    SHORT_BREAK_LATER,
    START_NOT_RETURNED,
    WHY_NOT_KNOWN,
    YEAR_NOT_READ,
    next_review_rule,
    review_rule,
)
from timescales.rules import Rule, Tier, Unit
from timescales.standing import Standing, days_late
from timescales.workings import BOOKING_BUFFER_WORKING_DAYS, CountedDay, Working, due, due_on

__all__ = [
    "ACTION_PROMISED",
    "ADOPTION_AFTER_DISRUPTION",
    "ADOPTION_FIRST_AFTER_PLACEMENT",
    "ADOPTION_FIRST_BEFORE_PLACEMENT",
    "ADOPTION_LATER_AFTER_PLACEMENT",
    "ADOPTION_LATER_BEFORE_PLACEMENT",
    "ADOPTION_SECOND_AFTER_PLACEMENT",
    "BOOKING_BUFFER_WORKING_DAYS",
    "DECISIONS_WRITTEN",
    "DECISION_AGREED",
    "DISRUPTION_REVIEW_FROM",
    "EARLIER_HISTORY",
    "EARLIER_HISTORY_NOT_HELD",
    "EPISODE_MISSING",
    "FIND_LAST",
    "FIRST_REVIEW",
    "FORMAL_RESOLUTION",
    "LATER_REVIEW",
    "NEXT_RULES",
    "NOT_KNOWN",
    "RECOMMENDED_CASELOAD",
    "RECORD_COMPLETED",
    "RECORD_DISTRIBUTED",
    "REVIEW_RULES",
    "SECOND_REVIEW",
    "SHORT_BREAK_FIRST",
    "SHORT_BREAK_LATER",
    "STAGE_ANSWER",
    "START_NOT_RETURNED",
    "WHY_NOT_KNOWN",
    "YEAR_NOT_READ",
    "CalendarAddition",
    "CaseloadGuidance",
    "CountedDay",
    "OutsideCalendar",
    "Rule",
    "Standing",
    "Tier",
    "Unit",
    "Working",
    "WorkingCalendar",
    "add_months",
    "age_on",
    "birthday",
    "days_late",
    "due",
    "due_on",
    "england",
    "next_review_rule",
    "review_rule",
]
