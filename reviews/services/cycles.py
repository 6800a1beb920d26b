"""Whole histories of reviews that come from elsewhere, and a review cancelled."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from children.services import BATCH
from duties.models import Duty
from duties.services import close
from timescales.refusals import Refused

from ..models import Decision, Review
from .scheduling import lock_open


@transaction.atomic
def add_reviews(*, reviews: Sequence[Review], decisions: Sequence[Decision]) -> None:
    """Write whole histories of reviews and what they decided, rows not saved yet, each with its duty.

    For a past that comes from elsewhere: nothing is logged.
    """
    rows: list[Review | Decision] = [*reviews, *decisions]
    Duty.objects.bulk_create([row.duty for row in rows], batch_size=BATCH)
    for row in rows:
        row.duty = row.duty  # takes up the key its duty has now been given
    Review.objects.bulk_create(reviews, batch_size=BATCH)
    Decision.objects.bulk_create(decisions, batch_size=BATCH)


@transaction.atomic
def cancel(*, review: Review, reason: str, by: User | None, at: datetime) -> Review:
    """Cancel an open review with a reason; nothing statutory is deleted. Only care's end needs nobody's name.

    Raises Refused without a reason, AlreadyRecorded and Cancelled.
    """
    if not reason.strip():
        raise Refused("Say why the review is cancelled.", "reason")
    locked = lock_open(review)
    on = locked.care_period.ends_on or localdate(at)
    close(duty=locked.duty, reason=reason.strip(), on=on, at=at, by=by)
    _log("review.cancelled", locked, by, at)
    return locked


def _log(verb: str, review: Review, by: User | None, at: datetime, **codes: str | None) -> None:
    record_event(
        verb=verb, subject=review, by=by, at=at, authority_id=review.authority_id, child_id=review.child_id, **codes
    )
