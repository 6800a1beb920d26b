"""Corrections of facts about a child: what each field said before is kept, with who, when and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from accounts.models import User
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from ..models import Child, CorrectedFact, Episode
from ..rules import EPISODE_FIELDS, Corrected, EpisodeGiven, check_dates, corrected_episodes
from .settling import Care

DAYS = ("starts_on", "ends_on")


@dataclass(frozen=True)
class Change:
    """What one row said in the fields that change, its first day among them, and what it says since."""

    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class EpisodePlan:
    """What correcting an episode asks of care: the episodes as they ought to be, and the first days that are gone."""

    episodes: list[EpisodeGiven]
    gone: list[date]
    changes: list[Change]

    @property
    def moved(self) -> dict[date, date]:
        """The first days that are others now, by what they were."""
        return {one.before["starts_on"]: one.after["starts_on"] for one in self.changes}


def plan_episode(*, care: Care, child: Child, starts_on: date, made: EpisodeGiven, on: date) -> EpisodePlan:
    """What comes of saying that the episode begun that day is another; its neighbours in the time in care follow.

    Raises Conflict where no such episode is held any more, and Refused for days that cannot be.
    """
    of_child = care.episodes.get(child.pk, {})
    episode = of_child.get(starts_on)
    if episode is None:
        raise Conflict(f"The episode that began on {in_words(starts_on)} is not held any more. Open the page again.")
    beside = [other for other in of_child.values() if other.care_period_id == episode.care_period_id]
    before = next((other for other in beside if other.ends_on == starts_on and other is not episode), None)
    after = next((other for other in beside if other.starts_on == episode.ends_on and other is not episode), None)
    check_dates(made, on, before.starts_on if before else None, after.ends_on if after else None)
    if made.ends_on and not made.reason_ended and (episode.reason_ended or not episode.ends_on):
        raise Refused("Give the day it ended and why, or neither of them.", "reason_ended")
    wanted = [(episode, made)]
    if before and made.starts_on != starts_on:
        wanted.append((before, _given(before, ends_on=made.starts_on)))
    if after and made.ends_on and made.ends_on != episode.ends_on:
        wanted.append((after, _given(after, starts_on=made.ends_on)))
    changes = [(row, given, _changed(row, given)) for row, given in wanted]
    return EpisodePlan(
        [given for _, given, _ in changes],
        [row.starts_on for row, given, _ in changes if row.starts_on != given.starts_on],
        [change for _, _, change in changes if change.after.keys() > {"starts_on"} or _has_moved(change)],
    )


def _has_moved(change: Change) -> bool:
    return bool(change.before["starts_on"] != change.after["starts_on"])


def _given(episode: Episode, **changed: date) -> EpisodeGiven:
    return EpisodeGiven(**{name: getattr(episode, name) for name in EPISODE_FIELDS} | changed)


def _changed(episode: Episode, given: EpisodeGiven) -> Change:
    names = [name for name in EPISODE_FIELDS if name == "starts_on" or getattr(episode, name) != getattr(given, name)]
    return Change({name: getattr(episode, name) for name in names}, {name: getattr(given, name) for name in names})


def keep_facts(
    *, child: Child, kind: CorrectedFact.Kind, changes: Iterable[Change], reason: str, by: User, at: datetime
) -> None:
    """Keep what these rows said before and say since. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused("Say why it is corrected.", "reason")
    CorrectedFact.objects.bulk_create(
        CorrectedFact(
            authority_id=child.authority_id,
            child=child,
            kind=kind,
            reason=reason.strip(),
            before=_stored(change.before),
            after=_stored(change.after),
            corrected_at=at,
            corrected_by=by,
        )
        for change in changes
    )


def refuse_corrected_since(*, child: Child, kind: CorrectedFact.Kind, seen: int) -> None:
    """Raise Conflict, with who and why, where such a fact was corrected since there were `seen` corrections."""
    made = list(child.corrected_facts.of_kind(kind).with_who())
    if len(made) != seen:
        last = made[0]
        raise Conflict(
            f"{last.corrected_by} made a correction on {in_words(localdate(last.corrected_at))}, since you opened"
            f" this page: {last.reason}"
        )


def corrections_of_episodes(child_ids: Iterable[int]) -> dict[int, list[Corrected]]:
    """What corrections made here come to, by the child's key; one query."""
    rows: dict[int, list[CorrectedFact]] = {}
    for row in CorrectedFact.objects.of_episodes(child_ids):
        rows.setdefault(row.child_id, []).append(row)
    return {child_id: corrected_episodes(_values(of_child)) for child_id, of_child in rows.items()}


def _values(rows: Sequence[CorrectedFact]) -> list[tuple[dict[str, Any], dict[str, Any], CorrectedFact]]:
    return [(read_back(row.before), read_back(row.after), row) for row in rows]


def read_back(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept, its days as days."""
    return {name: date.fromisoformat(value) if value and name in DAYS else value for name, value in stored.items()}


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
