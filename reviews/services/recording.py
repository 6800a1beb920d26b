"""Recording a review: one transaction for the record, its decisions, the next review and what the rating leads to."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.services import record_event

from .. import rules
from ..made import FollowUp
from ..models import Decision, Review, ReviewDraft
from .cycles import schedule_next
from .follow_up import follow_rating
from .reading import last_held_on
from .scheduling import cancelled, lock, refuse_held


@transaction.atomic
def record_review(
    *,
    review: Review,
    held_on: date,
    participation: str,
    childs_views: str,
    discussion: str,
    rag: str,
    rag_reason: str,
    decisions: Sequence[rules.DecisionMade],
    token: UUID,
    follow_up: FollowUp | None,
    by: User,
    at: datetime,
    on: date,
    has_no_decisions: bool = False,
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
    _check(locked, held_on, participation, rag, rag_reason, decisions, has_no_decisions, on)
    locked.held_on, locked.participation, locked.rag = held_on, participation, rag
    locked.childs_views, locked.discussion, locked.rag_reason = childs_views, discussion, rag_reason
    locked.recorded_at, locked.recorded_by, locked.record_token = at, by, token
    locked.cancelled_at, locked.cancelled_by, locked.cancelled_reason = None, None, ""
    locked.save()
    _write_decisions(locked, decisions)
    following = schedule_next(after=locked, by=by, at=at)
    if follow_up is not None:
        follow_rating(review=locked, follow_up=follow_up, by=by, at=at, on=on)
    ReviewDraft.objects.of(locked.pk, by.pk).delete()
    _log_recorded(locked, following, len(decisions), by, at)
    return locked


def _refuse_closed(review: Review) -> None:
    refuse_held(review)
    if review.cancelled_at is not None and not review.is_recordable:
        raise cancelled(review.cancelled_at)


def _check(
    review: Review,
    held_on: date,
    participation: str,
    rag: str,
    rag_reason: str,
    decisions: Sequence[rules.DecisionMade],
    has_no_decisions: bool,
    on: date,
) -> None:
    period = review.care_period
    rules.check_held_on(held_on, period.starts_on, on, period.ends_on)
    rules.check_after_last(held_on, last_held_on(review=review))
    rules.check_not_held_twice(held_on, Review.objects.held_days(review.child_id, review.cycle))
    rules.check_participation(participation, review.child.date_of_birth, held_on)
    rules.check_rag(rag, rag_reason)
    rules.check_decisions(decisions, held_on, has_no_decisions)


def _write_decisions(review: Review, decisions: Sequence[rules.DecisionMade]) -> None:
    Decision.objects.bulk_create(
        Decision(
            authority_id=review.authority_id,
            child_id=review.child_id,
            review=review,
            number=number,
            text=decision.text,
            outcome=decision.outcome,
            owner=decision.owner,
            due_on=decision.due_on,
        )
        for number, decision in enumerate(decisions, start=1)
    )


def _log_recorded(review: Review, following: Review | None, decisions: int, by: User, at: datetime) -> None:
    assert review.held_on is not None
    due_on = following.due_on if following else None
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
