"""Recording a review: one transaction for the record, its decisions, the next review and what the rating leads to."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from children.services import lock_care
from duties.clocks import Clock
from duties.kinds import DECISION, REVIEW
from duties.models import Duty
from duties.services import Owed, meet, owe_all
from escalations.permissions import people_round
from timescales import DECISION_AGREED, OutsideCalendar
from timescales.refusals import Refused

from .. import rules
from ..made import DecisionMade, FollowUp, ReviewMade
from ..models import Decision, Review, ReviewDraft
from .follow_up import follow_rating
from .outcomes import answer_last_time
from .rows import day_held
from .scheduling import cancelled, lock, refuse_held
from .settling import settle_children


@transaction.atomic
def record_review(
    *,
    review: Review,
    made: ReviewMade,
    token: UUID,
    follow_up: FollowUp | None,
    by: User,
    at: datetime,
    on: date,
) -> Review:
    """Record a review as held, and create the next one dated from that day, unless care has ended.

    The same `token` again gives the review back and changes nothing. `follow_up` is what the IRO chose
    to do about the rating, and is done in this transaction. Raises AlreadyRecorded when somebody else was first,
    Cancelled, and Refused for what the rules do not allow: days, participation against age, a rating without its
    reason, decisions, a concern or a stage that is gone meanwhile.
    """
    locked = lock(review)
    if locked.record_token == token:
        return locked
    _refuse_closed(locked)
    _check(locked, made, on)
    _write(locked, made, token, by, at)
    meet(duty=locked.duty, on=made.held_on)
    _meet_other_clock(locked, made.held_on)
    answer_last_time(review=locked, outcomes=made.last_time, by=by, at=at, on=on)
    write_decisions(locked, made.decisions, at)
    following = _settle_what_follows(locked, by, at)
    if follow_up is not None:
        follow_rating(review=locked, follow_up=follow_up, by=by, at=at, on=on)
    ReviewDraft.objects.of(locked.pk, by.pk).delete()
    _log_recorded(locked, following, len(made.decisions), by, at)
    return locked


def _settle_what_follows(review: Review, by: User, at: datetime) -> Review | None:
    """The review due next, now that this one was held; None where care has ended."""
    care = lock_care(authority_id=review.authority_id, child_ids=[review.child_id])
    try:
        settled = settle_children(care=care, by=by, at=at)
    except OutsideCalendar as error:
        raise Refused(str(error), "held_on") from error
    return next(iter(settled.opened), None)


def _meet_other_clock(review: Review, on: date) -> None:
    """One meeting satisfies both clocks, where an adoption clock runs beside the looked-after one."""
    Duty.objects.of_kind(REVIEW.code).open().filter(child=review.child_id, about=review.uuid).update(met_on=on)


def _refuse_closed(review: Review) -> None:
    if not review.is_to_write_up:
        refuse_held(review)
    if review.duty.closed_at is not None and not review.is_recordable:
        raise cancelled(review.duty.closed_at)


def _check(review: Review, made: ReviewMade, on: date) -> None:
    check_day(review, made.held_on, on)
    rules.check_participation(made.participation, review.child.date_of_birth, made.held_on)
    rules.check_rag(made.rag, made.rag_reason)
    rules.check_decisions(made.decisions, made.held_on, made.has_no_decisions)


def check_day(review: Review, held_on: date, on: date) -> None:
    """Refuse a day on which this review cannot have been held: its care period and its neighbours say so."""
    period = review.care_period
    rules.check_held_on(held_on, period.starts_on, on, period.ends_on)
    rules.check_after_last(held_on, Review.objects.before(review).last_held_on())
    rules.check_before_next(held_on, Review.objects.after(review).first_held_on())
    others = Review.objects.exclude(pk=review.pk)
    rules.check_not_held_twice(held_on, others.held_days(review.child_id, review.cycle))


def _write(review: Review, made: ReviewMade, token: UUID, by: User, at: datetime) -> None:
    """Every column of the record by its name; `save` raises ValueError for one the table has not."""
    written = made.columns() | {
        "recorded_at": at,
        "recorded_by": by,
        "record_token": token,
    }
    for name, value in written.items():
        setattr(review, name, value)
    review.save(update_fields=written)


def write_decisions(review: Review, decisions: Sequence[DecisionMade], at: datetime) -> None:
    """Each decision with the duty it is."""
    if not decisions:
        return
    rows = [
        Decision(
            authority_id=review.authority_id,
            child_id=review.child_id,
            review=review,
            number=number,
            **decision.columns(),
        )
        for number, decision in enumerate(decisions, start=1)
    ]
    names = people_round(review.child)
    owed = [_owed(review, row, decision.due_on, names) for row, decision in zip(rows, decisions, strict=True)]
    duties = owe_all(owed=owed, clock=Clock.of(review.authority_id, localdate(at)))
    for row, duty in zip(rows, duties, strict=True):
        row.duty = duty
    Decision.objects.bulk_create(rows)


def _owed(review: Review, row: Decision, due_on: date, names: Mapping[str, Sequence[str]]) -> Owed:
    """A decision is to be done by whoever it names, and owed by the post that answers for them, by the day agreed."""
    made_on = day_held(review)
    return Owed(
        kind=DECISION.code,
        authority_id=review.authority_id,
        child_id=review.child_id,
        rule=DECISION_AGREED.code,
        runs_from_on=min(made_on, due_on),  # one agreed before the day was corrected stays as agreed
        allowed=max((due_on - made_on).days, 0),
        owed_by_roles=(rules.who_answers(row.owner, names),),
        owed_by_words=row.owner,
        about=row.uuid,
    )


def _log_recorded(review: Review, following: Review | None, decisions: int, by: User, at: datetime) -> None:
    assert review.held_on is not None
    due_on = following.duty.due_on if following else None
    record_event(
        verb="review.recorded",
        subject=review,
        by=by,
        at=at,
        authority_id=review.authority_id,
        child_id=review.child_id,
        held_on=review.held_on.isoformat(),
        participation=review.participation,
        rag=review.rag,
        decisions=decisions,
        next_due_on=due_on.isoformat() if due_on else None,
    )
