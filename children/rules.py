"""What can be said of a child's time in care from plain dates and codes, and who may not be whose IRO."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from timescales.refusals import Refused
from timescales.words import in_words


class Begun(Protocol):
    """Anything with a first day."""

    starts_on: date


class Lasting(Begun, Protocol):
    """Anything with a first day and, once it is over, a last one."""

    ends_on: date | None


BegunType = TypeVar("BegunType", bound=Begun)
LastingType = TypeVar("LastingType", bound=Lasting)


@dataclass(frozen=True)
class Spell:
    """What decides joining of an episode: its dates, why it began and ended, and whether it is a short break."""

    starts_on: date
    ends_on: date | None
    reason_started: str
    is_short_break: bool
    reason_ended: str = ""

    @property
    def is_start(self) -> bool:
        """Whether its own code says that the child started to be looked after."""
        return self.reason_started == CARE_STARTED

    @property
    def is_to_go_on(self) -> bool:
        """Whether its own code says that a new episode followed at once."""
        return self.reason_ended == NEXT_EPISODE


CARE_STARTED = "S"  # SSDA903 RNE: started to be looked after
NEXT_EPISODE = "X1"  # SSDA903 REC: a new episode began the same day

# An IRO takes no part in managing the case and has no control over the resources allocated to it.
# Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg. 46.
NOT_INDEPENDENT = (
    "An IRO takes no part in managing the case and has no control over its resources"
    " (Care Planning Regulations 2010, reg. 46)."
)


def same_since(spells: Sequence[BegunType], key: Callable[[BegunType], object]) -> date | None:
    """The first day of the unbroken run of spells that share the last one's key; None for no spell.

    `spells` stand in order of their first day.
    """
    if not spells:
        return None
    now, since = key(spells[-1]), spells[-1].starts_on
    for spell in reversed(spells):
        if key(spell) != now:
            break
        since = spell.starts_on
    return since


class Placed(Begun, Protocol):
    """A spell that says where a child lives, and why it began."""

    reason_started: str
    placement_type: str
    placement_provider: str
    placement_postcode: str
    urn: str


PlacedType = TypeVar("PlacedType", bound=Placed)
STATUS_ONLY = "L"  # SSDA903: only the legal status changed


def placed_since(spells: Sequence[PlacedType]) -> date | None:
    """The day of the last move: also to another home of the same type; None for no spell.

    A move is what the return calls one, or another home. `spells` stand in order of their first day.
    """
    since: date | None = None
    home: tuple[str, ...] | None = None
    for spell in spells:
        now = (spell.placement_type, spell.placement_provider, spell.placement_postcode, spell.urn)
        if since is None or spell.reason_started != STATUS_ONLY or now != home:
            since = spell.starts_on
        home = now
    return since


@dataclass(frozen=True)
class EpisodeGiven:
    """An episode as it ought to stand: one spell of the same legal status and placement, in SSDA903's codes."""

    starts_on: date
    legal_status: str
    category_of_need: str
    reason_started: str = "S"
    placement_type: str = ""
    placement_provider: str = ""
    ends_on: date | None = None
    reason_ended: str = ""
    reason_place_changed: str = ""
    home_postcode: str = ""
    placement_postcode: str = ""
    urn: str = ""


EPISODE_FIELDS = tuple(one.name for one in fields(EpisodeGiven))
EPISODE_DETAILS = tuple(one.name for one in fields(EpisodeGiven) if one.name != "starts_on")


@dataclass
class Corrected:
    """An episode as corrections have it stand: the days it was ever said to begin, and each field corrected.

    `by` is the last correction that touched it.
    """

    days: set[date]
    values: dict[str, Any]
    by: Any

    @property
    def starts_on(self) -> date:
        """The day it begins, as it stands."""
        day: date = self.values["starts_on"]
        return day

    def takes_up(self, given: EpisodeGiven) -> tuple[EpisodeGiven, dict[str, Any]]:
        """The episode a return gives as it stands here; and, by field, what the return says otherwise."""
        told = {name: getattr(given, name) for name, value in self.values.items() if getattr(given, name) != value}
        return replace(given, **self.values), told


def corrected_episodes(corrections: Iterable[tuple[Mapping[str, Any], Mapping[str, Any], Any]]) -> list[Corrected]:
    """What corrections of one child's episodes come to, in the order they were made: before, after, and the row."""
    found: list[Corrected] = []
    for before, after, row in corrections:
        was_on = before["starts_on"]
        one = next((one for one in found if one.starts_on == was_on), None)
        if one is None:
            one = Corrected({was_on}, {}, row)
            found.append(one)
        one.days.add(after["starts_on"])
        one.values |= after
        one.by = row
    return found


def correction_of(day: date, corrected: Sequence[Corrected]) -> Corrected | None:
    """Of these, the one of the episode that begins that day, or that was said to."""
    standing = [one for one in corrected if one.starts_on == day]
    said = [one for one in corrected if day in one.days]
    return next(iter([*standing, *said[::-1]]), None)


class EpisodesOverlap(Refused):
    """An episode would lie over another one of the same child: `other`."""

    def __init__(self, other: Lasting) -> None:
        state = f"ended on {in_words(other.ends_on)}" if other.ends_on else "has no end"
        super().__init__(
            f"This overlaps the episode that began on {in_words(other.starts_on)} and {state}.", "starts_on"
        )
        self.other = other


def check_episode(given: EpisodeGiven, born_on: date, others: Iterable[Lasting]) -> None:
    """Refuse an episode that began before the child was born, or lies over another one of the child's."""
    if given.starts_on < born_on:
        raise Refused("Care cannot begin before the child was born.", "starts_on")
    until = given.ends_on or date.max
    for other in others:
        if other.starts_on < until and given.starts_on < (other.ends_on or date.max):
            raise EpisodesOverlap(other)


def check_dates(given: EpisodeGiven, on: date, before_from: date | None, after_until: date | None) -> None:
    """Refuse an episode of days to come, one that ends before it begins, and one that leaves a neighbour no day.

    `before_from` is the day the episode before it began, `after_until` the day the one after it ended.
    """
    if given.starts_on > on:
        raise Refused(f"{in_words(given.starts_on)} is in the future. Give a day up to today.", "starts_on")
    if before_from is not None and given.starts_on <= before_from:
        raise Refused(f"The episode before it began on {in_words(before_from)}. Give a later day.", "starts_on")
    if given.reason_ended and not given.ends_on:
        raise Refused("Give the day it ended and why, or neither of them.", "ends_on")
    if given.ends_on is None:
        return
    if not given.starts_on <= given.ends_on <= on:
        raise Refused("Give a day from the day it began up to today.", "ends_on")
    if after_until is not None and given.ends_on >= after_until:
        raise Refused(f"The episode after it ended on {in_words(after_until)}. Give an earlier day.", "ends_on")


def joined(spells: Sequence[Spell]) -> list[list[Spell]]:
    """Episodes in order of start, joined into care periods.

    An episode that starts the day the one before it ended goes on with the same period, whatever code that
    one ended with, unless its own code says that the child started to be looked after (RNE S). A gap of even
    a day begins a new period, unless both codes beside it deny it (X1 before, no S after): an episode is missing
    there, and a mistake in one row does not send a child home.
    """
    periods: list[list[Spell]] = []
    for spell in spells:
        if periods and _goes_on(periods[-1][-1], spell):
            periods[-1].append(spell)
        else:
            periods.append([spell])
    return periods


def _goes_on(before: Spell, spell: Spell) -> bool:
    return not spell.is_start and (before.ends_on == spell.starts_on or before.is_to_go_on)


def denied_gaps(spells: Sequence[Spell]) -> list[tuple[date, date]]:
    """Of the episodes of one period in order of start: the last and first day beside each gap its codes deny."""
    return [
        (before.ends_on, spell.starts_on)
        for before, spell in pairwise(spells)
        if before.ends_on is not None and before.ends_on < spell.starts_on
    ]


def full_care_from(spells: Iterable[Spell]) -> date | None:
    """The day a period stopped being short breaks only; None while it is nothing else.

    Source: Care Planning Regulations 2010, reg. 48: once a child is accommodated otherwise, Part 6 applies whole,
    so the first review runs from that day.
    """
    return next((spell.starts_on for spell in spells if not spell.is_short_break), None)


def period_on(periods: Iterable[LastingType], day: date) -> LastingType | None:
    """The care period a review's day falls in, its last day included; of two that meet there, the earlier.

    A new period runs its own first review (Care Planning Regulations 2010, reg. 33(1)): to take what closed the old
    one for it would leave the child without a review for months.
    """
    within = [p for p in periods if p.starts_on <= day and (p.ends_on is None or day <= p.ends_on)]
    return min(within, key=lambda period: period.starts_on, default=None)
