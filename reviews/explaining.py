"""What is to be written after a review, and how late one was; nothing is changed by asking."""

from authorities.models import CalendarDay
from timescales import DECISIONS_WRITTEN, RECORD_COMPLETED, RECORD_DISTRIBUTED, Working, days_late, due

from .models import Review


def papers_after(*, review: Review) -> list[Working]:
    """What is to be written and sent after a review, each with its last day counted from the day it was held.

    Source: IRO Handbook 2010, ch. 3.
    """
    assert review.held_on is not None
    calendar = CalendarDay.objects.working_calendar()
    return [due(rule, review.held_on, calendar) for rule in (DECISIONS_WRITTEN, RECORD_COMPLETED, RECORD_DISTRIBUTED)]


def working_days_late(*, review: Review) -> int:
    """Working days a held review was late by; 0 in time, or where no date was known."""
    due_on = review.duty.due_on
    if due_on is None or review.held_on is None or review.held_on <= due_on:
        return 0
    return days_late(due_on, review.held_on, CalendarDay.objects.working_calendar())
