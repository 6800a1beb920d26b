"""Raising a concern."""

from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from accounts.models import User
from accounts.viewers import Viewer
from authorities.models import CalendarDay
from children.models import Child
from children.services import lock_child
from escalations import rules
from escalations.models import Escalation, Ladder, Stage
from escalations.rules import ConcernRaised
from timescales.refusals import Refused

from .steps import now_at, open_step, refuse_unless_theirs, tell


@transaction.atomic
def raise_concern(
    *,
    child: Child,
    stage: Stage,
    raised: ConcernRaised,
    by: User,
    at: datetime,
    on: date,
) -> Escalation:
    """Raise a concern at any stage of the ladder in force, informal or formal, and ask for its answer.

    The answer is due `stage.working_days` working days after `on`. The same `raised.uuid` again gives back the
    concern it raised. Raises Refused when words are missing, when the
    person is neither the child's IRO nor an IRO manager, or when the stage is of another ladder.
    """
    child = lock_child(child.pk)  # two clicks at once stand in line here
    before = Escalation.objects.filter(uuid=raised.uuid, child=child, raised_by=by).first() if raised.uuid else None
    if before:
        return before
    rules.check_concern(raised)
    refuse_unless_theirs(Viewer(by, at), child)
    if stage.ladder != Ladder.objects.in_force(child.authority_id, on):
        raise Refused("Choose a stage of the ladder in force.", "stage")
    calendar = CalendarDay.objects.working_calendar()
    escalation = Escalation.objects.create(
        uuid=raised.uuid or uuid4(),
        authority_id=child.authority_id,
        child=child,
        ladder=stage.ladder,
        concern=raised.concern.strip(),
        sought=raised.sought.strip(),
        stage=stage,
        raised_on=on,
        raised_at=at,
        raised_by=by,
    )
    step = open_step(escalation, reason="", by=by, at=at, on=on, calendar=calendar)
    tell("escalation.raised", escalation, by, at, **now_at(step))
    return escalation
