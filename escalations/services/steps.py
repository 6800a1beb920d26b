"""What every act on a concern shares: its lock, its steps, its refusals and its business event."""

from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from accounts.models import User
from accounts.viewers import Viewer
from audit.services import record_event
from authorities.models import Policy
from children.models import Allocation, Child
from children.services import lock_child
from duties.clocks import Clock
from duties.kinds import RESPONSE
from duties.services import Owed, close, owe
from escalations import permissions, rules
from escalations.models import Escalation, Response, Step
from timescales import STAGE_ANSWER, WorkingCalendar
from timescales.refusals import Refused


def lock(escalation: Escalation) -> Escalation:
    """The concern as it stands now, held with its child until the transaction ends.

    Stage and people are read afterwards: a row locked together with its stage is looked for again, after a
    wait, beside the stage it had before, and not found.
    """
    child = lock_child(escalation.child_id)
    locked = Escalation.objects.select_for_update(no_key=True).get(pk=escalation.pk)
    locked.child = child
    return locked


def refuse_unless_theirs(viewer: Viewer, child: Child) -> None:
    """Raise Refused for a stranger, and Overtaken, with who chose whom, for the IRO of before."""
    if permissions.may_escalate(viewer, child):
        return
    words = "Only the child's IRO or an IRO manager raises, moves up or resolves a concern."
    if replaced := who_replaced(viewer, child):
        raise rules.Overtaken(f"{replaced} {words}")
    raise Refused(words)


def who_replaced(viewer: Viewer, child: Child) -> str:
    """Who chose whom in the place of the IRO of before, in a sentence; empty for anybody who never was."""
    iros = Allocation.objects.filter(child=child, kind=Allocation.Kind.IRO)
    now = iros.live().first()
    was_theirs = now is not None and iros.filter(user=viewer.user.pk).exists()
    return f"{now.made_by or 'Somebody'} made {now.user} the child's IRO." if now and was_theirs else ""


def refuse_unless_open(escalation: Escalation) -> None:
    if escalation.status != Escalation.Status.OPEN:
        raise rules.Overtaken(f"{escalation.resolved_by} has already resolved this concern.")


def seen_in(escalation: Escalation) -> rules.Seen:
    """What somebody saw who holds this copy of a concern."""
    answers = Response.objects.filter(step__escalation=escalation, step__closed_at__isnull=True)
    return rules.Seen(escalation.stage.position, answers.exists())


def refuse_unless_as_seen(escalation: Escalation, seen: rules.Seen) -> None:
    """Raise Overtaken, with who did it, where the concern was moved up or answered since somebody looked."""
    step = escalation.steps.get(closed_at__isnull=True)
    if seen.position not in (None, step.stage.position):
        raise rules.Overtaken(f"{step.opened_by} has already moved this concern to {step.stage.name}.")
    if seen.is_answered is False:
        refuse_answered(step)


def refuse_answered(step: Step) -> None:
    """Raise AlreadyAnswered, with who answered what, where the rung has its answer."""
    first = Response.objects.filter(step=step).first()
    if first:
        raise rules.AlreadyAnswered(
            f"{first.responded_by} answered this concern on {rules.day(first.responded_on)}"
            f" ({first.get_answer_display().lower()})."
        )


def open_step(
    escalation: Escalation, *, reason: str, by: User, at: datetime, on: date, calendar: WorkingCalendar
) -> Step:
    owed = Owed(
        kind=RESPONSE.code,
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        rule=STAGE_ANSWER.code,
        runs_from_on=on,
        allowed=escalation.stage.working_days,
        owed_by_roles=tuple(escalation.stage.responder_roles),
        not_owed_by=escalation.raised_by,
        about=escalation.uuid,
    )
    duty = owe(owed=owed, clock=Clock(Policy.objects.in_force(escalation.authority_id, on), calendar))
    return Step.objects.create(
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        escalation=escalation,
        stage=escalation.stage,
        duty=duty,
        opened_on=on,
        opened_at=at,
        opened_by=by,
        reason=reason,
    )


def close_step(escalation: Escalation, reason: str, *, by: User, at: datetime) -> None:
    """Leave the rung the concern stands on; an answer that never came is owed no more, for this reason."""
    for step in escalation.steps.filter(closed_at__isnull=True).select_related("duty"):
        if step.duty.is_open:
            close(duty=step.duty, reason=reason, on=localdate(at), at=at, by=by)
        Step.objects.filter(pk=step.pk).update(closed_at=at, closed_by=by)


def now_at(step: Step) -> dict[str, Any]:
    due_on = step.duty.due_on
    return {"stage": step.stage.position, "due_on": due_on.isoformat() if due_on else None}


def tell(verb: str, escalation: Escalation, by: User, at: datetime, **detail: Any) -> None:
    record_event(
        verb=verb,
        subject=escalation,
        by=by,
        at=at,
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        **detail,
    )
