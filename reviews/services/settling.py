"""Which reviews a child has, where each stands in its cycle, and what is due next: for one child or thousands.

Rows of Review are written here alone, but for booking and recording.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event, record_events
from authorities.models import Authority
from children.models import AdoptionPlacement, CarePeriod, Child
from children.rules import EpisodeGiven
from children.services import BATCH, Batch, Care, CarePlan, by_child, plan_care, write_care
from duties.clocks import Clock
from duties.models import Duty
from duties.rules import CARE_ENDED, WITHDRAWN
from timescales.refusals import Refused

from ..adoption_rules import Clocks
from ..cycle_rules import SHORT_BREAK, HeldReview, History
from ..models import Correction, Review
from .beside import BesideReviews
from .courses import Course, Courses, history_of
from .rows import NOT_CLOSED, NOT_PLANNED, dated, is_deleted, keys_of, new_review
from .taking_up import TakingUp


@dataclass
class Settled:
    """What settling did: one outcome for each review given, and the rows opened, closed and opened again."""

    outcomes: list[str | Refused] = field(default_factory=list)
    opened: list[Review] = field(default_factory=list)
    closed: list[Review] = field(default_factory=list)
    reopened: list[Review] = field(default_factory=list)


@transaction.atomic
def settle_care(
    *, care: Care, episodes: Sequence[tuple[Child, EpisodeGiven]], withdrawn: Sequence[tuple[Child, date]] = ()
) -> list[str | Refused]:
    """Make care as these episodes say: created, updated, unchanged or the refusal, for each in order.

    `withdrawn` names, by child and first day, episodes that are so no more. Reviews of a period whose episodes all
    went into another one go there too. `settle_cycles` is to follow.
    """
    plan = plan_care(care=care, episodes=episodes, withdrawn=withdrawn)
    write_planned(plan)
    return plan.outcomes


def write_planned(plan: CarePlan) -> None:
    """Write how care becomes, the reviews of a period that is no more with the one that took its episodes."""
    _move_reviews(plan.emptied)
    write_care(plan=plan)


def _move_reviews(heirs: dict[int, CarePeriod]) -> None:
    if not heirs:
        return
    moving = list(Review.objects.filter(care_period__in=list(heirs)).only("care_period"))
    for review in moving:
        review.care_period = heirs[review.care_period_id]
    Review.objects.bulk_update(moving, ["care_period"], batch_size=BATCH)


@transaction.atomic
def settle_cycles(
    *,
    care: Care,
    held: Sequence[tuple[Child, HeldReview]] = (),
    withdrawn: Sequence[tuple[Child, date]] = (),
    history: History,
    at: datetime,
    on: date,
    by: User | None = None,
) -> Settled:
    """Make the reviews of these children what their care, already settled, and the reviews held make due.

    Takes up the reviews a return says were held: the open one where the day fits it, draft and booking with it, else
    a new one. `withdrawn` are days that a return had given and gives no more. Each review gets its place and dates,
    those recorded here excepted; what is due next is opened; of care that ended, the last is closed the day it
    ended, so that past days can be told; an end since withdrawn opens it again, booking and all. `on` is the day
    whose policy counts; `by` who ended care, None for a return. A constant number of queries, but for rows that are
    withdrawn. Raises OutsideCalendar.
    """
    settling = Settling(care, history, Clock.of(care.authority_id, on), at, on, by)
    settled = settling.settled
    corrected = by_child(Correction.objects.of_days(care.periods)) if held else {}
    taking_up = TakingUp(
        settling.reviews, settling.ended, settling.courses, settling.batch, settling.duties, corrected
    )
    taking_up.withdraw(withdrawn)
    settled.outcomes = taking_up.take_up(held)
    for child_id, periods in care.periods.items():
        settling.settle_child(child_id, periods)
    settling.write()
    record_events(verb="review.cancelled", subjects=settled.closed, by=by, at=at, reason="CARE_ENDED")
    record_events(verb="review.reopened", subjects=settled.reopened, by=by, at=at)
    return settled


def settle_children(*, care: Care, at: datetime, by: User | None) -> Settled:
    """Settle the reviews of these children after somebody changed their care or recorded one, and log what opened.

    Raises OutsideCalendar.
    """
    authority = Authority.objects.get(pk=care.authority_id)
    settled = settle_cycles(care=care, history=history_of(authority), on=localdate(at), at=at, by=by)
    for review in settled.opened:
        log_scheduled(review, by, at)
    return settled


def log_scheduled(review: Review, by: User | None, at: datetime) -> None:
    """Log that a review became due, under which rule and by when."""
    due_on = review.duty.due_on
    record_event(
        verb="review.scheduled",
        subject=review,
        by=by,
        at=at,
        authority_id=review.authority_id,
        child_id=review.child_id,
        rule=review.duty.rule,
        due_on=due_on.isoformat() if due_on else None,
    )


class Settling:
    """The reviews of some children, locked, while they are settled."""

    def __init__(self, care: Care, history: History, clock: Clock, at: datetime, on: date, by: User | None) -> None:
        self.clock, self.at, self.on, self.by = clock, at, on, by
        self.settled = Settled()
        self.batch = Batch(Review)
        self.duties = Batch(Duty)
        self.unwanted: list[Review] = []
        child_ids = list(care.periods)
        rows = self._locked(child_ids)
        self.reviews = by_child(row for row in rows if row.duty.closed_on is None)
        self.ended = by_child(row for row in rows if row.duty.closed_reason == CARE_ENDED)
        placements = by_child(AdoptionPlacement.objects.filter(child__in=child_ids).order_by("starts_on"))
        self.courses = Courses(care, placements, history, clock.calendar, on)
        self.beside = BesideReviews(child_ids, self.duties, clock, at, on)

    def _locked(self, child_ids: list[int]) -> list[Review]:
        """The children's reviews with their duties, the bare rows locked; records' words stay where they are."""
        rows = (
            Review.objects.filter(child__in=child_ids)
            .order_by("pk")
            .defer("childs_views", "discussion", "rag_reason")
        )
        found = list(rows.select_for_update(no_key=True))
        duties = Duty.objects.filter(pk__in=[row.duty_id for row in found]).order_by("pk")
        held = {duty.pk: duty for duty in duties.select_for_update(no_key=True)}
        for row in found:
            row.duty = held[row.duty_id]
        return found

    def settle_child(self, child_id: int, periods: list[CarePeriod]) -> None:
        """Settle each course of a child's reviews; what is open and due in none of them goes."""
        of_child = self.reviews.setdefault(child_id, [])
        self._place_in_periods(child_id, of_child)
        waiting = [review for review in of_child if review.is_open]
        ended = self.ended.get(child_id, [])
        for course in self.courses.of_child(child_id, periods, of_child):
            for review, its_clocks in zip(course.held, course.clocks, strict=False):
                if review.is_to_write_up:
                    self._date(review, its_clocks)
            self._settle_next(course, waiting, ended)
        self.unwanted += waiting
        self.beside.finish(child_id)

    def _place_in_periods(self, child_id: int, reviews: Iterable[Review]) -> None:
        for review in reviews:
            period = self.courses.period_of(child_id, review.held_on) if review.held_on else None
            if period:
                self._move(review, period)

    def _move(self, review: Review, period: CarePeriod) -> None:
        if review.care_period_id != period.pk:
            review.care_period = period
            self.batch.mark(review, "care_period")

    def _settle_next(self, course: Course, waiting: list[Review], ended: list[Review]) -> None:
        """The one review a course leads to: open while it goes on, closed with it; booking and draft stay with it."""
        mine = _take(waiting, course) or _take(ended, course)
        while extra := _take(waiting, course) or _take(ended, course):
            self.unwanted.append(extra)
        if mine is None:
            mine = new_review(course.period, course.cycle)
            self.duties.add(mine.duty)
            self.batch.add(mine)
            if course.closed_on is None:
                self.settled.opened.append(mine)
        self._move(mine, course.period)
        its_clocks = course.clocks[-1]
        runs_from_on, planned_for_on = its_clocks.main.runs_from_on, mine.duty.planned_for_on
        if planned_for_on and runs_from_on and planned_for_on <= runs_from_on:
            self.duties.change(mine.duty, **NOT_PLANNED)  # that booking was for one since held
        self._open_or_close(mine, course.closed_on)
        self._date(mine, its_clocks)

    def _open_or_close(self, review: Review, closed_on: date | None) -> None:
        duty, is_new = review.duty, review.pk is None
        if closed_on is None:
            if duty.closed_on is not None:
                self.duties.change(duty, **NOT_CLOSED)
                self.settled.reopened.append(review)
            return
        if duty.closed_on is None:
            by_id = self.by.pk if self.by else None
            closing = {"closed_at": self.at, "closed_by_id": by_id, "closed_reason": CARE_ENDED}
            self.duties.change(duty, closed_on=closed_on, **closing)
            if not is_new:
                self.settled.closed.append(review)
        self.duties.change(duty, closed_on=closed_on)

    def _date(self, review: Review, its_clocks: Clocks) -> None:
        """Give a review its place in its cycle, its duty the dates of that place, and what stands beside it."""
        place = its_clocks.main
        self.batch.change(review, cycle=place.cycle, number=place.number)
        of_duty = {"series": place.cycle, "met_on": review.held_on, **dated(place, self.clock)}
        self.duties.change(review.duty, **of_duty)
        self.beside.settle(review, its_clocks)

    def write(self) -> None:
        """Write the duties, and then the reviews that hold them; what ends first, since one is open at a time."""
        self.beside.remove_unwanted()
        self._remove()
        _write_ending(self.duties)
        self.duties.write()
        for review in self.batch.new:
            review.duty = review.duty  # takes up the key its duty has now been given
        self.batch.write()

    def _remove(self) -> None:
        """What nothing makes due any more: gone where nobody has worked on it, else closed; history stays."""
        for review in self.unwanted:
            duty = review.duty
            if duty.planned_by_id is None and is_deleted(review, duty):
                self._forget(review)
                continue
            by_id = self.by.pk if self.by else None
            closing = {"closed_at": self.at, "closed_by_id": by_id, "closed_reason": WITHDRAWN}
            self.duties.change(duty, closed_on=self.on, **closing)

    def _forget(self, review: Review) -> None:
        self.batch.changed = {pk: row for pk, row in self.batch.changed.items() if row is not review}
        self.duties.changed = {pk: row for pk, row in self.duties.changed.items() if row is not review.duty}


def _write_ending(duties: Batch[Duty]) -> None:
    """Write those that are open no more before any other is opened in their stead."""
    ending = Batch(Duty)
    ending.fields = duties.fields
    ending.changed = {pk: duty for pk, duty in duties.changed.items() if not duty.is_open}
    duties.changed = {pk: duty for pk, duty in duties.changed.items() if duty.is_open}
    fields = set(duties.fields)
    ending.write()
    duties.fields = fields


def _take(reviews: list[Review], course: Course) -> Review | None:
    """The next of these rows that belongs to the course, taken out of them."""
    is_break = course.cycle == SHORT_BREAK
    for review in reviews:
        if (review.cycle == SHORT_BREAK) == is_break and review.care_period_id in keys_of(course.periods):
            reviews.remove(review)
            return review
    return None
