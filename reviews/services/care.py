"""Care begins, ends, or goes on after all: each with what it means for the child's reviews, in one act."""

from collections import Counter
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from authorities.models import Authority
from children.models import CarePeriod, Child
from children.rules import EpisodeGiven
from children.services import BATCH, Care, end_care_period, lock_care, open_care_period, withdraw_care_end
from timescales import OutsideCalendar
from timescales.refusals import Refused
from timescales.words import in_words

from ..models import Review
from .settling import Settled, settle_children


@transaction.atomic
def start_care(*, child: Child, on: date, at: datetime, by: User | None = None, **episode: str) -> CarePeriod:
    """Begin a time looked after: the care period, its first episode, and its first review.

    `episode` holds legal_status, category_of_need, placement_type… in SSDA903's codes. Raises Refused when the
    child is looked after already or was then, or the day is before birth.
    """
    care = lock_care(authority_id=child.authority_id, child_ids=[child.pk])
    given = EpisodeGiven(starts_on=on, **episode)  # type: ignore[arg-type]  # its dates are not among these
    period = open_care_period(care=care, child=child, episode=given, by=by, at=at)
    _settle_reviews(care, by, at)
    return period


@transaction.atomic
def end_care(*, care_period: CarePeriod, on: date, reason: str, at: datetime, by: User | None = None) -> CarePeriod:
    """End a time looked after, with its open episode, and cancel the review due next.

    Records, decisions, promises and escalations stay open until the IRO closes each or hands it over. A review
    held before the end may still be recorded. `reason` is the SSDA903 code of why. Raises Refused when care has
    ended already, for a future day, and for one before care or the last episode began or a review was held.
    """
    care = lock_care(authority_id=care_period.authority_id, child_ids=[care_period.child_id])
    last = Review.objects.filter(care_period=care_period).last_held_on()
    if last and last > on:
        raise Refused(f"A review was held on {in_words(last)}. Give that day or a later one.", "on")
    period = end_care_period(care=care, care_period=care_period, on=on, reason=reason, by=by, at=at)
    _settle_reviews(care, by, at)
    return period


@transaction.atomic
def withdraw_end(*, care_period: CarePeriod, at: datetime, by: User | None = None) -> CarePeriod:
    """Take back that care ended: period and episode go on, and the review the end cancelled is open again.

    Its booking is as it was. Raises Refused when care has not ended, or the child was looked after again since.
    """
    care = lock_care(authority_id=care_period.authority_id, child_ids=[care_period.child_id])
    period = withdraw_care_end(care=care, care_period=care_period, by=by, at=at)
    _settle_reviews(care, by, at)
    return period


def settle_again(*, authority: Authority, at: datetime) -> Counter[str]:
    """Settle the reviews of every child of an authority, where nothing about them changed: after an upgrade.

    How many were opened, closed and opened again. In batches, each a transaction of its own, so that it may be
    stopped and run again, and others go on working. Raises Refused where the calendar is too short.
    """
    found: Counter[str] = Counter()
    children = list(Child.objects.of_authority(authority.pk).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(children), BATCH):
        with transaction.atomic():
            care = lock_care(authority_id=authority.pk, child_ids=children[first : first + BATCH])
            settled = _settle_reviews(care, None, at)
        for name in ("opened", "closed", "reopened"):
            found[name] += len(getattr(settled, name))
    return found


def _settle_reviews(care: Care, by: User | None, at: datetime) -> Settled:
    try:
        return settle_children(care=care, by=by, at=at)
    except OutsideCalendar as error:
        raise Refused(str(error), "on") from error
