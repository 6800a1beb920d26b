"""A child's record, and the time looked after: when it begins and ends."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from authorities.models import Authority
from timescales.refusals import Refused

from ..access_rows import derive_access
from ..models import CarePeriod, Child, Episode
from .names import folded


@transaction.atomic
def add_child(
    *,
    authority: Authority,
    reference: str,
    date_of_birth: date,
    sex: str,
    at: datetime,
    by: User | None = None,
    given_name: str = "",
    family_name: str = "",
    **details: Any,
) -> Child:
    """Create a child's record, seen from the start by the posts that reach the whole authority."""
    child = Child.objects.create(
        authority=authority,
        reference=reference,
        given_name=given_name,
        family_name=family_name,
        sort_name=folded(family_name, given_name) or reference.casefold(),
        date_of_birth=date_of_birth,
        sex=sex,
        **details,
    )
    derive_access(child_ids=[child.pk])
    record_event(verb="child.added", subject=child, by=by, at=at, authority_id=authority.pk, child_id=child.pk)
    return child


@transaction.atomic
def start_care(*, child: Child, on: date, at: datetime, by: User | None = None, **episode: str) -> CarePeriod:
    """Open a care period and its first episode. `episode` holds legal_status, category_of_need, placement_type…

    Raises Refused when the child is already looked after or the day is before birth.
    """
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
