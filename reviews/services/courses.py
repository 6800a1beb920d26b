"""The courses of a child's reviews: full care, period by period, and series of short breaks over several."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from authorities.models import Authority
from children.models import AdoptionPlacement, CarePeriod, Episode
from children.rules import denied_gaps, full_care_from, period_on
from children.services import Care
from timescales import WorkingCalendar, add_months

from ..adoption_rules import ORDERS, PLACED, Adoption, Clocks, Stretch, clocks, stretches
from ..cycle_rules import (
    Held,
    History,
    care_places,
    gaps_of_episodes,
    gaps_of_years,
    short_break_places,
)
from ..models import Review
from .rows import day_held, keys_of

Cycle = Review.Cycle
SERIES_OVER_AFTER = 12  # calendar months without a short break: reg. 48 looks at any 12 months


def history_of(authority: Authority) -> History:
    """The days of which an authority's returns and its records here tell every review."""
    gaps = gaps_of_years(authority.years_without_reviews or [], authority.returns_to_on)
    return History(authority.history_from or date.min, gaps)


@dataclass
class Course:
    """One run of reviews: of full care in one period, or of a series of short breaks over several.

    `closed_on` is the day nothing is owed in it any more; None while it goes on.
    """

    cycle: str
    periods: list[CarePeriod]
    held: list[Review]
    clocks: list[Clocks]  # of each held, in order, and of the one due next
    closed_on: date | None

    @property
    def period(self) -> CarePeriod:
        """The period that what is due next belongs to."""
        return self.periods[-1]


class Courses:
    """The courses of some children, from their care, placements for adoption, and what is known of the past."""

    def __init__(
        self,
        care: Care,
        placements: Mapping[int, Sequence[AdoptionPlacement]],
        history: History,
        calendar: WorkingCalendar,
        on: date,
    ) -> None:
        self.care, self.placements, self.history, self.calendar, self.on = care, placements, history, calendar, on
        self.care_from: dict[int, date | None] = {}  # the day a period became full care, by its key

    def period_of(self, child_id: int, day: date) -> CarePeriod | None:
        """The period a review's day belongs to; between short breaks of a series, that of the last break."""
        periods = self.care.periods.get(child_id, [])
        within = period_on(periods, day)
        if within is not None:
            return within
        last = max((p for p in periods if p.starts_on <= day), key=lambda period: period.starts_on, default=None)
        return last if last is not None and self._care_from(last) is None else None

    def of_child(self, child_id: int, periods: list[CarePeriod], reviews: list[Review]) -> Iterator[Course]:
        """The courses of a child in order of time, each with its reviews."""
        breaks: list[CarePeriod] = []
        for period in periods:
            care_from = self._care_from(period)
            if care_from != period.starts_on:
                breaks.append(period)
            if care_from is not None:
                if breaks:
                    yield self._short_breaks(breaks, reviews, care_from)
                breaks = []
                yield self._full_care(period, care_from, reviews)
        if breaks:
            yield self._short_breaks(breaks, reviews, None)

    def _care_from(self, period: CarePeriod) -> date | None:
        if period.pk not in self.care_from:
            spells = self.care.spells(period)
            self.care_from[period.pk] = full_care_from(spells) if spells else period.starts_on
        return self.care_from[period.pk]

    def _short_breaks(self, periods: list[CarePeriod], reviews: list[Review], care_from: date | None) -> Course:
        mine = [review for review in reviews if review.held_on and review.care_period_id in keys_of(periods)]
        held = sorted((r for r in mine if care_from is None or day_held(r) < care_from), key=day_held)
        starts_on = periods[0].starts_on
        places = short_break_places(starts_on, _plain(held), self.history, self.calendar)
        closed_on = care_from or self._series_over_on(periods[-1], held)
        return Course(Cycle.SHORT_BREAK, periods, held, [Clocks(place) for place in places], closed_on)

    def _series_over_on(self, last: CarePeriod, held: Sequence[Review]) -> date | None:
        """The day a series of short breaks is over: a year after the last break or review, if none has followed."""
        if last.ends_on is None:
            return None
        over_on = add_months(max([last.ends_on, *map(day_held, held[-1:])]), SERIES_OVER_AFTER)
        return over_on if over_on <= self.on else None

    def _full_care(self, period: CarePeriod, care_from: date, reviews: list[Review]) -> Course:
        mine = [review for review in reviews if review.held_on and review.care_period_id == period.pk]
        held = sorted((r for r in mine if care_from == period.starts_on or day_held(r) >= care_from), key=day_held)
        spells = self.care.spells(period)
        # Where the first review was recorded here, nothing earlier can be missing.
        is_whole = any(review.number == 1 and not review.is_to_write_up for review in held)
        history = self.history.with_gaps(gaps_of_episodes(denied_gaps(spells)))
        if is_whole:
            history = History(min(history.first, care_from), history.gaps)
        is_start_known = is_whole or care_from > period.starts_on or not spells or spells[0].is_start
        plain, calendar = _plain(held), self.calendar
        places = care_places(care_from, plain, history, calendar, is_start_known=is_start_known)
        found = clocks(places, plain, self._adoption(period), calendar)
        return Course(Cycle.CARE, [period], held, found, period.ends_on)

    def _adoption(self, period: CarePeriod) -> Adoption:
        """When there was authority to place, and when the child was placed, within a period."""
        episodes = [e for e in self.care.episodes.get(period.child_id, {}).values() if e.care_period_id == period.pk]
        in_order = sorted(episodes, key=lambda episode: episode.starts_on)
        authority = stretches((e.starts_on, e.ends_on, e.legal_status in ORDERS) for e in in_order)
        return Adoption(authority, (*self._placed(period), *self._placed_by_episodes(period, in_order)))

    def _placed(self, period: CarePeriod) -> list[Stretch]:
        return [
            Stretch(placement.starts_on, placement.ends_on)
            for placement in self.placements.get(period.child_id, [])
            if period_on([period], placement.starts_on)
        ]

    def _placed_by_episodes(self, period: CarePeriod, in_order: Sequence[Episode]) -> list[Stretch]:
        """Placements for adoption that episodes alone tell of. One that care's end ended did not break down."""
        told = self._placed(period)
        runs = stretches((e.starts_on, e.ends_on, e.placement_type in PLACED) for e in in_order)
        return [
            Stretch(run.starts_on, None if run.ends_on == period.ends_on else run.ends_on)
            for run in runs
            if not any(_meet(run, one) for one in told)
        ]


def _meet(one: Stretch, other: Stretch) -> bool:
    return one.starts_on <= (other.ends_on or date.max) and other.starts_on <= (one.ends_on or date.max)


def _plain(reviews: Iterable[Review]) -> list[Held]:
    return [
        Held(day_held(review)) if review.is_to_write_up else Held(day_held(review), review.duty.rule, review.number)
        for review in reviews
    ]
