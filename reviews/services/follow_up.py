"""What a rating leads to: opening the ladder, joining an open concern, or leaving it with a reason."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.viewers import Viewer
from audit.services import record_event
from authorities.models import CalendarDay
from authorities.words import say
from escalations import permissions
from escalations.models import Escalation, Stage
from escalations.rules import ConcernRaised, Overtaken, day
from escalations.services import raise_concern
from escalations.services.steps import lock, refuse_unless_theirs, tell
from timescales.refusals import Refused

from .. import rules
from ..made import FollowUp, Way
from ..models import EscalationReview, LeftUnescalated, Review


def follow_up_sentence(*, review: Review, follow_up: FollowUp, on: date, words: Mapping[str, str]) -> str:
    """What following up this way will do: who is asked, and the day their answer is due."""
    if follow_up.choice == Way.LEAVE:
        return "No concern will be raised. Your reason will be kept with the review."
    if follow_up.choice == Way.LINK:
        linked = _linked(review, follow_up)
        links = say("This will link the review to {escalation}", words)
        return f"{links} {linked.reference}, now at {linked.stage.name}."
    stage = _stage(review, follow_up, on)
    asked = permissions.with_whom(stage, permissions.people_at(stage, review.child))
    due_on = CalendarDay.objects.working_calendar().add_working_days(on, stage.working_days)
    opens = f"go straight to {stage.name}" if stage.is_formal else "open an informal resolution"
    return f"This will {opens} with the {asked}, to answer by {day(due_on)}."


@transaction.atomic
def follow_rating(*, review: Review, follow_up: FollowUp, by: User, at: datetime, on: date) -> None:
    """Do what the IRO chose to do about the review's rating.

    Raises Refused, Overtaken among them; its field begins "follow_up", to say in which answer the fault lies.
    """
    try:
        _follow(review, follow_up, by, at, on)
    except Refused as refusal:
        refusal.field = f"follow_up.{refusal.field}" if refusal.field else "follow_up"
        raise


def _follow(review: Review, follow_up: FollowUp, by: User, at: datetime, on: date) -> None:
    if follow_up.choice == Way.LEAVE:
        leave_unescalated(review=review, reason=follow_up.reason, by=by, at=at)
    elif follow_up.choice == Way.LINK:
        link_review(escalation=_linked(review, follow_up), review=review, by=by, at=at)
    else:
        _raise_from(review, follow_up, by, at, on)


def _raise_from(review: Review, follow_up: FollowUp, by: User, at: datetime, on: date) -> None:
    raised = raise_concern(
        child=review.child,
        stage=_stage(review, follow_up, on),
        raised=ConcernRaised(follow_up.concern or review.rag_reason, follow_up.sought),
        by=by,
        at=at,
        on=on,
    )
    _link(raised, review, by=by, at=at, is_origin=True)


@transaction.atomic
def link_review(*, escalation: Escalation, review: Review, by: User, at: datetime) -> EscalationReview:
    """Say that a review's rating belongs to a concern already open; linking it twice changes nothing.

    Raises Refused when the concern is resolved, is about another child, or is not this person's to act on.
    """
    locked = lock(escalation)
    refuse_unless_theirs(Viewer(by, at), locked.child)
    if review.child_id != locked.child_id:
        raise Refused("That concern is about another child.", "escalation")
    if locked.status != Escalation.Status.OPEN:
        raise Overtaken("That concern has been resolved: choose another way.", "escalation")
    found = EscalationReview.objects.filter(escalation=locked, review=review).first()
    return found or _link(locked, review, by=by, at=at, is_origin=False)


@transaction.atomic
def leave_unescalated(*, review: Review, reason: str, by: User, at: datetime) -> LeftUnescalated:
    """Keep why an Amber or Red review raised no concern. Raises Refused without a reason."""
    rules.check_left(reason)
    refuse_unless_theirs(Viewer(by, at), review.child)
    left = LeftUnescalated.objects.create(
        authority_id=review.authority_id,
        child_id=review.child_id,
        review=review,
        reason=reason.strip(),
        left_at=at,
        left_by=by,
    )
    record_event(
        verb="escalation.left",
        subject=left,
        by=by,
        at=at,
        authority_id=review.authority_id,
        child_id=review.child_id,
        review=review.pk,
        rag=review.rag,
    )
    return left


def _link(escalation: Escalation, review: Review, *, by: User, at: datetime, is_origin: bool) -> EscalationReview:
    link = EscalationReview.objects.create(
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        escalation=escalation,
        review=review,
        is_origin=is_origin,
        linked_at=at,
        linked_by=by,
    )
    tell("escalation.linked", escalation, by, at, review=review.pk, is_origin=is_origin)
    return link


def _linked(review: Review, follow_up: FollowUp) -> Escalation:
    open_ones = Escalation.objects.open().of_child(review.child_id).with_its_people()
    found: Escalation | None = open_ones.filter(uuid=follow_up.escalation).first() if follow_up.escalation else None
    if found is None:
        raise Overtaken("The concern you chose has been resolved meanwhile: choose another way.", "escalation")
    return found


def _stage(review: Review, follow_up: FollowUp, on: date) -> Stage:
    is_formal = follow_up.choice == Way.FORMAL
    for stage in permissions.stages_now(review.authority_id, on):
        if stage.is_formal == is_formal and (not is_formal or stage.position == follow_up.stage):
            return stage
    raise Overtaken("The ladder has changed meanwhile: choose the stage again.", "stage")
