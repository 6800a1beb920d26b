"""Opening a concern's page, raising one, and tying reviews to it."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from audit.models import AccessEvent
from audit.services import record_access, record_event
from authorities.models import CalendarDay
from children.models import Child
from escalations import rules
from escalations.models import Escalation, EscalationReview, Ladder, LeftUnescalated, Stage
from reviews.models import Review
from timescales import WorkingCalendar
from timescales.refusals import Refused

from .steps import lock, now_at, open_step, refuse_unless_theirs, tell


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
    if review:
        _link(escalation, review, by=by, at=at, is_origin=True)
    tell("escalation.raised", escalation, by, at, **now_at(escalation))
    return escalation


@transaction.atomic
def link_review(*, escalation: Escalation, review: Review, by: User, at: datetime) -> EscalationReview:
    """Say that a review's rating belongs to a concern already open; linking it twice changes nothing.

    Raises Refused when the concern is resolved, is about another child, or is not this person's to act on.
    """
    locked = lock(escalation)
    refuse_unless_theirs(by, locked.child)
    if review.child_id != locked.child_id:
        raise Refused("That concern is about another child.", "escalation")
    if locked.status != Escalation.Status.OPEN:
        raise rules.Overtaken("That concern has been resolved: choose another way.", "escalation")
    found = EscalationReview.objects.filter(escalation=locked, review=review).first()
    return found or _link(locked, review, by=by, at=at, is_origin=False)


@transaction.atomic
def leave_unescalated(*, review: Review, reason: str, by: User, at: datetime) -> LeftUnescalated:
    """Keep why an Amber or Red review raised no concern. Raises Refused without a reason."""
    rules.check_left(reason)
    refuse_unless_theirs(by, review.child)
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
