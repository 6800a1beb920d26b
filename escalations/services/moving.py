"""Answering a rung, moving up and resolving."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.viewers import Viewer
from authorities.models import CalendarDay
from duties.rules import MOVED_UP, RESOLVED
from duties.services import meet
from escalations import permissions, rules
from escalations.models import Escalation, Response, Stage, Step
from escalations.rules import AnswerGiven
from timescales.refusals import Refused

from .promises import owe_promise
from .steps import (
    close_step,
    lock,
    now_at,
    open_step,
    refuse_answered,
    refuse_unless_as_seen,
    refuse_unless_open,
    refuse_unless_theirs,
    seen_in,
    tell,
)


@transaction.atomic
def respond(
    *,
    step: Step,
    given: AnswerGiven,
    submission: UUID,
    by: User,
    at: datetime,
    on: date,
) -> Response:
    """Answer one rung, once. The same `submission` again gives back the answer already kept.

    After it the move is the IRO's. Raises AlreadyAnswered when somebody else was first, Overtaken when the
    concern has moved up or been resolved meanwhile, Refused when this person is not asked here or the answer
    is not whole.
    """
    escalation = lock(step.escalation)
    kept = Response.objects.filter(submission=submission).first()
    if kept and kept.step_id == step.pk and kept.responded_by_id == by.pk:
        return kept
    if kept:
        raise Refused("This form has been used for another answer. Open the concern again to answer it.")
    step = escalation.steps.select_related("stage", "child", "escalation", "duty").get(pk=step.pk)
    _refuse_unless_waiting(step, escalation)
    why_not = permissions.why_not_answer(Viewer(by, at), step)
    if why_not:
        raise Refused(why_not)
    rules.check_answer(given, on)
    whole = _whole(given)
    response = Response.objects.create(
        duty=owe_promise(step, whole, by, on),
        authority_id=step.authority_id,
        child_id=step.child_id,
        step=step,
        submission=submission,
        responded_on=on,
        responded_at=at,
        responded_by=by,
        **asdict(whole),
    )
    meet(duty=step.duty, on=on)
    tell("escalation.answered", escalation, by, at, answer=given.answer, stage=step.stage.position)
    return response


@transaction.atomic
def move_up(
    *,
    escalation: Escalation,
    stage: Stage,
    reason: str,
    by: User,
    at: datetime,
    on: date,
    seen: rules.Seen | None = None,
) -> Step:
    """Take the concern to a higher rung, answered or not, leaving out rungs where that is right.

    `seen` is what the person was looking at, left out: the copy given. The same move again by the same person gives
    back the step already opened. Raises Overtaken when it has been resolved, moved or answered meanwhile, Refused
    when the stage is not above this one, no reason is given, or the person is neither the child's IRO nor an IRO
    manager.
    """
    seen = seen or seen_in(escalation)
    locked = lock(escalation)
    refuse_unless_theirs(Viewer(by, at), locked.child)
    refuse_unless_open(locked)
    moved = locked.steps.filter(closed_at__isnull=True, stage=stage, opened_by=by).first()
    if moved and seen.position != stage.position:
        return moved
    refuse_unless_as_seen(locked, seen)
    if stage.ladder_id != locked.ladder_id:
        raise Refused("Choose a stage of this concern's own ladder.", "stage")
    rules.check_move(locked.stage.position, stage.position, reason)
    calendar = CalendarDay.objects.working_calendar()
    close_step(locked, MOVED_UP, by=by, at=at)
    locked.stage = stage
    locked.save(update_fields=["stage"])
    step = open_step(locked, reason=reason.strip(), by=by, at=at, on=on, calendar=calendar)
    tell("escalation.moved_up", locked, by, at, **now_at(step))
    return step


@transaction.atomic
def resolve(
    *,
    escalation: Escalation,
    resolution: str,
    by: User,
    at: datetime,
    on: date,
    seen: rules.Seen | None = None,
) -> Escalation:
    """End the concern in the IRO's words, at any rung. The same words again by the same person do nothing.

    `seen` as for `move_up`. Raises Overtaken when somebody has resolved, moved or answered it meanwhile, Refused
    without words or when the person is neither the child's IRO nor an IRO manager: no other manager may end it.
    """
    seen = seen or seen_in(escalation)
    locked = lock(escalation)
    refuse_unless_theirs(Viewer(by, at), locked.child)
    if locked.resolved_by_id == by.pk and locked.resolution == resolution.strip():
        return locked
    refuse_unless_open(locked)
    refuse_unless_as_seen(locked, seen)
    rules.check_resolution(resolution)
    close_step(locked, RESOLVED, by=by, at=at)
    locked.status = Escalation.Status.RESOLVED
    locked.resolution, locked.resolved_at, locked.resolved_by = resolution.strip(), at, by
    locked.save(update_fields=["status", "resolution", "resolved_at", "resolved_by"])
    tell("escalation.resolved", locked, by, at, stage=locked.stage.position, on=on.isoformat())
    return locked


def _refuse_unless_waiting(step: Step, escalation: Escalation) -> None:
    refuse_answered(step)
    refuse_unless_open(escalation)
    refuse_unless_as_seen(escalation, rules.Seen(step.stage.position))


def _whole(given: AnswerGiven) -> AnswerGiven:
    """Only what belongs to the answer given: a contest promises nothing, a full acceptance explains nothing."""
    promises, explains = given.answer != rules.CONTESTED, given.answer != rules.ACCEPTED
    return AnswerGiven(
        answer=given.answer,
        action=given.action.strip() if promises else "",
        action_due_on=given.action_due_on if promises else None,
        reason=given.reason.strip() if explains else "",
    )
