"""How far off a date is, in working days and in words."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from authorities.models import CalendarDay
from duties import cells as duties
from timescales import WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """England's working days, proclaimed days included: one query for the whole page."""
    return CalendarDay.objects.working_calendar()


def day_after(day: date) -> datetime:
    """The first moment of the next day, in local time: what happened by the day happened before it."""
    return make_aware(datetime.combine(day + timedelta(days=1), time.min))


def days_left(due_on: date | None, today: date, calendar: WorkingCalendar) -> str:
    """Working days up to an answer's date, or since it; without a date the answer has come."""
    if due_on is None:
        return "answered"
    return duties.days_left(due_on, today, calendar)
