"""Rows of reviews and their duties while they are settled: what each is, a new one, and one taken away."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError

from children.models import CarePeriod
from duties.clocks import Clock
from duties.kinds import REVIEW
from duties.models import Duty

from ..cycle_rules import Place
from ..models import Review

NOT_CLOSED = {"closed_on": None, "closed_at": None, "closed_by_id": None, "closed_reason": ""}
NOT_PLANNED = {"planned_for_on": None, "planned_at": None, "planned_by_id": None}


def day_held(review: Review) -> date:
    assert review.held_on is not None
    return review.held_on


def keys_of(periods: Iterable[CarePeriod]) -> set[int]:
    return {period.pk for period in periods}


def new_review(period: CarePeriod, cycle: str, **details: object) -> Review:
    """A review not yet saved, with its duty still to be dated."""
    review = Review(
        authority_id=period.authority_id, child_id=period.child_id, care_period=period, cycle=cycle, **details
    )
    review.duty = Duty(
        kind=REVIEW.code,
        authority_id=review.authority_id,
        child_id=review.child_id,
        series=review.cycle,
        owed_by_roles=list(REVIEW.owed_by_roles),
        about=review.uuid,
        met_on=review.held_on,
    )
    return review


def dated(place: Place, clock: Clock) -> dict[str, object]:
    """The columns of a duty that has this place."""
    dates = clock.dates(REVIEW.code, place.rule, place.runs_from_on).columns()
    return {"rule": place.rule, "runs_from_on": place.runs_from_on, "why_not_known": place.why, **dates}


def is_deleted(*rows: Review | Duty) -> bool:
    """Delete these rows unless something points at one of them; row history keeps what they were."""
    try:
        with transaction.atomic():
            for row in rows:
                row.delete()
    except ProtectedError:
        return False
    return True
