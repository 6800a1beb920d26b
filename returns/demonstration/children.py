"""Invented children: who they are, since when they are looked after, under what order and where."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from accounts.models import User
from children.models import Allocation, CarePeriod, Child, MissingSpell, TeamAllocation
from children.rules import EpisodeGiven
from timescales import age_on, birthday

from . import names
from .establishment import IRO_HOURS, Establishment

LOOKED_AFTER = 450
LEFT_CARE = 150
SHORT_BREAKS = 8
WITHOUT_IRO = 12
MISSING_EVERY = 40
HISTORY_DAYS = 2 * 365
TEAMS = ("North", "South", "East", "West")
HOMES = [("U6", "PR1")] * 8 + [("U4", "PR4")] * 6 + [("U1", "PR1")] * 4 + [("K2", "PR4")] * 3 + [("P1", "PR0")] * 2
OLDER_HOMES = [("K3", "PR4"), ("K3", "PR5"), ("K2", "PR4"), ("U6", "PR4")]


@dataclass
class Story:
    """One child with everything that will be written about them."""

    child: Child
    number: int
    team: str
    iro: User | None
    care_from: date
    care_to: date | None
    reason_left: str = ""
    is_short_breaks: bool = False
    episodes: list[EpisodeGiven] = field(default_factory=list)
    period: CarePeriod = field(init=False)  # once care is settled
    allocations: list[Allocation] = field(default_factory=list)
    team_allocation: TeamAllocation | None = None
    missing: list[MissingSpell] = field(default_factory=list)


def key(rng: Random) -> UUID:
    """A uuid that is the same on every loading of a day."""
    return UUID(int=rng.getrandbits(128), version=4)


def stories(rng: Random, place: Establishment, on: date) -> list[Story]:
    """All the children, those still looked after first."""
    shares = [float(hours) for hours in IRO_HOURS]
    told = []
    for number in range(LOOKED_AFTER + LEFT_CARE):
        is_here = number < LOOKED_AFTER
        without = is_here and number % (LOOKED_AFTER // WITHOUT_IRO) == 5 and number // 37 < WITHOUT_IRO
        iro = None if without else _next_iro(place, shares, number)
        told.append(_story(rng, place, on, number, is_here=is_here, iro=iro))
    return told


def _next_iro(place: Establishment, shares: list[float], number: int) -> User:
    """Spread children over the IROs by their hours, evenly as they come."""
    total = sum(shares)
    at = (number * 0.618033988749895) % 1 * total  # the golden ratio spreads neighbours apart
    for iro, share in zip(place.iros, shares, strict=True):
        at -= share
        if at < 0:
            return iro
    return place.iros[-1]


def _story(rng: Random, place: Establishment, on: date, number: int, *, is_here: bool, iro: User | None) -> Story:
    care_from, care_to = _care(rng, on, is_here=is_here, is_new=iro is None)
    is_short_breaks = is_here and number % (LOOKED_AFTER // SHORT_BREAKS) == 20
    in_care_days = ((care_to or on) - care_from).days
    is_unaccompanied = not is_short_breaks and in_care_days < 700 and rng.random() < 0.1
    child = _child(rng, place, number, care_from, care_to or on, is_unaccompanied=is_unaccompanied)
    reason_left = "" if care_to is None else _reason_left(rng, child, care_to)
    team = TEAMS[number % len(TEAMS)]
    story = Story(child, number, team, iro, care_from, care_to, reason_left, is_short_breaks)
    story.episodes = _episodes(rng, story, on)
    _allocate(rng, place, story, number)
    if number % MISSING_EVERY == 3 and not is_short_breaks:
        story.missing = [_missing(rng, story, care_to or on)]
    return story


def _care(rng: Random, on: date, *, is_here: bool, is_new: bool) -> tuple[date, date | None]:
    """When care began, and ended. Lengths as they are met: many short, some very long."""
    if is_new:
        return on - timedelta(days=rng.randint(1, 12)), None
    if is_here:
        long_ago = rng.choices([30, 120, 365, 900, 2000, 3200], [9, 11, 20, 25, 22, 13])[0]
        return on - timedelta(days=rng.randint(max(2, long_ago // 3), long_ago)), None
    ended = on - timedelta(days=rng.randint(3, HISTORY_DAYS - 30))
    return ended - timedelta(days=rng.choices([60, 400, 1200], [3, 5, 4])[0] + rng.randint(0, 200)), ended


def _child(
    rng: Random, place: Establishment, number: int, care_from: date, until: date, *, is_unaccompanied: bool
) -> Child:
    of = rng.choice(["OTHER", "OTHER", "BLACK", "ASIAN"]) if is_unaccompanied else names.background(rng)
    sex = "M" if is_unaccompanied and rng.random() < 0.9 else rng.choice("FM")
    given, family = names.child_name(rng, of, sex)
    born = _born(rng, care_from, until, is_unaccompanied=is_unaccompanied)
    return Child(
        uuid=key(rng),
        authority=place.authority,
        reference=f"T{104200 + number * 7}",
        given_name=given,
        family_name=family,
        date_of_birth=born,
        sex=sex,
        ethnicity=names.ethnicity(rng, of),
        upn=f"X{800000000000 + number * 37:012}",
        unaccompanied_until=birthday(born, 18) if is_unaccompanied else None,
    )


def _born(rng: Random, care_from: date, until: date, *, is_unaccompanied: bool) -> date:
    """A birth date with the child under 18 until the last day, and born when care began."""
    oldest = birthday(until, -18) + timedelta(days=5)  # turns 18 five days after `until`, at the earliest
    newest = care_from - timedelta(days=1)
    if is_unaccompanied and birthday(care_from, -15) > oldest:
        return oldest + timedelta(days=rng.randint(0, (birthday(care_from, -15) - oldest).days))
    span = (newest - oldest).days
    return oldest + timedelta(days=int(span * rng.betavariate(1.3, 1.6)))


def _reason_left(rng: Random, child: Child, on: date) -> str:
    if age_on(child.date_of_birth, on) >= 17:
        return rng.choice(["E17", "E5", "E7"])
    return rng.choice(["E4A", "E4A", "E4B", "E46", "E48", "E12", "E41"])


def _episodes(rng: Random, story: Story, on: date) -> list[EpisodeGiven]:
    """One to three spells: an early order, then a full one, with a change of placement between."""
    days = ((story.care_to or on) - story.care_from).days
    is_long = days > 100 and not story.is_short_breaks
    cuts = sorted(days * part // 10 for part in rng.sample(range(2, 9), rng.choice([0, 1, 2]))) if is_long else []
    starts = [story.care_from, *(story.care_from + timedelta(days=cut) for cut in cuts)]
    need = rng.choices(["N1", "N5", "N3", "N2", "N4", "N8"], [60, 15, 8, 5, 5, 7])[0]
    return [_episode(rng, story, need, starts, number) for number in range(len(starts))]


def _episode(rng: Random, story: Story, need: str, starts: list[date], number: int) -> EpisodeGiven:
    is_first, is_last = number == 0, number == len(starts) - 1
    older = age_on(story.child.date_of_birth, starts[number]) >= 16
    placement, provider = rng.choice(OLDER_HOMES if older else HOMES)
    return EpisodeGiven(
        starts_on=starts[number],
        reason_started="S" if is_first else "B",
        legal_status=_legal_status(rng, story, is_first=is_first),
        category_of_need="N8" if story.child.unaccompanied_until else need,
        placement_type=placement,
        placement_provider=provider,
        ends_on=story.care_to if is_last else starts[number + 1],
        reason_ended=story.reason_left if is_last else "X1",
        reason_place_changed="" if is_last else "CARPL",
        home_postcode=names.postcode(rng),
        placement_postcode=names.postcode(rng),
    )


def _legal_status(rng: Random, story: Story, *, is_first: bool) -> str:
    if story.is_short_breaks:
        return "V4"
    if story.child.unaccompanied_until:
        return "V2"
    return rng.choice(["C1", "V2", "C1", "C2"]) if is_first else rng.choice(["C2", "C2", "C2", "E1"])


def _missing(rng: Random, story: Story, until: date) -> MissingSpell:
    """Some days away, ended before the last day told of."""
    began = story.care_from + timedelta(days=rng.randint(0, max(0, (until - story.care_from).days - 2)))
    return MissingSpell(
        child=story.child,
        authority=story.child.authority,
        kind=rng.choice("MMA"),
        starts_on=began,
        ends_on=began + timedelta(days=1),
    )


def _allocate(rng: Random, place: Establishment, story: Story, number: int) -> None:
    """A team and a social worker from the first day, an IRO within five working days."""
    opened = place.ladder.starts_on
    care_from, ends_on = max(story.care_from, opened), story.care_to
    shared = {"child": story.child, "authority": place.authority, "ends_on": ends_on}
    story.team_allocation = TeamAllocation(team=place.teams[story.team], starts_on=care_from, **shared)
    workers = place.workers[story.team]
    worker = workers[number // len(TEAMS) % len(workers)]
    story.allocations = [Allocation(kind="SOCIAL_WORKER", user=worker, starts_on=care_from, **shared)]
    if story.iro is not None:
        story.allocations.append(Allocation(kind="IRO", user=story.iro, starts_on=care_from, **shared))
