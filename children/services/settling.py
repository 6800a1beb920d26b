"""Episodes as they ought to be, for many children at once, and the care periods they join into."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from timescales.refusals import Refused

from ..codes import SHORT_BREAK_STATUSES
from ..models import CarePeriod, Child, Episode
from ..rules import EPISODE_DETAILS, EpisodeGiven, Spell, check_episode, joined
from .batches import BATCH, Batch, by_child


@dataclass
class Care:
    """Some children of one authority, their care periods in order of start, and their episodes by first day."""

    authority_id: int
    children: dict[int, Child] = field(default_factory=dict)  # by key, as they were when locked
    periods: dict[int, list[CarePeriod]] = field(default_factory=dict)  # by the child's key
    episodes: dict[int, dict[date, Episode]] = field(default_factory=dict)

    def spells(self, period: CarePeriod) -> list[Spell]:
        """The episodes of a period in order of start, as the rules see them."""
        of_child = self.episodes.get(period.child_id, {}).values()
        return spells(episode for episode in of_child if episode.care_period_id == period.pk)


@dataclass
class CarePlan:
    """What settling care comes to, worked out and not yet written.

    `outcomes` says what becomes of each episode given: created, updated, unchanged, or the refusal. `emptied`
    names, by key, each period that loses all its episodes to another one, and that other one.
    """

    outcomes: list[str | Refused] = field(default_factory=list)
    emptied: dict[int, CarePeriod] = field(default_factory=dict)
    removed: list[Episode] = field(default_factory=list)
    periods: Batch[CarePeriod] = field(default_factory=lambda: Batch(CarePeriod))
    episodes: Batch[Episode] = field(default_factory=lambda: Batch(Episode))


def lock_care(*, authority_id: int, child_ids: Iterable[int]) -> Care:
    """The care of these children as it stands, with them and their periods held until the transaction ends.

    Children first, in the order of their keys: whoever records a review holds its child too, so that afterwards
    neither care nor a review of theirs can change unseen.
    """
    ids = list(child_ids)
    children = Child.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    found = {child.pk: child for child in children}
    periods = CarePeriod.objects.filter(child__in=ids).order_by("starts_on", "pk").select_for_update(no_key=True)
    care = Care(authority_id, found, by_child(periods))
    for child, episodes in by_child(Episode.objects.filter(child__in=ids)).items():
        care.episodes[child] = {episode.starts_on: episode for episode in episodes}
    return care


def spells(episodes: Iterable[Episode]) -> list[Spell]:
    """Episodes in order of start, as the rules see them."""
    return [
        Spell(
            episode.starts_on,
            episode.ends_on,
            episode.reason_started,
            episode.legal_status in SHORT_BREAK_STATUSES,
            episode.reason_ended,
        )
        for episode in sorted(episodes, key=lambda episode: episode.starts_on)
    ]


def plan_care(
    *, care: Care, episodes: Sequence[tuple[Child, EpisodeGiven]], withdrawn: Sequence[tuple[Child, date]] = ()
) -> CarePlan:
    """Work out how care becomes as these episodes say, beside those held that they do not name.

    An episode is known by its child and first day; `withdrawn` names those that are so no more. The episodes given
    of one child do not lie over each other. `care` is changed; nothing is written before `write_care`.
    """
    plan = CarePlan()
    changed: dict[int, Child] = {}
    for child, starts_on in withdrawn:
        episode = care.episodes.get(child.pk, {}).pop(starts_on, None)
        if episode is not None:
            plan.removed.append(episode)
            changed[child.pk] = child
    given_days = _first_days(episodes)
    for child, given in episodes:
        outcome = _settle(care, child, given, given_days[child.pk], plan.episodes)
        plan.outcomes.append(outcome)
        if outcome in ("created", "updated"):
            changed[child.pk] = child
    for child in changed.values():
        plan.emptied |= _join(care, child, plan)
    return plan


def _first_days(episodes: Sequence[tuple[Child, EpisodeGiven]]) -> dict[int, set[date]]:
    found: dict[int, set[date]] = {}
    for child, given in episodes:
        found.setdefault(child.pk, set()).add(given.starts_on)
    return found


def _settle(
    care: Care, child: Child, given: EpisodeGiven, given_days: set[date], batch: Batch[Episode]
) -> str | Refused:
    of_child = care.episodes.setdefault(child.pk, {})
    held = of_child.get(given.starts_on)
    try:
        others = (episode for day, episode in of_child.items() if day not in given_days)
        check_episode(given, child.date_of_birth, others)
    except Refused as refused:
        return refused
    details = {name: getattr(given, name) for name in EPISODE_DETAILS}
    if held:
        return batch.change(held, **details)
    episode = Episode(child=child, authority_id=care.authority_id, starts_on=given.starts_on, **details)
    of_child[given.starts_on] = episode
    return batch.add(episode)


def _join(care: Care, child: Child, plan: CarePlan) -> dict[int, CarePeriod]:
    """Match each joined run of episodes to a period, held or new; the held ones left over, by key, with the heir.

    A period keeps its row while any of its episodes is in it; one whose episodes were all withdrawn takes the run
    nearest to it that has no row yet, as where its start was mended.
    """
    of_child = care.episodes[child.pk]
    lost = {episode.care_period_id for episode in plan.removed if episode.child_id == child.pk}
    unclaimed = {period.pk: period for period in care.periods.get(child.pk, [])}
    runs = [[of_child[spell.starts_on] for spell in run] for run in joined(spells(of_child.values()))]
    if not runs:
        return {}
    claimed = [_claim(members, unclaimed) for members in runs]
    heirs: dict[int, CarePeriod] = {}
    made: list[CarePeriod] = []
    for members, held in zip(runs, claimed, strict=True):
        period = held or _inherit(members, unclaimed, lost) or CarePeriod(child=child, authority_id=care.authority_id)
        _date(period, members, plan.periods)
        for episode in members:
            if episode.care_period_id:
                heirs[episode.care_period_id] = period
            _move(episode, period, plan.episodes)
        made.append(period)
    care.periods[child.pk] = made
    return {pk: heirs.get(pk) or made[-1] for pk in unclaimed if pk in heirs or pk in lost}


def _date(period: CarePeriod, members: Sequence[Episode], periods: Batch[CarePeriod]) -> None:
    last = members[-1]
    reason_ended = last.reason_ended if last.ends_on else ""
    periods.change(period, starts_on=members[0].starts_on, ends_on=last.ends_on, reason_ended=reason_ended)
    if period.pk is None:
        periods.add(period)


def _claim(members: Sequence[Episode], unclaimed: dict[int, CarePeriod]) -> CarePeriod | None:
    for episode in members:
        if episode.care_period_id in unclaimed:
            return unclaimed.pop(episode.care_period_id)
    return None


def _inherit(members: Sequence[Episode], unclaimed: dict[int, CarePeriod], lost: set[int]) -> CarePeriod | None:
    left = [period for pk, period in unclaimed.items() if pk in lost]
    nearest = min(left, key=lambda period: abs(period.starts_on - members[0].starts_on), default=None)
    return unclaimed.pop(nearest.pk) if nearest else None


def _move(episode: Episode, period: CarePeriod, episodes: Batch[Episode]) -> None:
    if episode.pk is None:
        episode.care_period = period
    elif episode.care_period_id != period.pk or period.pk is None:
        episode.care_period = period
        episodes.mark(episode, "care_period")


def write_care(*, plan: CarePlan) -> None:
    """Write what was planned, in the caller's transaction.

    A period whose episodes have all gone into another one holds nothing any more: whoever else points to it must
    have moved to the heir, then its row is removed, and row history keeps it.
    """
    Episode.objects.filter(pk__in=[episode.pk for episode in plan.removed]).delete()
    _shrink(plan.periods.changed)
    _remove(plan.emptied)
    plan.periods.write()
    for row in [*plan.episodes.new, *plan.episodes.changed.values()]:
        if Episode.care_period.is_cached(row):  # type: ignore[attr-defined]  # the stubs hide the descriptor
            row.care_period = row.care_period  # takes up the key a new period has now been given
    plan.episodes.write()


def _shrink(changed: dict[int, CarePeriod]) -> None:
    """Write first what becomes shorter, so that no two periods overlap while others grow into the room."""
    shorter = []
    for pk, now in CarePeriod.objects.in_bulk(list(changed)).items():
        starts_on = max(now.starts_on, changed[pk].starts_on)
        ends_on = min(now.ends_on or date.max, changed[pk].ends_on or date.max)
        until = None if ends_on == date.max else ends_on
        if starts_on <= ends_on and (starts_on, until) != (now.starts_on, now.ends_on):
            now.starts_on, now.ends_on = starts_on, until
            shorter.append(now)
    CarePeriod.objects.bulk_update(shorter, ["starts_on", "ends_on"], batch_size=BATCH)


def _remove(emptied: dict[int, CarePeriod]) -> None:
    if not emptied:
        return
    moving = list(Episode.objects.filter(care_period__in=list(emptied)))
    for episode in moving:
        episode.care_period = emptied[episode.care_period_id]
    Episode.objects.bulk_update(moving, ["care_period"], batch_size=BATCH)
    CarePeriod.objects.filter(pk__in=list(emptied)).delete()
