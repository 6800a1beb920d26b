"""A child's record, and the time looked after: when it begins and ends."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from timescales.refusals import Refused
from timescales.words import in_words

from ..access_rows import derive_access
from ..models import CarePeriod, Child, Episode
from ..rules import EpisodeGiven
from .batches import BATCH
from .names import folded
from .settling import Care, plan_care, write_care


@transaction.atomic
def add_children(*, children: Sequence[Child]) -> None:
    """Create the records of these children, not saved yet, open from the start to posts of the whole authority."""
    for child in children:
        child.sort_name = folded(child.family_name, child.given_name) or child.reference.casefold()
    Child.objects.bulk_create(children, batch_size=BATCH)
    derive_access(child_ids=[child.pk for child in children])


@transaction.atomic
def add_child(*, child: Child, at: datetime, by: User | None = None) -> Child:
    """Create one child's record, not saved yet, and log it."""
    add_children(children=[child])
    record_event(verb="child.added", subject=child, by=by, at=at, authority_id=child.authority_id, child_id=child.pk)
    return child


def open_care_period(*, care: Care, child: Child, episode: EpisodeGiven, at: datetime, by: User | None) -> CarePeriod:
    """Begin a time looked after with its first episode. `care` is the child's, locked, and takes it up.

    Raises Refused when the child is looked after already or was then, or the day is before birth.
    """
    if any(period.ends_on is None for period in care.periods.get(child.pk, [])):
        raise Refused("The child is already looked after.", "on")
    plan = plan_care(care=care, episodes=[(child, episode)])
    for outcome in plan.outcomes:
        if isinstance(outcome, Refused):
            raise Refused(outcome.message, "on")
    write_care(plan=plan)
    period = care.periods[child.pk][-1]
    _log("care.started", period, by, at, on=episode.starts_on.isoformat())
    return period


def end_care_period(
    *, care: Care, care_period: CarePeriod, on: date, reason: str, at: datetime, by: User | None
) -> CarePeriod:
    """End a care period and its open episode. `reason` is the SSDA903 code of why; `care` is the child's, locked.

    Raises Refused when it has ended already, for a future day, and for one before care or the last episode began.
    """
    period, last = _as_it_stands(care, care_period)
    if period.ends_on is not None:
        raise Refused(f"Care ended already, on {in_words(period.ends_on)}.", "on")
    if not period.starts_on <= on <= localdate(at):
        raise Refused("Give a day from the start of care up to today.", "on")
    if last and last.starts_on > on:
        raise Refused(f"The last episode began on {in_words(last.starts_on)}. Give that day or a later one.", "on")
    _write_end(period, last, on, reason)
    _log("care.ended", period, by, at, on=on.isoformat(), reason=reason)
    return period


def withdraw_care_end(*, care: Care, care_period: CarePeriod, at: datetime, by: User | None) -> CarePeriod:
    """Take back that care ended: the period and its last episode go on. `care` is the child's, locked.

    Raises Refused when it has not ended, or the child was looked after again since.
    """
    period, last = _as_it_stands(care, care_period)
    if period.ends_on is None:
        raise Refused("Care has not ended.")
    later = next((other for other in care.periods[period.child_id] if other.starts_on > period.starts_on), None)
    if later:
        raise Refused(f"The child has been looked after again since {in_words(later.starts_on)}.")
    was_on = period.ends_on
    _write_end(period, last, None, "")
    _log("care.end_withdrawn", period, by, at, was_on=was_on.isoformat())
    return period


def _as_it_stands(care: Care, care_period: CarePeriod) -> tuple[CarePeriod, Episode | None]:
    """The period as locked, and its last episode."""
    period = next(period for period in care.periods[care_period.child_id] if period.pk == care_period.pk)
    of_child = care.episodes.get(period.child_id, {}).values()
    mine = [episode for episode in of_child if episode.care_period_id == period.pk]
    return period, max(mine, key=lambda episode: episode.starts_on, default=None)


def _write_end(period: CarePeriod, last: Episode | None, ends_on: date | None, reason: str) -> None:
    for row in (period, last):
        if row is not None:
            row.ends_on, row.reason_ended = ends_on, reason
            row.save(update_fields=["ends_on", "reason_ended"])


def _log(verb: str, period: CarePeriod, by: User | None, at: datetime, **codes: str) -> None:
    record_event(
        verb=verb, subject=period, by=by, at=at, authority_id=period.authority_id, child_id=period.child_id, **codes
    )
