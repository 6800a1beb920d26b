"""Everything that changes an authority, its services, its teams and its policy."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from audit.services import record_event
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from . import rules
from .models import Authority, CalendarDay, Policy, Service, Team


@transaction.atomic
def add_authority(*, code: str, name: str, on: date, is_demonstration: bool = False, **policy: Any) -> Authority:
    """Create an authority with its first policy, default unless named in `policy`.

    Raises Refused when the code is malformed or taken, or the name is missing or too long.
    """
    authority = Authority(code=code, name=name.strip(), is_demonstration=is_demonstration)
    try:
        authority.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    authority.save()
    Policy.objects.create(authority=authority, starts_on=on, **policy)
    return authority


def add_service(*, authority: Authority, name: str) -> Service:
    """Create a service of the authority."""
    return Service.objects.create(authority=authority, name=name)


def add_team(*, authority: Authority, name: str, service: Service | None = None) -> Team:
    """Create a team, in a service of the same authority or in none."""
    if service and service.authority_id != authority.pk:
        raise Refused(f"{service.name} belongs to another authority.")
    return Team.objects.create(authority=authority, name=name, service=service)


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
    holiday = CalendarDay.objects.select_for_update().filter(on=day).first()
    if holiday and holiday.is_working:
        return holiday
    calendar = CalendarDay.objects.working_calendar()
    rules.check_taken_back(day, calendar, on, is_proclaimed=holiday is not None)
    assert holiday is not None  # what was not proclaimed is refused above
    holiday.is_working = True
    holiday.save(update_fields=["is_working"])
    record_event(verb="holiday.withdrawn", subject=holiday, by=by, at=at, day=day.isoformat())
    return holiday


def add_policy(
    *, authority: Authority, decided: rules.PolicyDecided, seen: int | None, by: Any, at: datetime
) -> Policy:
    """Keep what an authority has decided from a day on, in the caller's transaction; nothing is dated by this alone.

    `seen` is the key of the newest policy when the person decided. Raises Conflict where somebody decided since, and
    Refused where another begins the same day.
    """
    locked = Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    newest = Policy.objects.newest(locked.pk)
    if newest is not None and newest.pk != seen:
        who = newest.decided_by or "Somebody"
        raise Conflict(f"{who} has changed this from {in_words(newest.starts_on)} since you opened this page.")
    if Policy.objects.filter(authority=locked, starts_on=decided.starts_on).exists():
        raise Refused(f"Something else begins on {in_words(decided.starts_on)}: choose another day.", "starts_on")
    policy = Policy.objects.create(decided_by=by, decided_at=at, **columns_of(locked, decided))
    record_event(
        verb="policy.decided",
        subject=policy,
        by=by,
        at=at,
        authority_id=locked.pk,
        starts_on=decided.starts_on.isoformat(),
    )
    return policy


def columns_of(authority: Authority, decided: rules.PolicyDecided) -> dict[str, Any]:
    """The columns of a policy that says this."""
    return {
        "authority": authority,
        "starts_on": decided.starts_on,
        "is_rag_linked_to_ladder": decided.is_rag_linked_to_ladder,
        "words": dict(decided.words),
        "why": decided.why,
        **decided.margins,
    }
