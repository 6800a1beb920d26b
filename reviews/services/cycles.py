"""Which reviews a child has, where each stands in its cycle, and what is due next: for one child or thousands.

Rows of Review are written here alone, but for booking and recording.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event, record_events
from children.models import CarePeriod, Child
from children.rules import EpisodeGiven, full_care_from, period_on
from children.services import BATCH, Batch, Care, by_child, plan_care, write_care
from duties.clocks import Clock
from duties.kinds import REVIEW
from duties.models import Duty
from duties.rules import CARE_ENDED
from duties.services import close
from timescales import OutsideCalendar, next_review_rule
from timescales.refusals import Refused

from ..cycle_rules import Held, HeldReview, Place, care_places, short_break_places
from ..models import Decision, Review
from .scheduling import lock_open

Cycle = Review.Cycle
CLOSED = {"closed_on": None, "closed_at": None, "closed_by_id": None, "closed_reason": ""}
PLANNED = {"planned_for_on": None, "planned_at": None, "planned_by_id": None}


@dataclass
class Settled:
    """What settling did: one outcome for each review given, and the rows opened, closed and opened again."""

    outcomes: list[str | Refused] = field(default_factory=list)
    opened: list[Review] = field(default_factory=list)
    closed: list[Review] = field(default_factory=list)
    reopened: list[Review] = field(default_factory=list)


@transaction.atomic
def settle_care(*, care: Care, episodes: Sequence[tuple[Child, EpisodeGiven]]) -> list[str | Refused]:
    """Make care as these episodes say: created, updated, unchanged or the refusal, for each in order.

    Reviews of a period whose episodes all went into another one go there too. `settle_cycles` is to follow.
    """
    plan = plan_care(care=care, episodes=episodes)
    _move_reviews(plan.emptied)
    write_care(plan=plan)
    return plan.outcomes


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
    history_from: date,
    on: date,
    at: datetime,
    by: User | None = None,
) -> Settled:
    """Make the reviews of these children what their care, already settled, and the reviews held make due.

    Takes up the reviews a return says were held; gives each review its place and dates, those recorded here
    excepted; opens what is due next; closes what care's end ended; opens again, booking and all, what an end
    since withdrawn had closed. `history_from` is the first day of which every review is known; `on` the day whose
    policy counts; `by` who ended care, None for a return. A constant number of queries. Raises OutsideCalendar.
    """
    settling = _Settling(care, history_from, Clock.of(care.authority_id, on))
    settled = settling.settled
    settled.outcomes = [settling.take_up(child, one) for child, one in held]
    for child_id, periods in care.periods.items():
        settling.settle_child(child_id, periods)
    settling.close(by, at)
    settling.write()
    record_events(verb="review.cancelled", subjects=settled.closed, by=by, at=at, reason="CARE_ENDED")
    record_events(verb="review.reopened", subjects=settled.reopened, by=by, at=at)
    return settled


class _Settling:
    """The reviews of some children, locked, while they are settled."""

    def __init__(self, care: Care, history_from: date, clock: Clock) -> None:
        self.care, self.history_from, self.clock = care, history_from, clock
        self.settled = Settled()
        self.batch = Batch(Review)
        self.duties = Batch(Duty)
        rows = self._locked(list(care.periods))
        self.reviews = by_child(row for row in rows if row.duty.closed_on is None)
        self.ended = by_child(row for row in rows if row.duty.closed_reason == CARE_ENDED)

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

    def take_up(self, child: Child, one: HeldReview) -> str | Refused:
        """Take up a review held: a new row, a mended participation code, or why not."""
        of_child = self.reviews.setdefault(child.pk, [])
        review = next((review for review in of_child if review.held_on == one.held_on), None)
        if review is None:
            period = period_on(self.care.periods.get(child.pk, []), one.held_on)
            if period is None:
                return Refused("The child was not looked after on that day.", "held_on")
            review = Review(
                authority_id=self.care.authority_id,
                child=child,
                care_period=period,
                source=Review.Source.RETURN,
                held_on=one.held_on,
                participation=one.participation,
            )
            review.duty = _new_duty(review)
            of_child.append(review)
            self.duties.add(review.duty)
            return self.batch.add(review)
        if review.source == Review.Source.RETURN:
            return self.batch.change(review, participation=one.participation)
        if review.participation == one.participation:
            return "unchanged"
        return Refused(f"This review was recorded here with {review.participation}, which stands.", "participation")

    def settle_child(self, child_id: int, periods: list[CarePeriod]) -> None:
        """Settle each period of a child; what is open and due in none of them is to be closed."""
        of_child = self.reviews.setdefault(child_id, [])
        self._place_in_periods(periods, of_child)
        waiting = [review for review in of_child if review.is_open]
        for period in periods:
            held = [review for review in of_child if review.held_on and review.care_period_id == period.pk]
            for cycle, reviews, their_places in self._cycles(period, sorted(held, key=_day_held)):
                for review, place in zip_longest(reviews, their_places):
                    if review is None:
                        self._settle_next(period, cycle, place, waiting)
                    elif review.source == Review.Source.RETURN:
                        self._date(review, cycle, place)
        self.settled.closed += waiting

    def _place_in_periods(self, periods: list[CarePeriod], reviews: Iterable[Review]) -> None:
        for review in reviews:
            period = period_on(periods, review.held_on) if review.held_on else None
            if period and review.care_period_id != period.pk:
                self._move(review, period)

    def _move(self, review: Review, period: CarePeriod) -> None:
        if review.care_period_id != period.pk:
            review.care_period = period
            self.batch.mark(review, "care_period")

    def _cycles(self, period: CarePeriod, held: Sequence[Review]) -> Iterator[tuple[str, list[Review], list[Place]]]:
        """The cycles of a period, each with its reviews and their places; only the last leads to a next review."""
        spells = self.care.spells(period)
        care_from = full_care_from(spells) if spells else period.starts_on
        in_breaks = [review for review in held if care_from is None or _day_held(review) < care_from]
        in_care = [review for review in held if review not in in_breaks]
        if care_from != period.starts_on:
            found = short_break_places(period.starts_on, _plain(in_breaks), self.history_from)
            yield Cycle.SHORT_BREAK, in_breaks, found if care_from is None else found[:-1]
        if care_from is not None:
            # Where the first review was recorded here, nothing earlier can be missing.
            is_whole = any(review.number == 1 and review.source == Review.Source.RECORDED for review in in_care)
            history_from = min(self.history_from, care_from) if is_whole else self.history_from
            calendar = self.clock.calendar
            yield Cycle.CARE, in_care, care_places(care_from, _plain(in_care), history_from, calendar)

    def _settle_next(self, period: CarePeriod, cycle: str, place: Place, waiting: list[Review]) -> None:
        """The one open review of an open period: dated again where it is there, booking and all, else opened."""
        if period.ends_on is not None:
            return
        mine = next((review for review in waiting if review.cycle != Cycle.ADOPTION), None)
        if mine is not None:
            waiting.remove(mine)
        else:
            mine = self._reopened(period)
        if mine is None:
            mine = _due(period, cycle)
            self.settled.opened.append(mine)
            self.duties.add(mine.duty)
            self.batch.add(mine)
        self._move(mine, period)
        planned_for_on = mine.duty.planned_for_on
        if planned_for_on and place.runs_from_on and planned_for_on <= place.runs_from_on:
            self.duties.change(mine.duty, **PLANNED)  # that booking was for one since held
        self._date(mine, cycle, place)

    def _date(self, review: Review, cycle: str, place: Place) -> None:
        """Give a review its place in its cycle, and its duty the dates of that place."""
        dates = self.clock.dates(REVIEW.code, place.rule, place.runs_from_on).columns()
        self.batch.change(review, cycle=cycle, number=place.number)
        of_duty = {"series": cycle, "rule": place.rule, "runs_from_on": place.runs_from_on, "met_on": review.held_on}
        self.duties.change(review.duty, **of_duty, **dates)

    def write(self) -> None:
        """Write the duties, and then the reviews that hold them."""
        self.duties.write()
        for review in self.batch.new:
            review.duty = review.duty  # takes up the key its duty has now been given
        self.batch.write()

    def _reopened(self, period: CarePeriod) -> Review | None:
        """The review that the end of this period closed, the end being withdrawn: open again."""
        ended = [
            review
            for review in self.ended.get(period.child_id, [])
            if review.care_period_id == period.pk and review.cycle != Cycle.ADOPTION
        ]
        last = max(ended, key=lambda review: (review.duty.closed_at, review.pk), default=None)
        if last is not None:
            self.duties.change(last.duty, **CLOSED)
            self.settled.reopened.append(last)
        return last

    def close(self, by: User | None, at: datetime) -> None:
        """Cancel what was due in care that has ended; written at once, before anything is opened in its stead.

        A child has one open review of a cycle at a time.
        """
        duties = [review.duty for review in self.settled.closed]
        ended = {period.pk: period.ends_on for periods in self.care.periods.values() for period in periods}
        for review, duty in zip(self.settled.closed, duties, strict=True):
            duty.closed_on = ended.get(review.care_period_id) or localdate(at)
            duty.closed_at, duty.closed_by, duty.closed_reason = at, by, CARE_ENDED
        Duty.objects.bulk_update(duties, ["closed_on", "closed_at", "closed_by", "closed_reason"], batch_size=BATCH)


def _day_held(review: Review) -> date:
    assert review.held_on is not None
    return review.held_on


def _plain(reviews: Iterable[Review]) -> list[Held]:
    return [
        Held(_day_held(review), review.duty.rule if review.source == Review.Source.RECORDED else "")
        for review in reviews
    ]


def _due(period: CarePeriod, cycle: str) -> Review:
    review = Review(authority_id=period.authority_id, child_id=period.child_id, care_period=period, cycle=cycle)
    review.duty = _new_duty(review)
    return review


def _new_duty(review: Review) -> Duty:
    """The duty of a review not yet saved, still to be dated."""
    return Duty(
        kind=REVIEW.code,
        authority_id=review.authority_id,
        child_id=review.child_id,
        series=review.cycle,
        owed_by_roles=list(REVIEW.owed_by_roles),
        about=review.uuid,
        met_on=review.held_on,
    )


def schedule_next(*, after: Review, at: datetime, by: User | None = None) -> Review | None:
    """Create the review after one just held, dated from the day it was held; None where care has ended.

    Source: Care Planning Regulations 2010, reg. 33(2): three months after the first, then every six.
    """
    if after.care_period.ends_on is not None:
        return None
    number = None if after.number is None else after.number + 1
    place = Place(next_review_rule(after.duty.rule).code, after.held_on, number)
    return _schedule(after.care_period, after.cycle, place, by, at)


@transaction.atomic
def add_reviews(*, reviews: Sequence[Review], decisions: Sequence[Decision]) -> None:
    """Write whole histories of reviews and what they decided, rows not saved yet, each with its duty.

    For a past that comes from elsewhere: nothing is logged.
    """
    rows: list[Review | Decision] = [*reviews, *decisions]
    Duty.objects.bulk_create([row.duty for row in rows], batch_size=BATCH)
    for row in rows:
        row.duty = row.duty  # takes up the key its duty has now been given
    Review.objects.bulk_create(reviews, batch_size=BATCH)
    Decision.objects.bulk_create(decisions, batch_size=BATCH)


def _schedule(period: CarePeriod, cycle: str, place: Place, by: User | None, at: datetime) -> Review:
    review = _due(period, cycle)
    clock = Clock.of(period.authority_id, localdate(at))
    try:
        dates = clock.dates(REVIEW.code, place.rule, place.runs_from_on)
    except OutsideCalendar as error:
        raise Refused(str(error), "held_on") from error
    review.number = place.number
    review.duty.rule, review.duty.runs_from_on = place.rule, place.runs_from_on
    for name, day in dates.columns().items():
        setattr(review.duty, name, day)
    review.duty.save(force_insert=True)
    review.duty = review.duty
    review.save(force_insert=True)
    log_scheduled(review, by, at)
    return review


def log_scheduled(review: Review, by: User | None, at: datetime) -> None:
    """Log that a review became due, under which rule and by when."""
    _log("review.scheduled", review, by, at, rule=review.duty.rule, due_on=_iso(review.duty.due_on))


@transaction.atomic
def cancel(*, review: Review, reason: str, by: User | None, at: datetime) -> Review:
    """Cancel an open review with a reason; nothing statutory is deleted. Only care's end needs nobody's name.

    Raises Refused without a reason, AlreadyRecorded and Cancelled.
    """
    if not reason.strip():
        raise Refused("Say why the review is cancelled.", "reason")
    locked = lock_open(review)
    on = locked.care_period.ends_on or localdate(at)
    close(duty=locked.duty, reason=reason.strip(), on=on, at=at, by=by)
    _log("review.cancelled", locked, by, at)
    return locked


def _log(verb: str, review: Review, by: User | None, at: datetime, **codes: str | None) -> None:
    record_event(
        verb=verb, subject=review, by=by, at=at, authority_id=review.authority_id, child_id=review.child_id, **codes
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
