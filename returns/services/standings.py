"""What a return's children are due next: every place in the cycle worked out again from all that is held."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from audit.services import record_event
from authorities.models import CalendarDay, Policy
from children.models import CarePeriod, Child
from children.rules import full_care_from, period_on
from reviews.cycle_rules import Held, Place, care_places, short_break_places
from reviews.models import Review
from reviews.rules import CARE_ENDED
from reviews.services import dates_for
from timescales import WorkingCalendar

from .batches import Batch
from .care import spells
from .records import Records

Cycle = Review.Cycle


@dataclass
class Dating:
    """What dates a review: the history held, the calendar and the policy, read once."""

    history_from: date
    calendar: WorkingCalendar
    policy: Policy
    known: dict[tuple[str, date | None], dict[str, date | None]] = field(default_factory=dict)

    def fields(self, place: Place) -> dict[str, Any]:
        """The fields of a review in this place of its cycle."""
        key = (place.rule, place.runs_from_on)
        if key not in self.known:
            self.known[key] = dates_for(
                rule_code=place.rule, runs_from_on=place.runs_from_on, policy=self.policy, calendar=self.calendar
            )
        return {
            "rule": place.rule,
            "runs_from_on": place.runs_from_on,
            "number": place.number,
            **self.known[key],
        }


def settle_standings(records: Records, history_from: date, batch: Batch[Review]) -> None:
    """Give every review of these children its place and dates, open what is due next, close what care's end ended."""
    dating = Dating(
        history_from=history_from,
        calendar=CalendarDay.objects.working_calendar(),
        policy=Policy.objects.in_force(records.authority.pk, records.today),
    )
    closed: list[Review] = []
    for child in records.children.values():
        of_child = records.reviews.get(child.pk, [])
        _place_in_periods(records.periods.get(child.pk, []), of_child, batch)
        open_ones = [review for review in of_child if review.is_open]
        for period in records.periods.get(child.pk, []):
            _settle_period(records, child, period, open_ones, dating, batch)
        closed += open_ones
    _close(records, closed, batch)
    # What is closed goes first: a child has one open review of a cycle at a time.
    batch.write()


def _place_in_periods(periods: list[CarePeriod], reviews: Iterable[Review], batch: Batch[Review]) -> None:
    for review in reviews:
        period = period_on(periods, review.held_on) if review.held_on else None
        if period and review.care_period_id != period.pk:
            review.care_period = period
            batch.mark(review, "care_period")


def _settle_period(
    records: Records,
    child: Child,
    period: CarePeriod,
    open_ones: list[Review],
    dating: Dating,
    batch: Batch[Review],
) -> None:
    """Date the reviews held in one period and the one due next, which is taken out of `open_ones`."""
    of_child = records.reviews.setdefault(child.pk, [])
    held = sorted(
        (review for review in of_child if review.held_on and review.care_period_id == period.pk),
        key=lambda review: review.held_on or date.min,
    )
    for cycle, reviews, places in _cycles(records, child, period, held, dating):
        for review, place in zip_longest(reviews, places):
            if review is None:
                if period.ends_on is None:
                    _settle_next(records, period, cycle, place, open_ones, dating, batch)
            elif review.source == Review.Source.RETURN:
                batch.change(review, cycle=cycle, **dating.fields(place))


def _cycles(
    records: Records, child: Child, period: CarePeriod, held: Sequence[Review], dating: Dating
) -> Iterator[tuple[str, list[Review], list[Place]]]:
    """The cycles of a period, each with its reviews and their places; only the last one leads to a next review."""
    members = [
        episode for episode in records.episodes.get(child.pk, {}).values() if episode.care_period_id == period.pk
    ]
    care_from = full_care_from(spells(members)) if members else period.starts_on
    in_breaks = [review for review in held if care_from is None or review.held_on < care_from]  # type: ignore[operator]
    in_care = [review for review in held if review not in in_breaks]
    if care_from != period.starts_on:
        places = short_break_places(period.starts_on, _plain(in_breaks), dating.history_from)
        yield Cycle.SHORT_BREAK, in_breaks, places if care_from is None else places[:-1]
    if care_from is not None:
        # Where the first review was recorded here, nothing earlier can be missing.
        is_whole = any(review.number == 1 and review.source == Review.Source.RECORDED for review in in_care)
        history_from = min(dating.history_from, care_from) if is_whole else dating.history_from
        yield Cycle.CARE, in_care, care_places(care_from, _plain(in_care), history_from, dating.calendar)


def _plain(reviews: Iterable[Review]) -> list[Held]:
    return [
        Held(review.held_on, review.rule if review.source == Review.Source.RECORDED else "")
        for review in reviews
        if review.held_on
    ]


def _settle_next(
    records: Records,
    period: CarePeriod,
    cycle: str,
    place: Place,
    open_ones: list[Review],
    dating: Dating,
    batch: Batch[Review],
) -> None:
    """The one open review of an open period: dated again where it is there, booking and all, else created."""
    mine = next((review for review in open_ones if review.cycle != Cycle.ADOPTION), None)
    fields = {"cycle": cycle, **dating.fields(place)}
    if mine is None:
        batch.add(Review(authority=records.authority, child_id=period.child_id, care_period=period, **fields))
        return
    open_ones.remove(mine)
    if mine.care_period_id != period.pk:
        mine.care_period = period
        batch.mark(mine, "care_period")
    if mine.booked_for_on and place.runs_from_on and mine.booked_for_on <= place.runs_from_on:
        fields |= {"booked_for_on": None, "booked_at": None, "booked_by": None}  # that booking was for one since held
    batch.change(mine, **fields)


def _close(records: Records, reviews: Iterable[Review], batch: Batch[Review]) -> None:
    """Cancel what was due in care that has ended; nobody decided that, so nobody is named."""
    for review in reviews:
        batch.change(review, cancelled_at=records.at, cancelled_reason=CARE_ENDED)
        record_event(
            verb="review.cancelled",
            subject=review,
            by=None,
            at=records.at,
            authority_id=review.authority_id,
            child_id=review.child_id,
            reason="CARE_ENDED",
        )
