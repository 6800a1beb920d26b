"""Episodes: kept as they were returned, and joined into care periods."""

from collections.abc import Iterable, Sequence
from datetime import date

from children.codes import SHORT_BREAK_STATUSES
from children.models import CarePeriod, Child, Episode
from children.rules import Spell, joined
from reviews.models import Review

from ..checking import Bad, Values
from .batches import Batch
from .records import Entry, Records

FIELDS = {
    "reason_started": "RNE",
    "legal_status": "LS",
    "category_of_need": "CIN",
    "placement_type": "PLACE",
    "placement_provider": "PLACE_PROVIDER",
    "ends_on": "DEC",
    "reason_ended": "REC",
    "reason_place_changed": "REASON_PLACE_CHANGE",
    "home_postcode": "HOME_POST",
    "placement_postcode": "PL_POST",
    "urn": "URN",
}


def load_care(records: Records, entries: list[Entry]) -> None:
    """Create and change episodes in order of start, then the care periods they make up."""
    batch = Batch(Episode)
    changed: dict[int, Child] = {}

    def settle_episode(records: Records, values: Values) -> str:
        child = records.child(values)
        outcome = _settle(records, child, values, batch)
        if outcome != "unchanged":
            changed[child.pk] = child
        return outcome

    records.settle(sorted(entries, key=lambda entry: entry.values["DECOM"]), settle_episode)
    join_periods(records, changed.values(), batch)


def _settle(records: Records, child: Child, values: Values, batch: Batch[Episode]) -> str:
    starts_on, ends_on = values["DECOM"], values["DEC"]
    if starts_on < child.date_of_birth:
        raise Bad("DECOM", f"{starts_on:%d/%m/%Y}", "Care cannot begin before the child was born.")
    of_child = records.episodes.setdefault(child.pk, {})
    held = of_child.get(starts_on)
    if held and records.is_told_again(held.ends_on):
        return "unchanged"
    _refuse_overlap(starts_on, ends_on, [episode for episode in of_child.values() if episode is not held])
    details = {name: values[column] for name, column in FIELDS.items()}
    if held:
        return batch.change(held, **details)
    of_child[starts_on] = Episode(child=child, authority=records.authority, starts_on=starts_on, **details)
    return batch.add(of_child[starts_on])


def _refuse_overlap(starts_on: date, ends_on: date | None, others: Iterable[Episode]) -> None:
    for other in others:
        other_ends = other.ends_on or date.max
        if other.starts_on < (ends_on or date.max) and starts_on < other_ends:
            state = f"ended on {other.ends_on:%d/%m/%Y}" if other.ends_on else "has no end"
            raise Bad(
                "DECOM",
                f"{starts_on:%d/%m/%Y}",
                f"This overlaps the episode that began on {other.starts_on:%d/%m/%Y} and {state} (rules 142, 501).",
            )


def join_periods(records: Records, children: Iterable[Child], episodes: Batch[Episode]) -> None:
    """Make the care periods of these children those their episodes make up, and write both.

    A period keeps its row while any of its episodes is in it. One whose episodes have all gone into another
    period holds nothing any more; its row is removed, and row history keeps it.
    """
    periods = Batch(CarePeriod)
    surplus: dict[int, CarePeriod] = {}
    for child in children:
        surplus |= _join(records, child, periods, episodes)
    _shrink(periods.changed.values())
    _empty(surplus)
    periods.write()
    for row in [*episodes.new, *episodes.changed.values()]:
        if Episode.care_period.is_cached(row):  # type: ignore[attr-defined]  # the stubs hide the descriptor
            row.care_period = row.care_period  # takes up the key a new period has now been given
    episodes.write()


def spells(episodes: Iterable[Episode]) -> list[Spell]:
    """Episodes in order of start, as the rules see them."""
    return [
        Spell(
            episode.starts_on, episode.ends_on, episode.reason_started, episode.legal_status in SHORT_BREAK_STATUSES
        )
        for episode in sorted(episodes, key=lambda episode: episode.starts_on)
    ]


def _join(
    records: Records, child: Child, periods: Batch[CarePeriod], episodes: Batch[Episode]
) -> dict[int, CarePeriod]:
    """Match each joined run of episodes to a period, held or new; the held ones left over, by key, with the heir."""
    of_child = records.episodes[child.pk]
    unclaimed = {period.pk: period for period in records.periods.get(child.pk, [])}
    heirs: dict[int, CarePeriod] = {}
    made: list[CarePeriod] = []
    for run in joined(spells(of_child.values())):
        members = [of_child[spell.starts_on] for spell in run]
        period = _claim(members, unclaimed) or CarePeriod(child=child, authority=records.authority)
        last = members[-1]
        dates = {
            "starts_on": members[0].starts_on,
            "ends_on": last.ends_on,
            "reason_ended": last.reason_ended if last.ends_on else "",
        }
        periods.change(period, **dates)
        if period.pk is None:
            periods.add(period)
        for episode in members:
            if episode.care_period_id:
                heirs[episode.care_period_id] = period
            _move(episode, period, episodes)
        made.append(period)
    records.periods[child.pk] = made
    return {pk: heirs[pk] for pk in unclaimed if pk in heirs}


def _claim(members: Sequence[Episode], unclaimed: dict[int, CarePeriod]) -> CarePeriod | None:
    for episode in members:
        if episode.care_period_id in unclaimed:
            return unclaimed.pop(episode.care_period_id)
    return None


def _move(episode: Episode, period: CarePeriod, episodes: Batch[Episode]) -> None:
    if episode.pk is None:
        episode.care_period = period
    elif episode.care_period_id != period.pk or period.pk is None:
        episode.care_period = period
        episodes.mark(episode, "care_period")


def _shrink(changed: Iterable[CarePeriod]) -> None:
    """Write first what becomes shorter, so that no two periods overlap while others grow into the room."""
    rows = list(changed)
    before = CarePeriod.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        held = before[row.pk]
        starts_on = max(held.starts_on, row.starts_on)
        ends_on = min(held.ends_on or date.max, row.ends_on or date.max)
        if starts_on <= ends_on:
            shorter = {"starts_on": starts_on, "ends_on": None if ends_on == date.max else ends_on}
            if shorter != {"starts_on": held.starts_on, "ends_on": held.ends_on}:
                CarePeriod.objects.filter(pk=row.pk).update(**shorter)


def _empty(surplus: dict[int, CarePeriod]) -> None:
    for pk, heir in surplus.items():
        Episode.objects.filter(care_period=pk).update(care_period=heir)
        Review.objects.filter(care_period=pk).update(care_period=heir)
        CarePeriod.objects.filter(pk=pk).delete()
