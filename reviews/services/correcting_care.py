"""When care began or ended, or what an episode said, is corrected; what moves is foreseen by the same working."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event
from children.models import CarePeriod, Child, CorrectedFact
from children.rules import EpisodeGiven, period_on
from children.services import (
    Care,
    CarePlan,
    Change,
    EpisodePlan,
    keep_facts,
    lock_care,
    plan_care,
    plan_episode,
    refuse_corrected_since,
)
from timescales.refusals import Refused
from timescales.words import in_words

from ..models import Review
from .moving import RUN_FROM_REVIEWS, Moved, Moving
from .settling import write_planned


@dataclass(frozen=True)
class CareCorrected:
    """What correcting an episode comes to: the rows that change, itself first, and the reviews that move.

    `care_from` is the day the child is first looked after then.
    """

    changes: list[Change]
    moved: list[Moved]
    care_from: date


@transaction.atomic
def foresee_episode(
    *, child: Child, starts_on: date, made: EpisodeGiven, seen: int, at: datetime, on: date
) -> CareCorrected:
    """What would change if the episode begun that day were this one; nothing is written.

    Raises what `correct_episode` raises.
    """
    care = lock_care(authority_id=child.authority_id, child_ids=[child.pk])
    refuse_corrected_since(child=child, kind=CorrectedFact.Kind.EPISODE, seen=seen)
    asked, plan = _planned(care, child, starts_on, made, on)
    moving = Moving(care, child.pk, at, on)
    for review in moving.rows:
        if heir := plan.emptied.get(review.care_period_id):
            review.care_period = heir
    _settle(moving, asked)
    return CareCorrected(asked.changes, moving.moved(), care.periods[child.pk][0].starts_on)


@transaction.atomic
def correct_episode(
    *, child: Child, starts_on: date, made: EpisodeGiven, reason: str, seen: int, by: User, at: datetime
) -> None:
    """Have the episode begun that day be this one, with its neighbours, the time in care and its reviews.

    The first one's day is the day care began, the last one's end the day it ended. What it said before is kept, with
    who and why; no return overwrites it. `seen` is how many corrections of care there were when the person decided.
    Raises Conflict where there are more by now, Refused for days that cannot be, where a review was held outside
    care then, without a reason and where nothing changes.
    """
    on, kind = localdate(at), CorrectedFact.Kind.EPISODE
    care = lock_care(authority_id=child.authority_id, child_ids=[child.pk])
    refuse_corrected_since(child=child, kind=kind, seen=seen)
    asked, plan = _planned(care, child, starts_on, made, on)
    if not asked.changes:
        raise Refused("Nothing is different from what is held. Change what is wrong.")
    keep_facts(child=child, kind=kind, changes=asked.changes, reason=reason, by=by, at=at)
    write_planned(plan)
    moving = Moving(care, child.pk, at, on, by)
    _settle(moving, asked)
    moving.write()
    _log(child, asked, starts_on, made, by, at)


def _planned(care: Care, child: Child, starts_on: date, made: EpisodeGiven, on: date) -> tuple[EpisodePlan, CarePlan]:
    """What is asked of care, and how care becomes of it, not yet written. Raises Refused, Conflict."""
    asked = plan_episode(care=care, child=child, starts_on=starts_on, made=made, on=on)
    held_days = _days_in_care(care, child)
    episodes = [(child, one) for one in asked.episodes]
    plan = plan_care(care=care, episodes=episodes, withdrawn=[(child, day) for day in asked.gone])
    for outcome in plan.outcomes:
        if isinstance(outcome, Refused):
            raise outcome
    periods: list[CarePeriod] = care.periods[child.pk]
    for day in held_days:
        if period_on(periods, day) is None:
            raise Refused(
                f"A review was held on {in_words(day)}, and the child would not have been looked after that day."
                " Correct that review first, or give another day.",
                "starts_on",
            )
    return asked, plan


def _days_in_care(care: Care, child: Child) -> list[date]:
    """The days of reviews held within the times in care as they are."""
    days = Review.objects.held().filter(child=child).order_by("held_on").values_list("held_on", flat=True)
    return [day for day in days if day and period_on(care.periods.get(child.pk, []), day)]


def _settle(moving: Moving, asked: EpisodePlan) -> None:
    """Reviews recorded here whose limit ran from a first day now run from what it is; the rest is settled."""
    for duty in list(moving.duties()):
        day = asked.moved.get(duty.runs_from_on) if duty.runs_from_on else None
        if duty.met_on and day and duty.rule not in RUN_FROM_REVIEWS:
            moving.run_from(duty, day)
    moving.settle("starts_on")


def _log(child: Child, asked: EpisodePlan, starts_on: date, made: EpisodeGiven, by: User, at: datetime) -> None:
    record_event(
        verb="care.corrected",
        subject=child,
        by=by,
        at=at,
        authority_id=child.authority_id,
        child_id=child.pk,
        fields=sorted({name for one in asked.changes for name in one.after}),
        was_starts_on=starts_on.isoformat(),
        starts_on=made.starts_on.isoformat(),
    )
