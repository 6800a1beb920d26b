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
