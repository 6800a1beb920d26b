"""Rows that tests begin from, made whole: a review with the duty it is."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from accounts.models import User
from accounts.viewers import Viewer
from children.models import Child
from duties.clocks import Clock
from duties.kinds import DECISION, REVIEW
from duties.models import Duty
from duties.rules import REVIEWED_SINCE
from duties.services import close_all
from reviews.models import Decision, Review
from reviews.rules import who_answers
from tests.conftest import NOW, TODAY
from timescales import DECISION_AGREED

OF_DUTY = ("planned_for_on", "planned_at", "planned_by", "closed_on", "closed_at", "closed_by", "closed_reason")


def viewer(user: User, at: datetime = NOW) -> Viewer:
    """Somebody asking at the moment the tests stand at."""
    return Viewer(user, at)


def make_review(
    child: Child,
    *,
    rule: str = "FIRST_REVIEW",
    runs_from_on: date | None = None,
    due_on: date | None = None,
    **columns: Any,
) -> Review:
    """A review as it might stand: dated by its rule from a day, or due on whatever day the test says.

    `columns` are the review's own, and those of its duty in OF_DUTY and the dates.
    """
    given = {name: columns.pop(name) for name in list(columns) if name in OF_DUTY or name in DATES}
    period = columns.pop("care_period", None) or child.care_periods.latest("starts_on")
    review = Review(authority_id=child.authority_id, child=child, care_period=period, **columns)
    dates = _dates(child, rule, runs_from_on, due_on) | given
    if dates["due_on"] is None:
        rule = "NOT_KNOWN"
    review.duty = Duty.objects.create(
        authority_id=child.authority_id,
        child=child,
        kind=REVIEW.code,
        series=review.cycle,
        rule=rule,
        runs_from_on=runs_from_on or (dates["due_on"] and min(dates["due_on"], period.starts_on)),
        owed_by_roles=list(REVIEW.owed_by_roles),
        about=review.uuid,
        met_on=review.held_on,
        **dates,
    )
    review.save()
    return review


def make_decision(
    review: Review, *, due_on: date, text: str, owner: str = "Sam", outcome: str = "It is done."
) -> Decision:
    """The decision of a review that took place, due on a day after it; those of reviews before are looked at."""
    assert review.held_on is not None
    earlier = Duty.objects.of(review.child_id).of_kind(DECISION.code).open()
    close_all(duties=list(earlier), reason=REVIEWED_SINCE, on=review.held_on, at=NOW)
    dates = Clock.of(review.authority_id, TODAY).dates(
        DECISION.code, DECISION_AGREED.code, review.held_on, (due_on - review.held_on).days
    )
    duty = Duty.objects.create(
        authority_id=review.authority_id,
        child_id=review.child_id,
        kind=DECISION.code,
        rule=DECISION_AGREED.code,
        runs_from_on=review.held_on,
        allowed=(due_on - review.held_on).days,
        owed_by_roles=[who_answers(owner, {})],
        owed_by_words=owner,
        about=(uuid := uuid4()),
        **dates.columns(),
    )
    return Decision.objects.create(
        uuid=uuid,
        authority_id=review.authority_id,
        child_id=review.child_id,
        review=review,
        duty=duty,
        number=1,
        text=text,
        owner=owner,
        outcome=outcome,
    )


DATES = ("last_safe_on", "act_by_on", "plan_by_on", "due_soon_on", "tell_from_on")


def _dates(child: Child, rule: str, runs_from_on: date | None, due_on: date | None) -> dict[str, date | None]:
    if due_on is not None:
        return dict.fromkeys(("due_on", *DATES), due_on)
    return Clock.of(child.authority_id, TODAY).dates(REVIEW.code, rule, runs_from_on).columns()


def change_duty(review: Review, **columns: Any) -> None:
    """Change columns of a review's duty behind the services' back."""
    Duty.objects.filter(pk=review.duty_id).update(**columns)


def owing_nothing(make_child: Callable[..., Child]) -> Callable[..., Child]:
    """Make children as `make_child` does, each without the first review that begins with care."""

    def make(**who: Any) -> Child:
        child = make_child(**who)
        Review.objects.filter(child=child).delete()
        Duty.objects.filter(child=child).delete()
        return child

    return make
