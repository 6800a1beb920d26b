"""The last review held before what is known here, as somebody found it in the child's file."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from audit.services import record_event
from children.services import lock_care
from duties.kinds import FIND_LAST_REVIEW
from duties.models import Duty
from timescales import OutsideCalendar
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from .. import rules
from ..models import Review
from .rows import new_review
from .scheduling import lock_open
from .settling import settle_children


@transaction.atomic
def find_last(*, review: Review, held_on: date, evidence: str, by: User, at: datetime, on: date) -> Review:
    """Note when the review before `review`, whose due date is not known, was held, and date it from that.

    The day may lie before the care held here, whose start may be what is missing. Gives the review found. Raises
    Refused for a day that cannot be and without evidence, Conflict where somebody found it meanwhile,
    AlreadyRecorded and Cancelled.
    """
    locked = lock_open(review)
    if locked.duty.due_on is not None:
        raise Conflict(
            f"Its due date is known by now: {in_words(locked.duty.due_on)}. Nothing was changed.", "held_on"
        )
    _check(locked, held_on, evidence, on)
    found = _write(locked, held_on, evidence.strip())
    search = Duty.objects.of_kind(FIND_LAST_REVIEW.code).open().filter(child=locked.child_id, about=locked.uuid)
    search.update(met_on=on)
    try:
        settle_children(care=lock_care(authority_id=locked.authority_id, child_ids=[locked.child_id]), by=by, at=at)
    except OutsideCalendar as error:
        raise Refused(str(error), "held_on") from error
    record_event(
        verb="review.found",
        subject=locked,
        by=by,
        at=at,
        authority_id=locked.authority_id,
        child_id=locked.child_id,
        held_on=held_on.isoformat(),
    )
    return found


def _check(review: Review, held_on: date, evidence: str, on: date) -> None:
    if not evidence.strip():
        raise Refused("Say where you found it.", "evidence")
    if held_on > on:
        raise Refused("That day is in the future. Give the day the review was held.", "held_on")
    if held_on < review.child.date_of_birth:
        raise Refused("That day is before the child was born.", "held_on")
    rules.check_after_last(held_on, Review.objects.of_period(review.care_period_id, review.cycle).last_held_on())
    rules.check_not_held_twice(held_on, Review.objects.held_days(review.child_id, review.cycle))


def _write(review: Review, held_on: date, evidence: str) -> Review:
    found = new_review(
        review.care_period, review.cycle, held_on=held_on, source=Review.Source.FOUND, evidence=evidence
    )
    found.duty.rule, found.duty.why_not_known = review.duty.rule, review.duty.why_not_known
    found.duty.save(force_insert=True)
    found.duty = found.duty
    found.save(force_insert=True)
    return found
