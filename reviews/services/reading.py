"""Reading reviews: what this person may see, with the reading logged where a record is opened."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from accounts.models import User
from accounts.roles import ChildPermission
from audit.models import AccessEvent, BusinessEvent
from audit.services import record_access

from ..models import Decision, Review
from ..querysets import ReviewQuerySet

WITH_DECISIONS = Prefetch("decisions", Decision.objects.with_duties())


def open_review(*, uuid: UUID, by: User, what: str, at: datetime) -> Review:
    """The review this person may see, with its child, authority and care period; the reading is logged.

    `what` is the name of the page. Raises Review.DoesNotExist when there is no such review for this person.
    """
    review: Review = Review.objects.visible_to(by).with_all_it_names().get(uuid=uuid)
    record_access(
        child_ids=[review.child_id],
        authority_id=review.child.authority_id,
        action=AccessEvent.Action.VIEW,
        what=what,
        by=by,
        at=at,
    )
    return review


def reviews_seen_by(
    *, user: User, on: date, standing: str = "", held_from: date | None = None, held_to: date | None = None
) -> ReviewQuerySet:
    """The reviews this person may see, with their standing that day, narrowed as asked; none cancelled."""
    found = Review.objects.visible_to(user).not_cancelled().select_related("child").with_standing(on)
    if standing:
        found = found.standing_at(standing, on)
    if held_from:
        found = found.filter(held_on__gte=held_from)
    if held_to:
        found = found.filter(held_on__lte=held_to)
    return found


def log_listed(*, reviews: Sequence[Review], by: User, what: str, at: datetime) -> None:
    """Log that a list showed these reviews' children."""
    record_access(
        child_ids=sorted({review.child_id for review in reviews}),
        authority_id=by.authority_id,
        action=AccessEvent.Action.LIST,
        what=what,
        by=by,
        at=at,
    )


def reviews_of_child(*, child_id: int, on: date) -> list[Any]:
    """Every review of a child but those cancelled, with its standing that day, the next due first."""
    return list(Review.objects.of_child(child_id).with_standing(on).prefetch_related(WITH_DECISIONS))


def decisions_of(*, review: Review) -> list[Decision]:
    """What a review decided, in order."""
    return list(review.decisions.with_duties())


def next_review(*, after: Review) -> Review | None:
    """The open review dated from the day this one was held, if there is one."""
    following = Review.objects.of_period(after.care_period_id, after.cycle).open()
    return following.filter(duty__runs_from_on=after.held_on).select_related("duty").first()


def last_held_on(*, review: Review) -> date | None:
    """The latest day another review of the same care period and cycle was held, if one was."""
    return Review.objects.of_period(review.care_period_id, review.cycle).exclude(pk=review.pk).last_held_on()


def last_time(*, before: Review, by: User) -> Review | None:
    """The child's latest other review recorded here, with its decisions, if this person may read it."""
    readable = Review.objects.visible_to(by, ChildPermission.READ_RECORD)
    return readable.recorded_for(before.child_id).exclude(pk=before.pk).prefetch_related(WITH_DECISIONS).first()


def history_of(*, review: Review) -> list[tuple[BusinessEvent, str]]:
    """What was done to a review and by whom, newest first; the product itself where nobody is named."""
    of_child = BusinessEvent.objects.of_child(review.child_id)
    subjects = ((row._meta.label, row.pk) for row in (review, review.duty))
    events = list(of_child.of_subjects(subjects))
    names = {person.pk: str(person) for person in User.objects.filter(pk__in={event.actor_id for event in events})}
    return [(event, names.get(event.actor_id or 0, "the service")) for event in events]
