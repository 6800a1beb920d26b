"""Where each review of a time looked after stands in its cycle: what dates it, from when, and its number.

Nothing here is guessed: where it cannot be told what a limit runs from, a review's place is NOT_KNOWN, and why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from timescales import (
    EARLIER_HISTORY,
    EARLIER_HISTORY_NOT_HELD,
    EPISODE_MISSING,
    FIRST_REVIEW,
    LATER_REVIEW,
    NOT_KNOWN,
    SECOND_REVIEW,
    SHORT_BREAK_FIRST,
    SHORT_BREAK_LATER,
    START_NOT_RETURNED,
    YEAR_NOT_READ,
    WorkingCalendar,
    due_on,
    next_review_rule,
    review_rule,
)

CARE, ADOPTION, SHORT_BREAK = "CARE", "ADOPTION", "SHORT_BREAK"  # the cycles, as rows hold them
CARE_CHAIN = (FIRST_REVIEW.code, SECOND_REVIEW.code, LATER_REVIEW.code)
SHORT_BREAK_CHAIN = (SHORT_BREAK_FIRST.code, SHORT_BREAK_LATER.code)
EXTRA_WITHIN = FIRST_REVIEW.amount  # working days: see `_is_extra`


@dataclass(frozen=True)
class Held:
    """A review held: the day, and the rule and number it had where it was recorded here."""

    on: date
    recorded_rule: str = ""
    number: int | None = None


@dataclass(frozen=True)
class HeldReview:
    """A review a return says was held: the day, and the participation code."""

    held_on: date
    participation: str


@dataclass(frozen=True)
class Place:
    """A review's place in a cycle: the rule that dates it, from when, and its number where that is known.

    `why` is a code of timescales.WHY_NOT_KNOWN where the rule is NOT_KNOWN.
    """

    rule: str
    runs_from_on: date | None
    number: int | None
    cycle: str = CARE
    why: str = ""

    @property
    def is_known(self) -> bool:
        """Whether it has a date to run from."""
        return self.runs_from_on is not None

    def due_on(self, calendar: WorkingCalendar) -> date:
        """Its due date; date.max where that is not known. Raises OutsideCalendar."""
        if self.runs_from_on is None:
            return date.max
        return due_on(review_rule(self.rule), self.runs_from_on, calendar)


@dataclass(frozen=True)
class Gap:
    """Days, the first and the last, of which it is not known what happened, and why: a code of WHY_NOT_KNOWN.

    `is_latest`: nothing is known of the days after either, so what falls due later stands.
    """

    first: date
    last: date
    why: str
    is_latest: bool = False


@dataclass(frozen=True)
class History:
    """The days of which every review is known: from `first` on, but for the gaps."""

    first: date = date.min
    gaps: tuple[Gap, ...] = ()

    def with_gaps(self, gaps: Iterable[Gap]) -> "History":
        """The same with these gaps as well."""
        return replace(self, gaps=(*self.gaps, *gaps))

    def gap_between(self, place: Place, until: date | None, calendar: WorkingCalendar) -> Gap | None:
        """The first gap in which another review may have been held before the one that has this place.

        `until` is the day that one was held, None while it is open.
        """
        for gap in self.gaps:
            if place.runs_from_on is None or place.runs_from_on > gap.last:
                continue
            if until is None and gap.is_latest and place.due_on(calendar) > gap.last:
                continue
            if until is None or gap.first < until:
                return gap
        return None


def care_places(
    care_from: date,
    held: Sequence[Held],
    history: History,
    calendar: WorkingCalendar,
    *,
    is_start_known: bool = True,
) -> list[Place]:
    """The place of each review held in full care, in order, and of the one due next.

    Where the start or what came before the history is unknown, the first review seen has no due date, and those
    after it are due 6 months after the one before, marked so.
    """
    if not is_start_known:
        first = Place(NOT_KNOWN, None, None, why=START_NOT_RETURNED)
    elif care_from < history.first:
        first = Place(NOT_KNOWN, None, None, why=EARLIER_HISTORY)
    else:
        first = Place(CARE_CHAIN[0], care_from, 1)
    return _places(first, held, CARE_CHAIN, EARLIER_HISTORY_NOT_HELD.code, history, calendar)


def short_break_places(
    breaks_from: date, held: Sequence[Held], history: History, calendar: WorkingCalendar
) -> list[Place]:
    """The same for a series of short breaks: the first within 3 months, later ones every 6 (reg. 48(3))."""
    if breaks_from < history.first:
        first = Place(NOT_KNOWN, None, None, SHORT_BREAK, EARLIER_HISTORY)
    else:
        first = Place(SHORT_BREAK_CHAIN[0], breaks_from, 1, SHORT_BREAK)
    return _places(first, held, SHORT_BREAK_CHAIN, SHORT_BREAK_LATER.code, history, calendar)


def _places(
    place: Place,
    held: Sequence[Held],
    chain: Sequence[str],
    after_unknown: str,
    history: History,
    calendar: WorkingCalendar,
) -> list[Place]:
    places = []
    is_recorded = False  # once reviews are recorded here, the next is not one that only a return tells of
    for one in held:
        is_certain = is_recorded or bool(one.recorded_rule)
        known = place if is_certain else _unless_gap(place, one.on, history, calendar)
        if _is_extra(known, one, calendar):
            places.append(replace(known, number=None))
            continue
        places.append(known)
        place, is_recorded = _after(known, one, chain, after_unknown), bool(one.recorded_rule)
    return [*places, place if is_recorded else _unless_gap(place, None, history, calendar)]


def _unless_gap(place: Place, until: date | None, history: History, calendar: WorkingCalendar) -> Place:
    gap = history.gap_between(place, until, calendar)
    return Place(NOT_KNOWN, None, None, place.cycle, gap.why) if gap else place


def _is_extra(place: Place, one: Held, calendar: WorkingCalendar) -> bool:
    """Whether a review a return gives comes so soon after the first that it is an extra one, and not the second.

    The second's three months then go on running from the first, which is the safer reading, unless the IRO records
    it as the second. "So soon" is our judgement, for the law gives no number: under 20 working days.
    """
    if place.rule != SECOND_REVIEW.code or place.runs_from_on is None or one.recorded_rule:
        return False
    return calendar.working_days_between(place.runs_from_on, one.on) < EXTRA_WITHIN


def _after(place: Place, one: Held, chain: Sequence[str], after_unknown: str) -> Place:
    """The place of the review after one held; a rule of this chain recorded here says which comes next."""
    number = one.number or place.number
    following = None if number is None else number + 1
    if one.recorded_rule in (*chain, after_unknown):
        return Place(next_review_rule(one.recorded_rule).code, one.on, following, place.cycle)
    if place.number is None:
        return Place(after_unknown, one.on, None, place.cycle)
    return Place(chain[min(place.number, len(chain) - 1)], one.on, following, place.cycle)


def gaps_of_years(years: Iterable[int], read_to_on: date | None) -> tuple[Gap, ...]:
    """A gap for each year to 31 March of which a return should have given the reviews and none has been read.

    `read_to_on` is the last day of the newest return: a gap that reaches it is the latest.
    """
    found = []
    for year in sorted(years):
        last = date(year, 3, 31)
        is_latest = read_to_on is not None and last >= read_to_on
        until = read_to_on if is_latest and read_to_on else last
        found.append(Gap(date(year - 1, 4, 1), until, YEAR_NOT_READ, is_latest))
    return tuple(found)


def gaps_of_episodes(denied: Iterable[tuple[date, date]]) -> tuple[Gap, ...]:
    """A gap for each that the codes beside it deny."""
    return tuple(Gap(last, first, EPISODE_MISSING) for last, first in denied)
