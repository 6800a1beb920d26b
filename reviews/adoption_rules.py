"""The clocks of a child who is to be adopted, beside or instead of the looked-after cycle.

Source: Adoption Agencies Regulations 2005, reg. 36. With authority to place (a placement order, or consent) and no
placement both clocks run, since the child is still looked after, and the earlier date counts. Once placed only the
adoption clock runs. When a placement ends, a review is held 28 to 42 days after the child's return, and the
looked-after cycle goes on from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from timescales import (
    ADOPTION_AFTER_DISRUPTION,
    ADOPTION_FIRST_AFTER_PLACEMENT,
    ADOPTION_FIRST_BEFORE_PLACEMENT,
    ADOPTION_LATER_AFTER_PLACEMENT,
    ADOPTION_LATER_BEFORE_PLACEMENT,
    ADOPTION_SECOND_AFTER_PLACEMENT,
    DISRUPTION_REVIEW_FROM,
    LATER_REVIEW,
    WorkingCalendar,
)

from .cycle_rules import ADOPTION, CARE, Held, Place

BEFORE_PLACEMENT = (ADOPTION_FIRST_BEFORE_PLACEMENT.code, ADOPTION_LATER_BEFORE_PLACEMENT.code)
AFTER_PLACEMENT = (
    ADOPTION_FIRST_AFTER_PLACEMENT.code,
    ADOPTION_SECOND_AFTER_PLACEMENT.code,
    ADOPTION_LATER_AFTER_PLACEMENT.code,
)
ORDERS = ("D1", "E1")  # SSDA903 LS: freeing order (until 2005), placement order
PLACED = ("A3", "A4", "A5", "A6")  # SSDA903 PLACE: placed for adoption


@dataclass(frozen=True)
class Stretch:
    """Days from the first on, up to the day it ended, if it has."""

    starts_on: date
    ends_on: date | None = None

    def has(self, day: date) -> bool:
        """Whether it had begun before that day, and had not ended before it."""
        return self.starts_on < day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Adoption:
    """Within one time looked after: when there was authority to place, and when the child was placed for adoption."""

    authority: tuple[Stretch, ...] = ()
    placed: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Clocks:
    """What dates one review: the clock whose date counts, and the other one that runs beside it."""

    main: Place
    beside: Place | None = None


def stretches(runs: Iterable[tuple[date, date | None, bool]]) -> tuple[Stretch, ...]:
    """From spells in order of start, each with whether it counts: the unbroken stretches of those that do."""
    found: list[Stretch] = []
    for starts_on, ends_on, counts in runs:
        if not counts:
            continue
        if found and found[-1].ends_on == starts_on:
            found[-1] = Stretch(found[-1].starts_on, ends_on)
        else:
            found.append(Stretch(starts_on, ends_on))
    return tuple(found)


def clocks(
    places: Sequence[Place], held: Sequence[Held], adoption: Adoption, calendar: WorkingCalendar
) -> list[Clocks]:
    """What dates each review held in full care, in order, and the one due next, adoption taken into account.

    `places` are those of the looked-after cycle alone, one more than `held`.
    """
    days = [one.on for one in held]
    return [
        _clocks(place, days[:index], days[index] if index < len(days) else date.max, adoption, calendar)
        for index, place in enumerate(places)
    ]


def _clocks(place: Place, before: list[date], day: date, adoption: Adoption, calendar: WorkingCalendar) -> Clocks:
    """`before` are the days of the reviews held earlier; `day` is when this one was, date.max while it is open."""
    placed = _last(stretch for stretch in adoption.placed if stretch.has(day))
    if placed:
        return Clocks(_adoption_place(AFTER_PLACEMENT, placed.starts_on, before))
    returned_on = _disrupted_on(adoption, before, day)
    if returned_on:
        return Clocks(Place(ADOPTION_AFTER_DISRUPTION.code, returned_on, None, ADOPTION))
    care = _after_adoption(place, before, adoption)
    authority = _last(stretch for stretch in adoption.authority if stretch.has(day))
    if authority is None:
        return Clocks(care)
    other = _adoption_place(BEFORE_PLACEMENT, authority.starts_on, before)
    if not care.is_known:
        return Clocks(other)
    return Clocks(other, care) if other.due_on(calendar) < care.due_on(calendar) else Clocks(care, other)


def _adoption_place(chain: Sequence[str], starts_on: date, before: list[date]) -> Place:
    since = [day for day in before if day > starts_on]
    number = len(since) + 1
    return Place(chain[min(number, len(chain)) - 1], since[-1] if since else starts_on, number, ADOPTION)


def _disrupted_on(adoption: Adoption, before: list[date], day: date) -> date | None:
    """The day a placement ended, where the review owed after it has not been held; None where none is owed."""
    ended = [stretch.ends_on for stretch in adoption.placed if stretch.ends_on and stretch.ends_on < day]
    returned_on = max(ended, default=None)
    if returned_on is None:
        return None
    from_on = returned_on + timedelta(days=DISRUPTION_REVIEW_FROM)
    return None if any(held_on >= from_on for held_on in before) else returned_on


def _after_adoption(place: Place, before: list[date], adoption: Adoption) -> Place:
    """The looked-after place; after an adoption placement ended, six months from the review before."""
    has_returned = any(stretch.ends_on and before and stretch.ends_on < before[-1] for stretch in adoption.placed)
    if not has_returned or not before:
        return place
    return Place(LATER_REVIEW.code, before[-1], place.number, CARE)


def _last(found: Iterable[Stretch]) -> Stretch | None:
    return max(found, key=lambda stretch: stretch.starts_on, default=None)
