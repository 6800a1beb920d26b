"""Days that are proclaimed holidays after the calendar was released."""

from datetime import date, datetime

from django.db import models, transaction

from audit.services import record_event

from .. import rules
from ..models import CalendarDay


@transaction.atomic
def add_holiday(*, day: date, name: str, on: date, at: datetime, by: models.Model | None = None) -> CalendarDay:
    """Make a day a holiday from now on, for every authority; the same again changes nothing.

    No due date moves by this alone: `duties.services.proclaim_holiday` does both. Raises Refused as
    `rules.check_holiday`, `on` being today.
    """
    name = name.strip()
    held = CalendarDay.objects.filter(on=day, name=name, is_working=False).first()
    if held:
        return held
    rules.check_holiday(day, name, CalendarDay.objects.working_calendar(), on)
    # A row may stand there already: of a holiday once withdrawn, which is a working day until now.
    holiday, _ = CalendarDay.objects.update_or_create(on=day, defaults={"name": name, "is_working": False})
    record_event(verb="holiday.proclaimed", subject=holiday, by=by, at=at, day=day.isoformat())
    return holiday


@transaction.atomic
def remove_holiday(*, day: date, on: date, at: datetime, by: models.Model | None = None) -> CalendarDay:
    """Make a proclaimed holiday a working day again, for every authority; the same again changes nothing.

    Its row stays, so that a working can say why the day is counted. No due date moves by this alone:
    `duties.services.withdraw_holiday` does both. Raises Refused as `rules.check_taken_back`, `on` being today.
    """
    holiday = CalendarDay.objects.select_for_update(no_key=True).filter(on=day).first()
    if holiday and holiday.is_working:
        return holiday
    calendar = CalendarDay.objects.working_calendar()
    rules.check_taken_back(day, calendar, on, is_proclaimed=holiday is not None)
    assert holiday is not None  # what was not proclaimed is refused above
    holiday.is_working = True
    holiday.save(update_fields=["is_working"])
    record_event(verb="holiday.withdrawn", subject=holiday, by=by, at=at, day=day.isoformat())
    return holiday
