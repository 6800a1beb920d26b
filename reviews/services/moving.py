"""The day a review was held is moved: what hangs on it is foreseen, and then written, by the same working."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from authorities.models import Authority
from children.services import lock_care
from duties.clocks import Clock
from duties.kinds import REVIEW
from duties.models import Duty
from timescales import OutsideCalendar
from timescales.refusals import Refused

from ..cycle_rules import Place
from ..models import Review
from .courses import history_of
from .rows import dated, day_held
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
    return _Move(review, held_on, at, on).moved()


def move_held(*, review: Review, held_on: date, at: datetime, on: date, by: User) -> None:
    """Move the day a review was held, its duty met that day, and settle what follows. Raises Refused."""
    _Move(review, held_on, at, on, by).write()


def take_back_held(*, review: Review, reason: str, at: datetime, on: date, by: User) -> None:
    """A review was not held after all: its row is emptied of the record, its duty closed, what follows settled.

    Raises Refused.
    """
    _Move(review, None, at, on, by, reason).write()


class _Move:
    """The reviews of the child, locked, as they stand once the day is moved or taken back."""

    def __init__(
        self, review: Review, held_on: date | None, at: datetime, on: date, by: User | None = None, reason: str = ""
    ) -> None:
        care = lock_care(authority_id=review.authority_id, child_ids=[review.child_id])
        history = history_of(Authority.objects.get(pk=review.authority_id))
        self.clock = Clock.of(review.authority_id, on)
        self.settling = Settling(care, history, self.clock, at, on, by)
        by_id = by.pk if by else None
        self.closing = {"closed_on": on, "closed_at": at, "closed_by_id": by_id, "closed_reason": reason}
        kept = (self.settling.reviews, self.settling.ended)
        self.rows = [row for of_children in kept for row in of_children.get(review.child_id, ())]
        self.before = {row.uuid: (str(row), row.duty.due_on, row.duty.planned_for_on) for row in self.rows}
        self.mine = next(row for row in self.rows if row.pk == review.pk)
        try:
            self._take_back() if held_on is None else self._move(held_on)
            for child_id, periods in care.periods.items():
                self.settling.settle_child(child_id, periods)
        except OutsideCalendar as error:
            raise Refused(str(error), "held_on") from error

    def _move(self, held_on: date) -> None:
        """The day itself, and those recorded here that ran from it: settling dates only the others again."""
        was_held_on, settling = self.mine.held_on, self.settling
        for duty in self._duties():
            if duty.about == self.mine.uuid and duty.met_on == was_held_on:
                settling.duties.change(duty, met_on=held_on)
            if duty.met_on and duty.runs_from_on == was_held_on and duty.rule in RUN_FROM_REVIEWS:
                self._run_from(duty, held_on)
        settling.batch.change(self.mine, held_on=held_on)

    def _duties(self) -> Iterator[Duty]:
        yield from (row.duty for row in self.rows)
        yield from self.settling.beside.rows.get(self.mine.child_id, ())

    def _run_from(self, duty: Duty, day: date) -> None:
        dates = self.clock.dates(REVIEW.code, duty.rule, day).columns()
        kept = {name: value for name, value in dates.items() if getattr(duty, name) is not None}
        self.settling.duties.change(duty, runs_from_on=day, **kept)

    def _take_back(self) -> None:
        """Nothing was met that day, and each review recorded here after it takes the place of the one before."""
        mine, settling = self.mine, self.settling
        place = place_of(mine)
        for later in self._held_after():
            if not later.is_to_write_up:
                settling.batch.change(later, number=place.number)
                settling.duties.change(later.duty, **dated(place, self.clock))
            place = _after(place, later)
        settling.reviews[mine.child_id].remove(mine)
        for duty in self._duties():
            if duty.about == mine.uuid and duty.met_on == mine.held_on:
                settling.duties.change(duty, met_on=None, **self.closing)
        settling.batch.change(mine, **NOT_RECORDED)

    def _held_after(self) -> list[Review]:
        mine = self.mine
        later = [row for row in self.rows if row.held_on and row.held_on > day_held(mine) and row.cycle == mine.cycle]
        return sorted((row for row in later if row.care_period_id == mine.care_period_id), key=day_held)

    def moved(self) -> list[Moved]:
        """Each other review whose due date or booking is not what it was."""
        others = [row for row in [*self.rows, *self.settling.settled.opened] if row is not self.mine]
        found = [self._compared(row) for row in others]
        return [one for one in found if one.was_due_on != one.due_on or one.lost_booking_on]

    def _compared(self, row: Review) -> Moved:
        name, was_due_on, was_planned_for_on = self.before.get(row.uuid, (str(row), None, None))
        lost = was_planned_for_on if row.duty.planned_for_on is None else None
        return Moved(row, name, was_due_on, row.duty.due_on, lost)

    def write(self) -> None:
        """Write it all, and log what came to be due."""
        settling = self.settling
        settling.write()
        for review in settling.settled.opened:
            log_scheduled(review, settling.by, settling.at)


def place_of(review: Review) -> Place:
    """The place in its cycle that a review has by its own row and duty."""
    duty = review.duty
    return Place(duty.rule, duty.runs_from_on, review.number, review.cycle, duty.why_not_known)


def _after(place: Place, held: Review) -> Place:
    """The place of the review after one held that has this place."""
    number = None if place.number is None else place.number + 1
    return Place(REVIEW.next_rules[place.rule].code, held.held_on, number, place.cycle)
