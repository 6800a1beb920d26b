"""The stored dates of a review: worked out once, from its place in the cycle, the policy and the calendar."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from authorities.models import CalendarDay, Policy
from timescales import Rule, Unit, Working, WorkingCalendar, due, review_rule

from .. import rules
from ..cycle_rules import Place

STORED_DATES = ("due_on", "last_safe_on", "book_by_on", "due_soon_on", "unbooked_on")


def dates_for(
    *, rule_code: str, runs_from_on: date | None, policy: Policy, calendar: WorkingCalendar
) -> dict[str, date | None]:
    """The stored dates (STORED_DATES) of a review due under a rule that runs from this day.

    All are None for NOT_KNOWN or without a start. Pure, so that thousands of rows can be dated with one policy
    and one calendar. The policy's margins are working days. Raises KeyError for an unknown rule, OutsideCalendar.
    """
    if rule_code == rules.NOT_KNOWN or runs_from_on is None:
        return dict.fromkeys(STORED_DATES)
    rule = review_rule(rule_code)
    working = due(rule, runs_from_on, calendar, policy.booking_buffer_days)
    return {
        "due_on": working.due_on,
        "last_safe_on": working.last_safe_on,
        "book_by_on": working.book_by_on,
        **_margins(rule, working, policy, calendar),
    }


def _margins(rule: Rule, working: Working, policy: Policy, calendar: WorkingCalendar) -> dict[str, date]:
    """From when it is due soon, and from when it should have been booked; never after the last lawful day."""
    if rule.unit is Unit.CALENDAR_MONTHS:
        return {
            "due_soon_on": calendar.subtract_working_days(working.due_on, policy.later_due_soon_days),
            "unbooked_on": calendar.subtract_working_days(working.due_on, policy.later_unbooked_before_days),
        }
    unbooked_on = calendar.add_working_days(working.start, policy.first_unbooked_after_days)
    return {
        "due_soon_on": calendar.subtract_working_days(working.due_on, policy.first_due_soon_days),
        "unbooked_on": min(unbooked_on, working.due_on),
    }


@dataclass
class Dating:
    """What dates an authority's reviews: its policy and the calendar, read once for however many."""

    policy: Policy
    calendar: WorkingCalendar
    known: dict[tuple[str, date | None], dict[str, date | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, authority_id: int, on: date) -> Self:
        """The policy in force that day, and the calendar; two queries."""
        return cls(Policy.objects.in_force(authority_id, on), CalendarDay.objects.working_calendar())

    def fields(self, place: Place) -> dict[str, Any]:
        """The fields of a review in this place of its cycle. Raises OutsideCalendar."""
        return {
            "rule": place.rule,
            "runs_from_on": place.runs_from_on,
            "number": place.number,
            **self.dates(place.rule, place.runs_from_on),
        }

    def dates(self, rule: str, runs_from_on: date | None) -> dict[str, date | None]:
        """The stored dates of a review due under a rule that runs from this day, worked out once for each pair."""
        key = (rule, runs_from_on)
        if key not in self.known:
            self.known[key] = dates_for(
                rule_code=rule, runs_from_on=runs_from_on, policy=self.policy, calendar=self.calendar
            )
        return self.known[key]
