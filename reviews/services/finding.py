"""The last review held before what is known here, as somebody found it in the child's file."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit.services import record_event
from children.models import CarePeriod
from children.services import BATCH, lock_care
from duties.kinds import FIND_LAST_REVIEW
from duties.models import Duty
from timescales import EARLIER_HISTORY, NOT_KNOWN, OutsideCalendar
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


@transaction.atomic
def find_in_file(*, found: Mapping[int, date], begun: Collection[int], evidence: str, on: date) -> list[int]:
    """Note the reviews that a council's file says were held last, by child, where the next due date is not known.

    Nor is it for the children in `begun`, whose care has just come here, where the first review would be overdue: it
    may have been held before. The keys of the children it told something new of, whose reviews the caller settles.
    A day that cannot be, or was held here already, is passed over: `find_last` says so to a person.
    """
    not_known = Q(duty__due_on__isnull=True) | Q(child__in=begun, duty__due_on__lt=on)
    reviews = list(Review.objects.open().filter(not_known, child__in=found).order_by("pk"))
    last: dict[int, date] = {}
    days = Review.objects.held().filter(child__in=[review.child_id for review in reviews])
    for child_id, day in days.values_list("child", "held_on"):
        last[child_id] = max(day or date.min, last.get(child_id, date.min))
    new = [one for one in reviews if found[one.child_id] > last.get(one.child_id, date.min)]
    duties = Duty.objects.in_bulk([review.duty_id for review in new])
    periods = CarePeriod.objects.in_bulk([review.care_period_id for review in new])
    rows = []
    for review in new:
        review.duty, review.care_period = duties[review.duty_id], periods[review.care_period_id]
        rows.append(_found(review, found[review.child_id], evidence))
    Duty.objects.bulk_create([row.duty for row in rows], batch_size=BATCH)
    for row in rows:
        row.duty = row.duty  # takes up the key its duty has now been given
    Review.objects.bulk_create(rows, batch_size=BATCH)
    searches = Duty.objects.of_kind(FIND_LAST_REVIEW.code).open().filter(about__in=[review.uuid for review in new])
    searches.update(met_on=on)
    return [review.child_id for review in new]


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
    found = _found(review, held_on, evidence)
    found.duty.save(force_insert=True)
    found.duty = found.duty
    found.save(force_insert=True)
    return found


def _found(review: Review, held_on: date, evidence: str) -> Review:
    """The review held before this one, not saved yet; when it had been due is not known either."""
    found = new_review(
        review.care_period, review.cycle, held_on=held_on, source=Review.Source.FOUND, evidence=evidence
    )
    found.duty.rule, found.duty.why_not_known = NOT_KNOWN, review.duty.why_not_known or EARLIER_HISTORY
    return found
