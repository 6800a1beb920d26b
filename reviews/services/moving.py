"""The day a review was held is moved: what hangs on it is foreseen, and then written, by the same working."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.services import record_events
from authorities.models import Authority
from children.services import Care, lock_care
from duties.clocks import Clock
from duties.kinds import REVIEW
from duties.models import Duty
from timescales import OutsideCalendar
from timescales.refusals import Refused

from ..cycle_rules import Place
from ..models import Review
from .courses import history_of
from .rows import NOT_CLOSED, dated, day_held
from .settling import Settling, log_scheduled

# Rules whose limit runs from the day the review before was held.
RUN_FROM_REVIEWS = frozenset(rule.code for rule in REVIEW.next_rules.values())

# A row without its record: what is kept of it stands in the correction that says why.
NOT_RECORDED = {
    "held_on": None,
    "recorded_at": None,
    "recorded_by_id": None,
    "record_token": None,
    **dict.fromkeys(("participation", "childs_views", "discussion", "rag", "rag_reason"), ""),
}


@dataclass(frozen=True)
class Moved:
    """Another review that moves with the day: when it was due and is due now, and a booking that is taken away."""

    review: Review
    name: str  # as it was called before
    was_due_on: date | None
    due_on: date | None
    lost_booking_on: date | None


@transaction.atomic
def foresee_move(*, review: Review, held_on: date | None, at: datetime, on: date) -> list[Moved]:
    """What would move if this review had been held on another day, or with None not at all; nothing is written.

    Raises Refused.
    """
    move = _Held(review, at, on)
    move.take_back("") if held_on is None else move.to(held_on)
    return move.moved()


def move_held(*, review: Review, held_on: date, at: datetime, on: date, by: User) -> None:
    """Move the day a review was held, its duty met that day, and settle what follows. Raises Refused."""
    move = _Held(review, at, on, by)
    move.to(held_on)
    move.write()


def take_back_held(*, review: Review, reason: str, at: datetime, on: date, by: User) -> None:
    """A review was not held after all: its row is emptied of the record, its duty closed, what follows settled.

    Raises Refused.
    """
    move = _Held(review, at, on, by)
    move.take_back(reason)
    move.write()


@transaction.atomic
def foresee_record(*, review: Review, record: Mapping[str, Any], at: datetime, on: date) -> list[Moved]:
    """What would move if this record, by its columns, were written of a review due; nothing is. Raises Refused."""
    move = _Held(review, at, on)
    move.take_up(record)
    return move.moved()


def take_up_record(*, review: Review, record: Mapping[str, Any], at: datetime, on: date, by: User) -> None:
    """Write this record, by its columns, of a review that was due, and settle what follows. Raises Refused."""
    move = _Held(review, at, on, by)
    move.take_up(record)
    move.write()


class Moving:
    """The reviews of one child, locked, as they come to stand once something they hang on is another."""

    def __init__(self, care: Care, child_id: int, at: datetime, on: date, by: User | None = None) -> None:
        history = history_of(Authority.objects.get(pk=care.authority_id))
        self.child_id, self.clock = child_id, Clock.of(care.authority_id, on)
        self.settling = Settling(care, history, self.clock, at, on, by)
        self.care = care
        kept = (self.settling.reviews, self.settling.ended)
        self.rows = [row for of_children in kept for row in of_children.get(child_id, ())]
        self.before = {row.uuid: (str(row), row.duty.due_on, row.duty.planned_for_on) for row in self.rows}

    def settle(self, field: str) -> None:
        """Settle what follows; what the calendar cannot date is refused beside the field."""
        try:
            self.settling.settle_child(self.child_id, self.care.periods.get(self.child_id, []))
        except OutsideCalendar as error:
            raise Refused(str(error), field) from error

    def duties(self) -> Iterator[Duty]:
        """The duties of the reviews, and those that stand beside them."""
        yield from (row.duty for row in self.rows)
        yield from self.settling.beside.rows.get(self.child_id, ())

    def run_from(self, duty: Duty, day: date) -> None:
        """Have the limit of a duty met run from another day."""
        dates = self.clock.dates(REVIEW.code, duty.rule, day).columns()
        kept = {name: value for name, value in dates.items() if getattr(duty, name) is not None}
        self.settling.duties.change(duty, runs_from_on=day, **kept)

    def moved(self, but: Review | None = None) -> list[Moved]:
        """Each review, `but` this one, whose due date or booking is not what it was."""
        others = [row for row in [*self.rows, *self.settling.settled.opened] if row is not but]
        found = [self._compared(row) for row in others]
        return [one for one in found if one.was_due_on != one.due_on or one.lost_booking_on]

    def _compared(self, row: Review) -> Moved:
        name, was_due_on, was_planned_for_on = self.before.get(row.uuid, (str(row), None, None))
        lost = was_planned_for_on if row.duty.planned_for_on is None else None
        return Moved(row, name, was_due_on, row.duty.due_on, lost)

    def write(self) -> None:
        """Write it all, and log what came to be due."""
        settling, settled = self.settling, self.settling.settled
        settling.write()
        by, at = settling.by, settling.at
        record_events(verb="review.cancelled", subjects=settled.closed, by=by, at=at, reason="CARE_ENDED")
        record_events(verb="review.reopened", subjects=settled.reopened, by=by, at=at)
        for review in settled.opened:
            log_scheduled(review, by, at)


class _Held(Moving):
    """The same, where the day one review was held moves, is taken back, or comes to be known."""

    def __init__(self, review: Review, at: datetime, on: date, by: User | None = None) -> None:
        care = lock_care(authority_id=review.authority_id, child_ids=[review.child_id])
        super().__init__(care, review.child_id, at, on, by)
        self.mine = next(row for row in self.rows if row.pk == review.pk)

    def moved(self, but: Review | None = None) -> list[Moved]:
        """Each other review whose due date or booking is not what it was."""
        return super().moved(but or self.mine)

    def to(self, held_on: date) -> None:
        """The day itself, and those recorded here that ran from it: settling dates only the others again."""
        was_held_on, settling = self.mine.held_on, self.settling
        for duty in self.duties():
            if duty.about == self.mine.uuid and duty.met_on == was_held_on:
                settling.duties.change(duty, met_on=held_on)
            if duty.met_on and duty.runs_from_on == was_held_on and duty.rule in RUN_FROM_REVIEWS:
                self.run_from(duty, held_on)
        settling.batch.change(self.mine, held_on=held_on)
        self.settle("held_on")

    def take_up(self, record: Mapping[str, Any]) -> None:
        """It was held, and this is its record: its duties are met that day, also where care's end had closed them."""
        settling, mine = self.settling, self.mine
        ended = settling.ended.get(self.child_id, [])
        if mine in ended:
            ended.remove(mine)
            settling.reviews.setdefault(self.child_id, []).append(mine)
        for duty in self.duties():
            if duty.about == mine.uuid and duty.kind == REVIEW.code:
                settling.duties.change(duty, met_on=record["held_on"], **NOT_CLOSED)
        settling.batch.change(mine, **record)
        self.settle("held_on")

    def take_back(self, reason: str) -> None:
        """Nothing was met that day, and each review recorded here after it takes the place of the one before."""
        mine, settling = self.mine, self.settling
        by_id = settling.by.pk if settling.by else None
        closing = {
            "closed_on": settling.on, "closed_at": settling.at, "closed_by_id": by_id, "closed_reason": reason,
        }  # fmt: skip
        place = place_of(mine)
        for later in self._held_after():
            if not later.is_to_write_up:
                settling.batch.change(later, number=place.number)
                settling.duties.change(later.duty, **dated(place, self.clock))
            place = _after(place, later)
        settling.reviews[mine.child_id].remove(mine)
        for duty in self.duties():
            if duty.about == mine.uuid and duty.met_on == mine.held_on:
                settling.duties.change(duty, met_on=None, **closing)
        settling.batch.change(mine, **NOT_RECORDED)
        self.settle("held_on")

    def _held_after(self) -> list[Review]:
        mine = self.mine
        later = [row for row in self.rows if row.held_on and row.held_on > day_held(mine) and row.cycle == mine.cycle]
        return sorted((row for row in later if row.care_period_id == mine.care_period_id), key=day_held)


def place_of(review: Review) -> Place:
    """The place in its cycle that a review has by its own row and duty."""
    duty = review.duty
    return Place(duty.rule, duty.runs_from_on, review.number, review.cycle, duty.why_not_known)


def _after(place: Place, held: Review) -> Place:
    """The place of the review after one held that has this place."""
    number = None if place.number is None else place.number + 1
    return Place(REVIEW.next_rules[place.rule].code, held.held_on, number, place.cycle)
