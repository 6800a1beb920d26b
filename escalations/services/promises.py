"""What a manager promises in an answer: owed until it is kept, whatever becomes of the concern."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.viewers import Viewer
from duties.clocks import Clock
from duties.kinds import PROMISE
from duties.models import Duty
from duties.rules import NO_LONGER_NEEDED
from duties.services import Owed, close, meet, owe
from timescales import ACTION_PROMISED
from timescales.refusals import Refused

from .. import permissions, rules
from ..models import Response, Step
from ..rules import AnswerGiven
from .steps import lock, tell


def owe_promise(step: Step, given: AnswerGiven, by: User, on: date) -> Duty | None:
    """What this answer promises by a day, owed by whoever gives it; None where it promises nothing."""
    if given.action_due_on is None:
        return None
    owed = Owed(
        kind=PROMISE.code,
        authority_id=step.authority_id,
        child_id=step.child_id,
        rule=ACTION_PROMISED.code,
        runs_from_on=on,
        allowed=(given.action_due_on - on).days,
        owed_by=by,
        about=step.escalation.uuid,
    )
    return owe(owed=owed, clock=Clock.of(step.authority_id, on))


@transaction.atomic
def end_promise(
    *, response: Response, words: str, kept_on: date | None, by: User, at: datetime, on: date
) -> Response:
    """Say that what was promised was done that day, or with None that it is no longer needed, which only the IRO may.

    The same words again by the same person do nothing. Raises Overtaken, with who, where somebody has said so before,
    and Refused without words, for a day it cannot have been, and for whoever may not.
    """
    lock(response.step.escalation)
    locked = Response.objects.select_for_update(no_key=True).get(pk=response.pk)
    if locked.ended_by_id == by.pk and locked.ended_words == words.strip():
        return locked
    _refuse(locked, Viewer(by, at), kept_on)
    rules.check_promise_ended(words, kept_on, locked.responded_on, on)
    assert locked.duty is not None  # what was not promised is refused above
    if kept_on is not None:
        meet(duty=locked.duty, on=kept_on)
    else:
        close(duty=locked.duty, reason=NO_LONGER_NEEDED, on=localdate(at), at=at, by=by)
    locked.ended_words, locked.ended_at, locked.ended_by = words.strip(), at, by
    locked.save(update_fields=["ended_words", "ended_at", "ended_by"])
    tell("escalation.promise_ended", locked.step.escalation, by, at, kept_on=kept_on and kept_on.isoformat())
    return locked


def _refuse(response: Response, viewer: Viewer, kept_on: date | None) -> None:
    if response.ended_by is not None:
        raise rules.Overtaken(f"{response.ended_by} has already said what came of this promise.")
    if response.duty is None:
        raise Refused("This answer promised nothing.")
    if not permissions.may_keep_promise(viewer, response):
        raise Refused("Only whoever promised it and the child's IRO say what came of it.")
    if kept_on is None and not permissions.may_escalate(viewer, response.child):
        raise Refused("Only the child's IRO says that it is no longer needed.")
