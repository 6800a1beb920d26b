"""How far off a date is, in working days and in words."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from authorities.models import CalendarDay
from timescales import WorkingCalendar, days_late
from timescales.words import counted


def working_calendar() -> WorkingCalendar:
    """England's working days, proclaimed days included: one query for the whole page."""
    return CalendarDay.objects.working_calendar()


def day_after(day: date) -> datetime:
    """The first moment of the next day, in local time: what happened by the day happened before it."""
    return make_aware(datetime.combine(day + timedelta(days=1), time.min))


def how_late(due_on: date, today: date, calendar: WorkingCalendar) -> str:
    """ "3 working days late"."""
    return f"{counted(days_late(due_on, today, calendar), 'working day')} late"


def is_booked_too_late(booked_for_on: date | None, due_on: date | None, today: date) -> bool:
    """Whether a booking stands for a day after the last lawful one, which has not passed yet."""
    return bool(booked_for_on and due_on and today <= due_on < booked_for_on)


def days_left(due_on: date | None, today: date, calendar: WorkingCalendar) -> str:
    """Working days up to an answer's date, or since it; without a date the answer has come."""
    if due_on is None:
        return "answered"
    if due_on < today:
        return how_late(due_on, today, calendar)
    left = calendar.working_days_between(today, due_on)
    return f"{counted(left, 'working day')} left" if left else "due today"
