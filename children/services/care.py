"""A child's record, and the time looked after: when it begins and ends."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from timescales.refusals import Refused

from ..access_rows import derive_access
from ..models import CarePeriod, Child, Episode
from .batches import BATCH
from .locks import lock_child
from .names import folded


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


@transaction.atomic
def start_care(*, child: Child, on: date, at: datetime, by: User | None = None, **episode: str) -> CarePeriod:
    """Open a care period and its first episode. `episode` holds legal_status, category_of_need, placement_type…

    Raises Refused when the child is already looked after or the day is before birth.
    """
    child = lock_child(child.pk)
    if on < child.date_of_birth:
        raise Refused("Care cannot begin before the child was born.", "on")
    if child.care_periods.filter(ends_on__isnull=True).exists():
        raise Refused("The child is already looked after.", "on")
    period = CarePeriod.objects.create(child=child, authority_id=child.authority_id, starts_on=on)
    Episode.objects.create(
        child=child,
        authority_id=child.authority_id,
        care_period=period,
        starts_on=on,
        reason_started="S",
        **episode,
    )
    record_event(
        verb="care.started",
        subject=period,
        by=by,
        at=at,
        authority_id=child.authority_id,
        child_id=child.pk,
        on=on.isoformat(),
    )
    return period


@transaction.atomic
def end_care(*, care_period: CarePeriod, on: date, reason: str, at: datetime, by: User | None = None) -> None:
    """End a care period and its open episode. `reason` is the SSDA903 code of why."""
    lock_child(care_period.child_id)
    if on < care_period.starts_on or on > localdate(at):
        raise Refused("Give a day from the start of care up to today.", "on")
    care_period.episodes.filter(ends_on__isnull=True).update(ends_on=on, reason_ended=reason)
    CarePeriod.objects.filter(pk=care_period.pk).update(ends_on=on, reason_ended=reason)
    care_period.ends_on, care_period.reason_ended = on, reason
    record_event(
        verb="care.ended",
        subject=care_period,
        by=by,
        at=at,
        authority_id=care_period.authority_id,
        child_id=care_period.child_id,
        on=on.isoformat(),
        reason=reason,
    )
