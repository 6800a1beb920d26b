"""Which reviews a child has, where each stands in its cycle, and what is due next: for one child or thousands.

Rows of Review are written here alone, but for booking and recording.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record_event, record_events
from children.models import CarePeriod, Child
from children.rules import EpisodeGiven, full_care_from, period_on
from children.services import BATCH, Batch, Care, by_child, plan_care, write_care
from timescales import OutsideCalendar
from timescales.refusals import Refused

from .. import rules
from ..cycle_rules import Held, HeldReview, Place, care_places, short_break_places
from ..models import Decision, Review
from .dating import STORED_DATES, Dating
from .scheduling import lock_open

Cycle = Review.Cycle
CLOSED = ("cancelled_at", "cancelled_by_id", "cancelled_reason")
BOOKED = ("booked_for_on", "booked_at", "booked_by_id")


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
    settling = _Settling(care, history_from, Dating.of(care.authority_id, on))
    settled = settling.settled
    settled.outcomes = [settling.take_up(child, one) for child, one in held]
    for child_id, periods in care.periods.items():
        settling.settle_child(child_id, periods)
    settling.close(by, at)
    settling.batch.write()
    record_events(verb="review.cancelled", subjects=settled.closed, by=by, at=at, reason="CARE_ENDED")
    record_events(verb="review.reopened", subjects=settled.reopened, by=by, at=at)
    return settled


class _Settling:
    """The reviews of some children, locked, while they are settled."""

    def __init__(self, care: Care, history_from: date, dating: Dating) -> None:
        self.care, self.history_from, self.dating = care, history_from, dating
        self.settled = Settled()
        self.batch = Batch(Review)
        wanted = Q(cancelled_at__isnull=True) | Q(cancelled_reason=rules.CARE_ENDED)
        rows = Review.objects.filter(wanted, child__in=list(care.periods)).order_by("pk")
        rows = rows.select_for_update(no_key=True).defer("childs_views", "discussion", "rag_reason")
        self.reviews = by_child(row for row in rows if row.cancelled_at is None)
        self.ended = by_child(row for row in rows if row.cancelled_at is not None)

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
            of_child.append(review)
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
                        self.batch.change(review, cycle=cycle, **self.dating.fields(place))
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
            calendar = self.dating.calendar
            yield Cycle.CARE, in_care, care_places(care_from, _plain(in_care), history_from, calendar)

    def _settle_next(self, period: CarePeriod, cycle: str, place: Place, waiting: list[Review]) -> None:
        """The one open review of an open period: dated again where it is there, booking and all, else opened."""
        if period.ends_on is not None:
            return
        fields = {"cycle": cycle, **self.dating.fields(place)}
        mine = next((review for review in waiting if review.cycle != Cycle.ADOPTION), None)
        if mine is not None:
            waiting.remove(mine)
        else:
            mine = self._reopened(period)
        if mine is None:
            self.settled.opened.append(_due(period, fields))
            self.batch.add(self.settled.opened[-1])
            return
        self._move(mine, period)
        if mine.booked_for_on and place.runs_from_on and mine.booked_for_on <= place.runs_from_on:
            fields |= dict.fromkeys(BOOKED)  # that booking was for one since held
        self.batch.change(mine, **fields)

    def _reopened(self, period: CarePeriod) -> Review | None:
        """The review that the end of this period closed, the end being withdrawn: open again."""
        ended = [
            review
            for review in self.ended.get(period.child_id, [])
            if review.care_period_id == period.pk and review.cycle != Cycle.ADOPTION
        ]
        last = max(ended, key=lambda review: (review.cancelled_at, review.pk), default=None)
        if last is not None:
            self.batch.change(last, **dict(zip(CLOSED, (None, None, ""), strict=True)))
            self.settled.reopened.append(last)
        return last

    def close(self, by: User | None, at: datetime) -> None:
        """Cancel what was due in care that has ended; written at once, before anything is opened in its stead.

        A child has one open review of a cycle at a time.
        """
        for review in self.settled.closed:
            review.cancelled_at, review.cancelled_by, review.cancelled_reason = at, by, rules.CARE_ENDED
        Review.objects.bulk_update(self.settled.closed, CLOSED, batch_size=BATCH)


def _day_held(review: Review) -> date:
    assert review.held_on is not None
    return review.held_on


def _plain(reviews: Iterable[Review]) -> list[Held]:
    return [
        Held(_day_held(review), review.rule if review.source == Review.Source.RECORDED else "") for review in reviews
    ]


def _due(period: CarePeriod, fields: dict[str, object]) -> Review:
    return Review(authority_id=period.authority_id, child_id=period.child_id, care_period=period, **fields)


@transaction.atomic
def add_reviews(*, reviews: Sequence[tuple[Review, Place]], decisions: Sequence[Decision], on: date) -> None:
    """Write whole histories of one authority's reviews, rows not saved yet, each dated from its place; and decisions.

    For a past that comes from elsewhere: nothing is logged. `on` is the day whose policy counts.
    """
    dating = Dating.of(reviews[0][0].authority_id, on) if reviews else None
    for review, place in reviews:
        assert dating
        for name, value in dating.fields(place).items():
            setattr(review, name, value)
    Review.objects.bulk_create((review for review, _ in reviews), batch_size=BATCH)
    Decision.objects.bulk_create(decisions, batch_size=BATCH)


def schedule_next(*, after: Review, at: datetime, by: User | None = None) -> Review | None:
    """Create the review after one just held, dated from the day it was held; None where care has ended.

    Source: Care Planning Regulations 2010, reg. 33(2): three months after the first, then every six.
    """
    if after.care_period.ends_on is not None:
        return None
    number = None if after.number is None else after.number + 1
    place = Place(rules.next_rule(after.rule), after.held_on, number)
    return _schedule(after.care_period, after.cycle, place, by, at)


def _schedule(period: CarePeriod, cycle: str, place: Place, by: User | None, at: datetime) -> Review:
    try:
        fields = Dating.of(period.authority_id, localdate(at)).fields(place)
    except OutsideCalendar as error:
        raise Refused(str(error), "held_on") from error
    review = _due(period, {"cycle": cycle, **fields})
    review.save(force_insert=True)
    log_scheduled(review, by, at)
    return review


def log_scheduled(review: Review, by: User | None, at: datetime) -> None:
    """Log that a review became due, under which rule and by when."""
    _log("review.scheduled", review, by, at, rule=review.rule, due_on=_iso(review.due_on))


@transaction.atomic
def cancel(*, review: Review, reason: str, by: User | None, at: datetime) -> Review:
    """Cancel an open review with a reason; nothing statutory is deleted. Only care's end needs nobody's name.

    Raises Refused without a reason, AlreadyRecorded and Cancelled.
    """
    if not reason.strip():
        raise Refused("Say why the review is cancelled.", "reason")
    locked = lock_open(review)
    locked.cancelled_at, locked.cancelled_by, locked.cancelled_reason = at, by, reason.strip()
    locked.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_reason"])
    _log("review.cancelled", locked, by, at)
    return locked


@transaction.atomic
def redate_open_reviews(*, authority_id: int, at: datetime, on: date, by: User | None = None) -> int:
    """Compute the dates of every open review of an authority again, after its calendar or policy changed.

    `on` is the day whose policy counts. Gives how many reviews changed, each told of by a business event.
    """
    dating = Dating.of(authority_id, on)
    open_ones = Review.objects.filter(authority_id=authority_id).open().order_by("pk")
    changed = [review for review in open_ones.select_for_update(no_key=True) if _redate(review, dating, by, at)]
    Review.objects.bulk_update(changed, STORED_DATES, batch_size=500)
    return len(changed)


def _redate(review: Review, dating: Dating, by: User | None, at: datetime) -> bool:
    before = _stored(review)
    after = dating.dates(review.rule, review.runs_from_on)
    if after == before:
        return False
    for name, day in after.items():
        setattr(review, name, day)
    _log("review.redated", review, by, at, due_on=_iso(after["due_on"]), was_due_on=_iso(before["due_on"]))
    return True


def _stored(review: Review) -> Mapping[str, date | None]:
    return {name: getattr(review, name) for name in STORED_DATES}


def _log(verb: str, review: Review, by: User | None, at: datetime, **codes: str | None) -> None:
    record_event(
        verb=verb, subject=review, by=by, at=at, authority_id=review.authority_id, child_id=review.child_id, **codes
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
