"""What came of a decision, as somebody says it, and what that means for the duty it is."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.viewers import Viewer
from audit.services import record_event
from children.services import lock_child
from duties.models import Duty
from duties.rules import NO_LONGER_RIGHT, REVIEWED_SINCE
from duties.services import close, close_all, meet, reopen
from escalations.services.steps import who_replaced
from timescales.refusals import Refused
from timescales.words import in_words

from .. import permissions, rules
from ..made import OutcomeSaid
from ..models import Decision, DecisionOutcome, Review


@transaction.atomic
def mark_decision(*, decision: Decision, outcome: OutcomeSaid, by: User, at: datetime, on: date) -> DecisionOutcome:
    """Say what came of a decision. Done or no longer right, it is owed no more; else it is still owed, or owed again.

    The same words again by the same person give back what was said. Raises SaidMeanwhile, with who said what, where
    somebody has said something since this person looked, and Refused for what `rules.check_outcome` refuses or where
    this is not theirs to say.
    """
    child = lock_child(decision.child_id)
    locked = _locked(decision)
    locked.child = child
    viewer = Viewer(by, at)
    if not permissions.may_mark(viewer, locked):
        raise Refused(f"{who_replaced(viewer, child)} {permissions.MAY_NOT_MARK}".strip())
    return _say(locked, outcome, by=by, at=at, on=on)


def answer_last_time(
    *, review: Review, outcomes: Mapping[UUID, OutcomeSaid], by: User, at: datetime, on: date
) -> list[DecisionOutcome]:
    """Say at a review what came of decisions made before it.

    One of which nothing was ever said counts as reviewed since, and no more; one said to be still owed stays so.
    The child is locked by whoever records the review. Raises Refused beside "last_time" for an answer that cannot be
    taken, SaidMeanwhile among them.
    """
    assert review.held_on is not None
    mine = Decision.objects.of_child(review.child_id).filter(review__held_on__lt=review.held_on)
    named = {decision.uuid: decision for decision in mine.filter(uuid__in=outcomes)}
    try:
        said = [_answer(named.get(uuid), one, review, by, at, on) for uuid, one in outcomes.items()]
    except Refused as refusal:
        refusal.field = "last_time"
        raise
    passed_over = [decision.duty for decision in mine.open().never_said()]
    close_all(duties=passed_over, reason=REVIEWED_SINCE, on=review.held_on, at=at, by=by)
    return said


def _answer(
    decision: Decision | None, outcome: OutcomeSaid, review: Review, by: User, at: datetime, on: date
) -> DecisionOutcome:
    if decision is None:
        raise Refused("One of the decisions answered is none of this child's earlier ones.")
    return _say(_locked(decision), outcome, by=by, at=at, on=on, at_review=review)


def _locked(decision: Decision) -> Decision:
    """The decision and its duty as they stand now, locked after its child until the transaction ends."""
    locked = Decision.objects.select_for_update(no_key=True).get(pk=decision.pk)
    locked.duty = Duty.objects.select_for_update(no_key=True).get(pk=locked.duty_id)
    return locked


def _say(
    decision: Decision, outcome: OutcomeSaid, *, by: User, at: datetime, on: date, at_review: Review | None = None
) -> DecisionOutcome:
    last = decision.outcomes.with_people().last()
    if last and _is_same(last, outcome, by):
        return last
    if outcome.seen is not ... and outcome.seen != (last and last.uuid):
        raise _said_meanwhile(decision, last)
    assert decision.review.held_on is not None  # only a review that took place decides
    rules.check_outcome(outcome, decision.review.held_on, on)
    said = DecisionOutcome.objects.create(
        authority_id=decision.authority_id,
        child_id=decision.child_id,
        decision=decision,
        said=outcome.said,
        proof=outcome.proof.strip(),
        done_on=outcome.done_on if outcome.said == rules.DONE else None,
        at_review=at_review,
        said_at=at,
        said_by=by,
    )
    _settle(decision.duty, said, by, at)
    _log(said, by, at)
    return said


def _is_same(last: DecisionOutcome, outcome: OutcomeSaid, by: User) -> bool:
    now = (by.pk, outcome.said, outcome.proof.strip())
    return now == (last.said_by_id, last.said, last.proof) and last.done_on in (None, outcome.done_on)


def _said_meanwhile(decision: Decision, last: DecisionOutcome | None) -> Refused:
    if last is None:  # rows are only added: whoever saw one sees one
        return Refused("Nothing has been said of this decision yet: leave out what you have seen.", "seen")
    said = last.get_said_display().lower()
    words = f"{last.said_by} said on {in_words(localdate(last.said_at))} of “{decision.text}”: {said}."
    return rules.SaidMeanwhile(f"{words} Read that first, then say what you know.", "said")


def _settle(duty: Duty, said: DecisionOutcome, by: User, at: datetime) -> None:
    """Met, closed, or owed: as the last words have it."""
    if said.said == rules.DONE:
        assert said.done_on is not None
        meet(duty=duty, on=said.done_on)
        return
    if not duty.is_open:
        reopen(duty=duty)
    if said.said == rules.NO_LONGER_RIGHT:
        held_on = said.at_review.held_on if said.at_review else None
        close(duty=duty, reason=NO_LONGER_RIGHT, on=held_on or localdate(at), at=at, by=by)


def _log(said: DecisionOutcome, by: User, at: datetime) -> None:
    record_event(
        verb="decision.marked",
        subject=said.decision,
        by=by,
        at=at,
        authority_id=said.authority_id,
        child_id=said.child_id,
        said=said.said,
        done_on=said.done_on.isoformat() if said.done_on else None,
        at_review=said.at_review_id,
    )
