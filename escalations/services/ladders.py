"""Setting an authority's ladder, and taking back one that has not begun."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.roles import RESPONDERS
from audit.services import record_event
from authorities.models import Authority
from escalations import rules
from escalations.models import Escalation, Ladder, Stage
from escalations.rules import LadderDecided, Rung
from timescales.refusals import Conflict, Refused


@transaction.atomic
def set_ladder(
    *, authority: Authority, starts_on: date, stages: Sequence[Rung], name: str = "Local resolution"
) -> Ladder:
    """Give the authority this ladder from a day on, also a past one; concerns already open stay on their own.

    For what sets an authority up. Raises Refused as `rules.check_ladder`, and when another begins the same day.
    """
    return _write(authority, LadderDecided(name, starts_on, tuple(Rung(*stage) for stage in stages)))


@transaction.atomic
def decide_ladder(
    *, authority: Authority, decided: LadderDecided, seen: int | None, by: User, at: datetime, on: date
) -> Ladder:
    """Give the authority this ladder from today or a later day on; concerns already open stay on their own.

    `seen` is the key of the newest ladder when the person decided. Raises Refused as `rules.check_ladder`, for a past
    day and when another begins the same day; Conflict where somebody decided on another one since.
    """
    locked = Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    _refuse_changed(Ladder.objects.newest(locked.pk), seen)
    rules.check_start(decided.starts_on, on)
    ladder = _write(locked, decided, by, at)
    record_event(
        verb="ladder.decided",
        subject=ladder,
        by=by,
        at=at,
        authority_id=locked.pk,
        starts_on=decided.starts_on.isoformat(),
        stages=len(decided.stages),
    )
    return ladder


@transaction.atomic
def withdraw_ladder(*, ladder: Ladder, by: User, at: datetime, on: date) -> None:
    """Take back a ladder that has not begun: nothing stands on it yet. Raises Refused once it has begun."""
    locked = Ladder.objects.select_for_update(no_key=True).filter(pk=ladder.pk).first()
    if locked is None:
        raise Conflict("This ladder has been taken back already.")
    if locked.starts_on <= on or Escalation.objects.filter(ladder=locked).exists():
        raise Refused("This ladder has begun. Set another from a later day.")
    record_event(
        verb="ladder.withdrawn",
        subject=locked,
        by=by,
        at=at,
        authority_id=locked.authority_id,
        starts_on=locked.starts_on.isoformat(),
    )
    locked.stages.all().delete()
    locked.delete()


def _refuse_changed(newest: Ladder | None, seen: int | None) -> None:
    """Raise Conflict where the newest ladder is not the one seen: another was set since, or that one taken back."""
    if (newest.pk if newest else None) == seen:
        return
    if newest is None or (seen is not None and newest.pk < seen):
        raise Conflict("The ladder set last has been taken back since you opened this page.")
    who = newest.decided_by or "Somebody"
    raise Conflict(f"{who} has set a ladder from {rules.day(newest.starts_on)} since you opened this page.")


def _write(
    authority: Authority, decided: LadderDecided, by: User | None = None, at: datetime | None = None
) -> Ladder:
    rules.check_ladder(decided.stages, frozenset(code for code, _ in RESPONDERS), decided.why_longer)
    if Ladder.objects.filter(authority=authority, starts_on=decided.starts_on).exists():
        raise Refused(f"Another ladder begins on {rules.day(decided.starts_on)}: choose another day.", "starts_on")
    ladder = Ladder.objects.create(
        authority=authority,
        starts_on=decided.starts_on,
        name=decided.name.strip(),
        why_longer=decided.why_longer.strip(),
        decided_by=by,
        decided_at=at,
    )
    Stage.objects.bulk_create(
        Stage(ladder=ladder, position=position, **_columns(rung)) for position, rung in enumerate(decided.stages)
    )
    return ladder


def _columns(rung: Rung) -> dict[str, object]:
    return rung._asdict() | {"responder_roles": list(rung.responder_roles), "name": rung.name.strip()}
