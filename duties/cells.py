"""A duty's standing as screens show it: one word, one colour, one way to say how far off the date is."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from screens.cells import status_tag
from timescales import Standing, WorkingCalendar, days_late
from timescales.standing import standing
from timescales.words import counted

from .kinds import When

COLOURS = {
    Standing.NOT_KNOWN: "info",
    Standing.NOT_DUE: "neutral",
    Standing.DUE_SOON: "warn",
    Standing.BOOKED: "info",
    Standing.BOOKED_TOO_LATE: "bad",
    Standing.OVERDUE: "bad",
    Standing.MET: "good",
    Standing.MET_LATE: "warn",
    Standing.MET_RELAXED: "good",
    Standing.CLOSED: "neutral",
}
NOTICE_COLOURS: Mapping[str, str] = {
    When.OVERDUE: "bad",
    When.PLANNED_LATE: "bad",
    When.DUE_SOON: "warn",
    When.TO_ARRANGE: "info",
}


def title(duty: Any) -> str:
    """What a duty is called: by the review, rung or decision that holds it, which know more than their rule does.

    Fetched as `querysets.HOLDERS` names them, where it is wanted for many.
    """
    if holder := getattr(duty, "review", None) or getattr(duty, "decision", None):
        return str(holder)
    step = getattr(duty, "step", None)
    return f"{duty}: {step.stage.name}" if step else str(duty)


def duty_standing(duty: Any, on: date) -> Standing:
    """Where a duty is against its date that day."""
    if duty.closed_on is not None:
        return Standing.CLOSED
    return standing(
        duty.due_on,
        duty.met_on,
        on,
        duty.due_soon_on or on,
        planned_for_on=duty.planned_for_on,
        rule=duty.rule,
    )


def shown(code: str) -> tuple[str, str]:
    """The standing as a word, and its colour."""
    standing = Standing(code)
    return standing.label.capitalize(), COLOURS[standing]


def standing_tag(code: str) -> SafeString:
    """The standing as a word in its colour."""
    return status_tag(*shown(code))


def standing_word(code: str) -> str:
    """The standing as a word alone: "Met late"."""
    return shown(code)[0]


def notice_tag(words: str, when: str) -> SafeString:
    """What people were told of a duty, in the colour of its moment; a moment of no notice has the plain one."""
    return status_tag(words, NOTICE_COLOURS.get(when, "neutral"))


def how_late(due_on: date, on: date, calendar: WorkingCalendar) -> str:
    """ "3 working days late"."""
    return f"{counted(days_late(due_on, on, calendar), 'working day')} late"


def days_left(due_on: date, on: date, calendar: WorkingCalendar) -> str:
    """Working days up to a due date, or since it: "3 working days left", "due today", "1 working day late"."""
    if due_on < on:
        return how_late(due_on, on, calendar)
    left = calendar.working_days_between(on, due_on)
    return f"{counted(left, 'working day')} left" if left else "due today"
