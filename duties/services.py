"""Everything that changes a duty: it comes to be owed, is planned, met or closed, and is dated again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.services import record_event
from authorities.models import Authority
from authorities.rules import PolicyDecided, check_policy
from authorities.services import add_holiday, add_policy, remove_holiday
from children.models import Child

from . import rules
from .clocks import Clock
from .kinds import find
from .models import Duty

BATCH = 1000


@dataclass(frozen=True)
class Owed:
    """What is owed: what kind of thing about which child, under which rule from when, and by whom.

    Without an owner of its own it is owed by the roles its kind names. `allowed` is the amount of a rule that has
    none (a rung's working days, the days up to an agreed day). `series` where only one may be open at a time.
    """

    kind: str
    authority_id: int
    child_id: int
    rule: str
    runs_from_on: date | None
    series: str = ""
    allowed: int | None = None
    owed_by: User | None = None
    owed_by_roles: tuple[str, ...] = ()
    owed_by_words: str = ""
    not_owed_by: User | None = None
    about: UUID | None = None


def unsaved(owed: Owed, clock: Clock) -> Duty:
    """The duty with its dates, not yet saved: for `bulk_create` as for one.

    Raises KeyError for a kind or rule the table does not have, OutsideCalendar.
    """
    dates = clock.dates(owed.kind, owed.rule, owed.runs_from_on, owed.allowed)
    return Duty(
        kind=owed.kind,
        authority_id=owed.authority_id,
        child_id=owed.child_id,
        rule=owed.rule,
        runs_from_on=owed.runs_from_on,
        series=owed.series,
        allowed=owed.allowed,
        owed_by=owed.owed_by,
        owed_by_roles=_roles(owed),
        owed_by_words=owed.owed_by_words,
        not_owed_by=owed.not_owed_by,
        about=owed.about,
        **dates.columns(),
    )


def _roles(owed: Owed) -> list[str]:
    if owed.owed_by_roles or owed.owed_by or owed.owed_by_words:
        return list(owed.owed_by_roles)
    kind = find(owed.kind)
    return list(kind.owed_by_roles) if kind else []


def owe(*, owed: Owed, clock: Clock) -> Duty:
    """From now on this is owed. Raises KeyError and OutsideCalendar as `unsaved`."""
    duty = unsaved(owed, clock)
    duty.save(force_insert=True)
    return duty


def owe_all(*, owed: Iterable[Owed], clock: Clock) -> list[Duty]:
    """The same for many, in as many statements as there are thousands."""
    return Duty.objects.bulk_create([unsaved(one, clock) for one in owed], batch_size=BATCH)


def plan(*, duty: Duty, for_on: date | None, by: User | None, at: datetime) -> Duty:
    """Plan an open duty for a day, or with None take its plan away."""
    duty.planned_for_on = for_on
    duty.planned_at, duty.planned_by = (at, by) if for_on else (None, None)
    duty.save(update_fields=["planned_for_on", "planned_at", "planned_by"])
    return duty


def meet(*, duty: Duty, on: date) -> Duty:
    """It was done that day; a duty closed because care ended may turn out to have been met before."""
    duty.met_on = on
    duty.closed_on, duty.closed_at, duty.closed_by, duty.closed_reason = None, None, None, ""
    duty.save(update_fields=["met_on", *CLOSING])
    return duty


def close(*, duty: Duty, reason: str, on: date, at: datetime, by: User | None = None) -> Duty:
    """From that day on it is owed no more, and was never met. Only `rules.NOBODY_DECIDED` needs nobody's name."""
    duty.closed_on, duty.closed_at, duty.closed_by, duty.closed_reason = on, at, by, reason
    duty.save(update_fields=list(CLOSING))
    return duty


def close_all(*, duties: Sequence[Duty], reason: str, on: date, at: datetime, by: User | None = None) -> None:
    """The same for many, in one statement."""
    keys = [duty.pk for duty in duties]
    Duty.objects.filter(pk__in=keys).open().update(closed_on=on, closed_at=at, closed_by=by, closed_reason=reason)


def reopen(*, duty: Duty) -> Duty:
    """It is owed again: what closed it was withdrawn, or it was not done after all."""
    duty.met_on = None
    duty.closed_on, duty.closed_at, duty.closed_by, duty.closed_reason = None, None, None, ""
    duty.save(update_fields=["met_on", *CLOSING])
    return duty


CLOSING = ("closed_on", "closed_at", "closed_by", "closed_reason")


@transaction.atomic
def redate(*, authority_id: int, on: date, at: datetime, by: User | None = None) -> int:
    """Date every open duty of an authority again, after its policy or the calendar changed.

    `on` is the day whose policy counts. A duty whose kind or rule the table has no more keeps its dates. Gives how
    many changed, each told of by a business event; dating twice changes nothing, and then locks nothing either.
    """
    clock = Clock.of(authority_id, on)
    open_now = Duty.objects.dated().filter(authority_id=authority_id)
    moving = list(clock.moving(_locked([duty for duty, _ in clock.moving(open_now)])))
    for duty, dates in moving:
        _date_again(duty, dates, by, at)
    Duty.objects.bulk_update([duty for duty, _ in moving], rules.STORED_DATES, batch_size=BATCH)
    return len(moving)


@transaction.atomic
def proclaim_holiday(*, day: date, name: str, on: date, at: datetime, by: User | None = None) -> dict[str, int]:
    """Make a day a holiday for every authority, and date everything that is owed again in the same act.

    How many duties changed, by the code of their authority; the same again changes nothing. Raises Refused as
    `authorities.services.add_holiday`. Who is just then dating by the calendar of before is caught up with within
    the hour, by `tasks.redate`.
    """
    add_holiday(day=day, name=name, on=on, at=at, by=by)
    return _redate_everywhere(on, at, by)


@transaction.atomic
def withdraw_holiday(*, day: date, on: date, at: datetime, by: User | None = None) -> tuple[str, dict[str, int]]:
    """Make a proclaimed holiday a working day again, and date everything that is owed again in the same act.

    Its name, and how many duties changed, as `proclaim_holiday`. Raises Refused as
    `authorities.services.remove_holiday`.
    """
    holiday = remove_holiday(day=day, on=on, at=at, by=by)
    return holiday.name, _redate_everywhere(on, at, by)


def _redate_everywhere(on: date, at: datetime, by: User | None) -> dict[str, int]:
    authorities = Authority.objects.order_by("pk").values_list("pk", "code")
    return {code: redate(authority_id=pk, on=on, at=at, by=by) for pk, code in authorities}


@transaction.atomic
def decide_policy(
    *, authority: Authority, decided: PolicyDecided, seen: int | None, by: User, at: datetime, on: date
) -> int:
    """An authority decides its margins, words and what a rating leads to, from today or a later day on.

    What begins today dates every open duty again in the same act, what begins later on its day (`tasks.redate`): how
    many changed. Raises Refused as `authorities.rules.check_policy` and where another begins that day, Conflict.
    """
    check_policy(decided, on)
    add_policy(authority=authority, decided=decided, seen=seen, by=by, at=at)
    return redate(authority_id=authority.pk, on=on, at=at, by=by) if decided.starts_on <= on else 0


def _locked(duties: Sequence[Duty]) -> list[Duty]:
    """Those of them that are still open, as they stand now: their children locked first, as whoever acts does."""
    children = Child.objects.filter(pk__in={duty.child_id for duty in duties}).order_by("pk")
    list(children.select_for_update(no_key=True).values_list("pk"))
    rows = Duty.objects.filter(pk__in=[duty.pk for duty in duties]).open().order_by("pk")
    return list(rows.select_for_update(no_key=True))


def _date_again(duty: Duty, dates: rules.Dates, by: User | None, at: datetime) -> None:
    was_due_on = duty.due_on
    for name, day in dates.columns().items():
        setattr(duty, name, day)
    record_event(
        verb="duty.redated",
        subject=duty,
        by=by,
        at=at,
        authority_id=duty.authority_id,
        child_id=duty.child_id,
        due_on=_iso(duty.due_on),
        was_due_on=_iso(was_due_on),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
