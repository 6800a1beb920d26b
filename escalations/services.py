"""Everything that changes an escalation: raising it, each answer, moving up, and how it ends."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from accounts.roles import RESPONDERS
from audit.models import AccessEvent
from audit.services import record_access, record_event
from authorities.models import Authority, CalendarDay, Policy
from children.models import Child
from reviews.models import Review
from timescales import WorkingCalendar

from . import permissions, rules
from .models import Escalation, EscalationReview, Ladder, LeftUnescalated, Response, Stage, Step
from .rules import Refused, Rung


@transaction.atomic
def set_ladder(
    *, authority: Authority, starts_on: date, stages: Sequence[Rung], name: str = "Local resolution"
) -> Ladder:
    """Give the authority this ladder from a day on; concerns already open stay on the one they began on.

    Raises Refused when the rungs are out of order, when the formal ones together exceed 20 working days
    (IRO Handbook, para. 6.2), or when another ladder begins the same day.
    """
    rungs = [Rung(*stage) for stage in stages]
    rules.check_ladder(rungs, frozenset(code for code, _ in RESPONDERS))
    if Ladder.objects.filter(authority=authority, starts_on=starts_on).exists():
        raise Refused(f"Another ladder begins on {rules.day(starts_on)}: choose another day.", "starts_on")
    ladder = Ladder.objects.create(authority=authority, starts_on=starts_on, name=name)
    Stage.objects.bulk_create(
        Stage(ladder=ladder, position=position, **rung._asdict()) for position, rung in enumerate(rungs)
    )
    return ladder


def open_escalation(*, uuid: UUID, by: User, what: str, at: datetime) -> Escalation:
    """The escalation this person may see, with the reading of the child's record logged.

    Raises Escalation.DoesNotExist for an unknown one and for a child of others alike.
    """
    escalation = Escalation.objects.visible_to(by).with_its_people().with_story().get(uuid=uuid)
    record_access(
        child_ids=[escalation.child_id],
        authority_id=escalation.authority_id,
        action=AccessEvent.Action.VIEW,
        what=what,
        by=by,
        at=at,
    )
    return escalation


@transaction.atomic
def raise_concern(
    *,
    child: Child,
    stage: Stage,
    concern: str,
    sought: str,
    by: User,
    at: datetime,
    on: date,
    review: Review | None = None,
    uuid: UUID | None = None,
    calendar: WorkingCalendar | None = None,
) -> Escalation:
    """Raise a concern at any stage of the ladder in force, informal or formal, and ask for its answer.

    The answer is due `stage.working_days` working days after `on`. `uuid` makes a second click harmless: the
    same one again gives back the concern already raised. Raises Refused when words are missing, when the
    person is neither the child's IRO nor an IRO manager, or when the stage is of another ladder.
    """
    Child.objects.select_for_update().get(pk=child.pk)  # two clicks at once stand in line here
    raised = Escalation.objects.filter(uuid=uuid, child=child, raised_by=by).first() if uuid else None
    if raised:
        return raised
    rules.check_concern(concern, sought)
    _refuse_unless_theirs(by, child)
    if stage.ladder != Ladder.objects.in_force(child.authority_id, on):
        raise Refused("Choose a stage of the ladder in force.", "stage")
    calendar = calendar or CalendarDay.objects.working_calendar()
    escalation = Escalation.objects.create(
        uuid=uuid or uuid4(),
        authority_id=child.authority_id,
        child=child,
        ladder=stage.ladder,
        concern=concern.strip(),
        sought=sought.strip(),
        stage=stage,
        response_due_on=calendar.add_working_days(on, stage.working_days),
        raised_on=on,
        raised_at=at,
        raised_by=by,
    )
    _open_step(escalation, reason="", by=by, at=at, on=on, calendar=calendar)
    if review:
        _link(escalation, review, by=by, at=at, is_origin=True)
    _tell("escalation.raised", escalation, by, at, **_now_at(escalation))
    return escalation


@transaction.atomic
def link_review(*, escalation: Escalation, review: Review, by: User, at: datetime) -> EscalationReview:
    """Say that a review's rating belongs to a concern already open; linking it twice changes nothing.

    Raises Refused when the concern is resolved, is about another child, or is not this person's to act on.
    """
    locked = _locked(escalation)
    _refuse_unless_theirs(by, locked.child)
    if review.child_id != locked.child_id:
        raise Refused("That escalation is about another child.", "escalation")
    if locked.status != Escalation.Status.OPEN:
        raise rules.Overtaken("That escalation has been resolved: choose another way.", "escalation")
    found = EscalationReview.objects.filter(escalation=locked, review=review).first()
    return found or _link(locked, review, by=by, at=at, is_origin=False)


@transaction.atomic
def leave_unescalated(*, review: Review, reason: str, by: User, at: datetime) -> LeftUnescalated:
    """Keep why an Amber or Red review raised no concern. Raises Refused without a reason."""
    rules.check_left(reason)
    _refuse_unless_theirs(by, review.child)
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


@transaction.atomic
def respond(
    *,
    step: Step,
    answer: str,
    submission: UUID,
    by: User,
    at: datetime,
    on: date,
    action: str = "",
    action_due_on: date | None = None,
    reason: str = "",
) -> Response:
    """Answer one rung, once. The same `submission` again gives back the answer already kept.

    After it the move is the IRO's. Raises AlreadyAnswered when somebody else was first, Overtaken when the
    concern has moved up or been resolved meanwhile, Refused when this person is not asked here or the answer
    is not whole.
    """
    escalation = _locked(step.escalation)
    kept = Response.objects.filter(submission=submission).first()
    if kept and kept.step_id == step.pk and kept.responded_by_id == by.pk:
        return kept
    if kept:
        raise Refused("This form has been used for another answer. Open the concern again to answer it.")
    step = escalation.steps.select_related("stage", "child", "escalation").get(pk=step.pk)
    _refuse_unless_waiting(step, escalation)
    why_not = permissions.why_not_answer(by, step)
    if why_not:
        raise Refused(why_not)
    rules.check_answer(answer, action, action_due_on, reason, on)
    response = Response.objects.create(
        authority_id=step.authority_id,
        child_id=step.child_id,
        step=step,
        submission=submission,
        responded_on=on,
        responded_at=at,
        responded_by=by,
        **_whole(answer, action, action_due_on, reason),
    )
    escalation.response_due_on = None
    escalation.save(update_fields=["response_due_on"])
    _tell("escalation.answered", escalation, by, at, answer=answer, stage=step.stage.position)
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
    seen_position: int | None = None,
    calendar: WorkingCalendar | None = None,
) -> Step:
    """Take the concern to a higher rung, answered or not, leaving out rungs where that is right.

    `seen_position` is the rung the person was looking at; the same move again by the same person gives back
    the step already opened. Raises Overtaken when it has been resolved or moved meanwhile, Refused when the
    stage is not above this one, no reason is given, or the person is neither the child's IRO nor an IRO manager.
    """
    seen_position = escalation.stage.position if seen_position is None else seen_position
    locked = _locked(escalation)
    _refuse_unless_theirs(by, locked.child)
    _refuse_unless_open(locked)
    if locked.stage.position != seen_position:
        return _moved_already(locked, stage, by)
    if stage.ladder_id != locked.ladder_id:
        raise Refused("Choose a stage of this concern's own ladder.", "stage")
    rules.check_move(locked.stage.position, stage.position, reason)
    calendar = calendar or CalendarDay.objects.working_calendar()
    _close_step(locked, by=by, at=at)
    locked.stage = stage
    locked.response_due_on = calendar.add_working_days(on, stage.working_days)
    locked.save(update_fields=["stage", "response_due_on"])
    step = _open_step(locked, reason=reason.strip(), by=by, at=at, on=on, calendar=calendar)
    _tell("escalation.moved_up", locked, by, at, **_now_at(locked))
    return step


@transaction.atomic
def resolve(*, escalation: Escalation, resolution: str, by: User, at: datetime, on: date) -> Escalation:
    """End the concern in the IRO's words, at any rung. The same words again by the same person do nothing.

    Raises Overtaken when somebody has resolved it already, Refused without words or when the person is
    neither the child's IRO nor an IRO manager: no other manager may end it.
    """
    locked = _locked(escalation)
    _refuse_unless_theirs(by, locked.child)
    if locked.resolved_by_id == by.pk and locked.resolution == resolution.strip():
        return locked
    _refuse_unless_open(locked)
    rules.check_resolution(resolution)
    _close_step(locked, by=by, at=at)
    locked.status = Escalation.Status.RESOLVED
    locked.response_due_on = None
    locked.resolution, locked.resolved_at, locked.resolved_by = resolution.strip(), at, by
    locked.save(update_fields=["status", "response_due_on", "resolution", "resolved_at", "resolved_by"])
    _tell("escalation.resolved", locked, by, at, stage=locked.stage.position, on=on.isoformat())
    return locked


def _locked(escalation: Escalation) -> Escalation:
    """The row as it is now, held until the transaction ends."""
    rows = Escalation.objects.select_for_update(of=("self",)).select_related("child", "stage", "resolved_by")
    return rows.get(pk=escalation.pk)


def _refuse_unless_theirs(by: User, child: Child) -> None:
    if not permissions.may_escalate(by, child):
        raise Refused("Only the child's IRO or an IRO manager raises, moves up or resolves a concern.")


def _refuse_unless_open(escalation: Escalation) -> None:
    if escalation.status != Escalation.Status.OPEN:
        raise rules.Overtaken(f"{escalation.resolved_by} has already resolved this concern.")


def _refuse_unless_waiting(step: Step, escalation: Escalation) -> None:
    first = Response.objects.filter(step=step).select_related("responded_by").first()
    if first:
        raise rules.AlreadyAnswered(
            f"{first.responded_by} answered this concern on {rules.day(first.responded_on)}"
            f" ({first.get_answer_display().lower()})."
        )
    _refuse_unless_open(escalation)
    if step.closed_at:
        raise rules.Overtaken(f"This concern has moved up to {escalation.stage.name}.")


def _moved_already(escalation: Escalation, stage: Stage, by: User) -> Step:
    step = escalation.steps.select_related("opened_by").get(closed_at__isnull=True)
    if step.stage_id == stage.pk and step.opened_by_id == by.pk:
        return step
    raise rules.Overtaken(f"{step.opened_by} has already moved this concern to {escalation.stage.name}.")


def _whole(answer: str, action: str, action_due_on: date | None, reason: str) -> dict[str, Any]:
    """Only what belongs to the answer given: a contest promises nothing, a full acceptance explains nothing."""
    promises, explains = answer != rules.CONTESTED, answer != rules.ACCEPTED
    return {
        "answer": answer,
        "action": action.strip() if promises else "",
        "action_due_on": action_due_on if promises else None,
        "reason": reason.strip() if explains else "",
    }


def _open_step(
    escalation: Escalation, *, reason: str, by: User, at: datetime, on: date, calendar: WorkingCalendar
) -> Step:
    due_on = escalation.response_due_on
    warning_days = Policy.objects.in_force(escalation.authority_id, on).response_due_soon_days
    assert due_on is not None  # set by both callers in the line before
    return Step.objects.create(
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        escalation=escalation,
        stage=escalation.stage,
        opened_on=on,
        opened_at=at,
        opened_by=by,
        reason=reason,
        response_due_on=due_on,
        response_due_soon_on=max(on, calendar.subtract_working_days(due_on, warning_days)),
    )


def _close_step(escalation: Escalation, *, by: User, at: datetime) -> None:
    escalation.steps.filter(closed_at__isnull=True).update(closed_at=at, closed_by=by)


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
    _tell("escalation.linked", escalation, by, at, review=review.pk, is_origin=is_origin)
    return link


def _now_at(escalation: Escalation) -> dict[str, Any]:
    due_on = escalation.response_due_on
    return {"stage": escalation.stage.position, "due_on": due_on.isoformat() if due_on else None}


def _tell(verb: str, escalation: Escalation, by: User, at: datetime, **detail: Any) -> None:
    record_event(
        verb=verb,
        subject=escalation,
        by=by,
        at=at,
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        **detail,
    )
