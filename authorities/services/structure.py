"""Services and teams: opened, renamed, closed, reopened."""

from datetime import date, datetime
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.timezone import localdate

from audit.services import record_event
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from .. import rules
from ..models import Authority, FormerName, Service, Team

Place = TypeVar("Place", Service, Team)


def add_service(*, authority: Authority, name: str) -> Service:
    """Create a service of the authority, as part of what is loaded whole: nothing is logged."""
    return Service.objects.create(authority=authority, name=name)


def add_team(*, authority: Authority, name: str, service: Service | None = None) -> Team:
    """Create a team, in a service of the same authority or in none, as part of what is loaded whole."""
    _refuse_foreign(authority, service)
    return Team.objects.create(authority=authority, name=name, service=service)


def lock_service(service_id: int) -> Service:
    """The service as it stands now, held until the transaction ends; after teams."""
    return Service.objects.select_for_update(no_key=True).get(pk=service_id)


def lock_team(team_id: int) -> Team:
    """The team as it stands now, held until the transaction ends.

    For whoever gives it a child or a post, or closes it: docs/decisions/0009-one-order-of-locks.md.
    """
    return Team.objects.select_for_update(no_key=True).get(pk=team_id)


@transaction.atomic
def open_service(*, authority: Authority, name: str, at: datetime, by: models.Model | None = None) -> Service:
    """Open a service. Raises Refused when the name is missing, too long, or that of an open service."""
    name = rules.check_name(name, "service")
    service, is_new = Service.objects.get_or_create(
        authority=authority, name__iexact=name, ended_on=None, defaults={"name": name}
    )
    if not is_new:
        raise _taken(service)
    record_event(verb="service.opened", subject=service, by=by, at=at, authority_id=authority.pk)
    return service


@transaction.atomic
def open_team(
    *,
    authority: Authority,
    name: str,
    at: datetime,
    service: Service | None = None,
    is_outside: bool = False,
    by: models.Model | None = None,
) -> Team:
    """Open a team, in an open service of the same authority or in none. Raises Refused as `open_service`."""
    name = rules.check_name(name, "team")
    _refuse_foreign(authority, service)
    if service:
        refuse_closed(lock_service(service.pk), "service")
    given = {"name": name, "service": service, "is_outside": is_outside}
    team, is_new = Team.objects.get_or_create(authority=authority, name__iexact=name, ended_on=None, defaults=given)
    if not is_new:
        raise _taken(team)
    record_event(verb="team.opened", subject=team, by=by, at=at, authority_id=authority.pk)
    return team


@transaction.atomic
def rename(*, place: Place, name: str, on: date, seen: str, at: datetime, by: models.Model | None = None) -> Place:
    """Call a service or a team something else from a day that is not in the future; its old name stays with its time.

    `seen` is the name that stood when the person decided: Conflict says where another stands since. The same again
    changes nothing. Raises Refused when the name is unusable or another's, or the day is not after the last change.
    """
    name = rules.check_name(name, place.kind)
    now = _lock(place)
    if now.name == name:
        return now
    if now.name != seen:
        raise Conflict(f"It was renamed “{now.name}” since you opened this page. Save again to go on.", "name")
    refuse_closed(now, "name")
    last = now.former_names.aggregate(last=Max("ended_on"))["last"]
    rules.check_day(on, last, localdate(at), f"{now} got its present name")
    FormerName.objects.create(**{now.kind: now}, name=now.name, ended_on=on)
    _save_name(now, name)
    record_event(verb=f"{now.kind}.renamed", subject=now, by=by, at=at, authority_id=now.authority_id)
    return now


@transaction.atomic
def close(*, place: Place, on: date, reason: str, at: datetime, by: models.Model | None = None) -> Place:
    """Close a service or a team; whether anything still hangs on it is asked by `children.services`.

    The same again changes nothing. Raises Conflict where it was closed otherwise, Refused for a day in the future.
    """
    now = _lock(place)
    if (now.ended_on, now.ended_reason) == (on, reason):
        return now
    if now.ended_on:
        raise Conflict(f"{now} was closed on {in_words(now.ended_on)} already.", "on")
    rules.check_day(on, None, localdate(at), "")
    now.ended_on, now.ended_reason = on, reason
    now.save(update_fields=["ended_on", "ended_reason"])
    record_event(
        verb=f"{now.kind}.closed", subject=now, by=by, at=at, authority_id=now.authority_id, on=on.isoformat()
    )
    return now


@transaction.atomic
def reopen(*, place: Place, at: datetime, by: models.Model | None = None) -> Place:
    """Take back that a service or a team was closed; open already, nothing changes.

    Raises Refused when an open one has its name meanwhile, or a team's service is closed.
    """
    now = _lock(place)
    if now.ended_on is None:
        return now
    service = now.service if isinstance(now, Team) else None
    if service and lock_service(service.pk).ended_on:
        raise Refused(f"{now} is in {service}, which is closed. Reopen {service} first.")
    changed = {"ended_on": None, "ended_reason": ""} | ({"merged_into": None} if isinstance(now, Team) else {})
    _refuse_taken(now, now.name)
    try:
        with transaction.atomic():
            type(now)._default_manager.filter(pk=now.pk).update(**changed)
    except IntegrityError as error:
        raise _taken(now) from error
    record_event(verb=f"{now.kind}.reopened", subject=now, by=by, at=at, authority_id=now.authority_id)
    return now


def refuse_closed(place: Service | Team, field: str) -> None:
    """Refuse an act on what has been closed."""
    if place.ended_on:
        raise Conflict(f"{place} was closed on {in_words(place.ended_on)}. Choose another, or reopen it.", field)


def _lock(place: Place) -> Place:
    return lock_service(place.pk) if isinstance(place, Service) else lock_team(place.pk)


def _save_name(place: Service | Team, name: str) -> None:
    _refuse_taken(place, name)
    place.name = name
    try:
        with transaction.atomic():
            place.save(update_fields=["name"])
    except IntegrityError as error:  # another took it at this very moment
        raise _taken(place) from error


def _refuse_taken(place: Service | Team, name: str) -> None:
    same = type(place)._default_manager.filter(authority=place.authority_id, name__iexact=name, ended_on=None)
    other = same.exclude(pk=place.pk).first()
    if other:
        raise _taken(other)


def _taken(place: Service | Team) -> Refused:
    return Refused(f"There is an open {place.kind} called “{place.name}” already. Give another name.", "name")


def _refuse_foreign(authority: Authority, service: Service | None) -> None:
    if service and service.authority_id != authority.pk:
        raise Refused(f"{service.name} belongs to another authority.")
