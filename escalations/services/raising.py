"""Opening a concern's page, and raising one."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from audit.models import AccessEvent
from audit.services import record_access
from authorities.models import CalendarDay
from children.models import Child
from children.services import lock_child
from escalations import rules
from escalations.models import Escalation, Ladder, Stage
from timescales import WorkingCalendar
from timescales.refusals import Refused

from .steps import now_at, open_step, refuse_unless_theirs, tell


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
    uuid: UUID | None = None,
    calendar: WorkingCalendar | None = None,
) -> Escalation:
    """Raise a concern at any stage of the ladder in force, informal or formal, and ask for its answer.

    The answer is due `stage.working_days` working days after `on`. `uuid` makes a second click harmless: the
    same one again gives back the concern already raised. Raises Refused when words are missing, when the
    person is neither the child's IRO nor an IRO manager, or when the stage is of another ladder.
    """
    child = lock_child(child.pk)  # two clicks at once stand in line here
    raised = Escalation.objects.filter(uuid=uuid, child=child, raised_by=by).first() if uuid else None
    if raised:
        return raised
    rules.check_concern(concern, sought)
    refuse_unless_theirs(by, child)
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
    open_step(escalation, reason="", by=by, at=at, on=on, calendar=calendar)
    tell("escalation.raised", escalation, by, at, **now_at(escalation))
    return escalation
