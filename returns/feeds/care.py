"""What a row says of a child's care beside what is held: the episodes to be, and where the two differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from children.models import CarePeriod, Episode
from children.rules import EPISODE_DETAILS, EpisodeGiven, EpisodesOverlap, check_episode
from timescales.refusals import Refused
from timescales.words import in_words

from ..checking import Bad
from .checking import ChildSaid

NOW = ("legal_status", "category_of_need", "placement_type")  # what a row says of the present
OF_THE_HOME = ("placement_provider", "placement_postcode", "home_postcode", "urn")
NEXT_EPISODE = "X1"


@dataclass
class CareSaid:
    """The episodes that make care what the row says, and the cells that stand against what is held."""

    episodes: list[EpisodeGiven] = field(default_factory=list)
    differences: list[Bad] = field(default_factory=list)

    def differ(self, column: str, value: object, reason: str) -> "CareSaid":
        """Note a difference."""
        self.differences.append(Bad(column, str(value or ""), reason))
        return self


@dataclass(frozen=True)
class CareHeld:
    """The care of a child as it is held, and what the file said of the child before."""

    born_on: date
    periods: Sequence[CarePeriod]
    episodes: Mapping[date, Episode]
    before: Mapping[str, str] | None
    last_review_on: date | None = None

    def last_of(self, period: CarePeriod) -> Episode:
        """The last episode of a period. Raises Bad where none is held."""
        mine = [episode for episode in self.episodes.values() if episode.care_period_id == period.pk]
        if not mine:
            raise Bad("care_started_on", period.starts_on.isoformat(), "No episode is held of this time in care.")
        return max(mine, key=lambda episode: episode.starts_on)

    def was(self, column: str, held: date | str | None) -> bool:
        """Whether the file said before what is held now, so that the change is the file's."""
        plain = held.isoformat() if isinstance(held, date) else held or ""
        return self.before is not None and self.before.get(column, "") == plain


def care_said(said: ChildSaid, held: CareHeld, on: date) -> CareSaid:
    """What becomes of care by this row; raises Bad for what cannot be. `on` is today."""
    found = _compared(said, held, on)
    days = {episode.starts_on for episode in found.episodes}
    others = [episode for day, episode in held.episodes.items() if day not in days]
    for episode in found.episodes:
        try:
            check_episode(episode, held.born_on, others)
        except EpisodesOverlap as refused:
            raise Bad("care_started_on", said.care_started_on.isoformat(), refused.message) from refused
        except Refused as refused:
            raise Bad("date_of_birth", said.date_of_birth.isoformat(), refused.message) from refused
    return found


def _compared(said: ChildSaid, held: CareHeld, on: date) -> CareSaid:
    same = next((period for period in held.periods if period.starts_on == said.care_started_on), None)
    if same is None:
        return _of_another_period(said, held.periods)
    if said.care_ended_on is not None or same.ends_on is not None:
        return _of_an_end(said, same, held)
    return _of_the_present(said, held.last_of(same), held, on)


def _of_another_period(said: ChildSaid, periods: Iterable[CarePeriod]) -> CareSaid:
    until = said.care_ended_on or date.max
    for period in periods:
        if said.care_started_on < (period.ends_on or date.max) and period.starts_on < until:
            began = f"Care held here began on {in_words(period.starts_on)}"
            if period.ends_on is None and said.care_ended_on is None:
                reason = f"{began} and has no end. If it ended, send the row with its end first; else mend the start."
                return CareSaid().differ("care_started_on", said.care_started_on, reason)
            state = f"ended on {in_words(period.ends_on)}" if period.ends_on else "has no end"
            raise Bad("care_started_on", said.care_started_on.isoformat(), f"This overlaps. {began} and {state}.")
    return CareSaid(_first_episodes(said))


def _first_episodes(said: ChildSaid) -> list[EpisodeGiven]:
    """Care from its first day; where the placement began later, where the child was before is not told."""
    present: dict[str, Any] = {name: getattr(said, name) for name in NOW}
    end: dict[str, Any] = {"ends_on": said.care_ended_on, "reason_ended": said.reason_ended}
    placed = said.placement_started_on
    if placed is None or placed == said.care_started_on:
        return [EpisodeGiven(starts_on=said.care_started_on, **present, **end)]
    before = {**present, "placement_type": "", "ends_on": placed, "reason_ended": NEXT_EPISODE}
    return [
        EpisodeGiven(starts_on=said.care_started_on, **before),
        EpisodeGiven(starts_on=placed, reason_started="P", **present, **end),
    ]


def _of_an_end(said: ChildSaid, period: CarePeriod, held: CareHeld) -> CareSaid:
    ended, why = said.care_ended_on, said.reason_ended
    if (ended, why) == (period.ends_on, period.reason_ended):
        return CareSaid()
    is_the_files = held.was("care_ended_on", period.ends_on) and held.was("reason_ended", period.reason_ended)
    if period.ends_on is not None and not is_the_files:
        reason = f"Care ended here on {in_words(period.ends_on)}, with {period.reason_ended or 'no reason'}."
        column = "care_ended_on" if ended != period.ends_on else "reason_ended"
        return CareSaid().differ(column, getattr(said, column), reason)
    if period.ends_on is None and held.before is not None and held.before.get("care_ended_on") == ended.isoformat():  # type: ignore[union-attr]  # one of the two ended
        return CareSaid().differ("care_ended_on", ended, "Somebody said here that care goes on after all.")
    last = held.last_of(period)
    _refuse_end_before(said, "the last episode began", last.starts_on)
    if ended and held.last_review_on and ended < held.last_review_on:
        _refuse_end_before(said, "a review was held", held.last_review_on)
    return CareSaid([_changed(last, ends_on=ended, reason_ended=why)])


def _refuse_end_before(said: ChildSaid, what: str, day: date) -> None:
    if said.care_ended_on and said.care_ended_on < day:
        reason = f"By what is held here {what} later, on {in_words(day)}."
        raise Bad("care_ended_on", said.care_ended_on.isoformat(), reason)


def _of_the_present(said: ChildSaid, last: Episode, held: CareHeld, on: date) -> CareSaid:
    found = CareSaid()
    changes = {name: getattr(said, name) for name in NOW if getattr(said, name) not in ("", getattr(last, name))}
    for name in [name for name, value in changes.items() if held.was(name, value)]:
        is_now = getattr(last, name) or "blank"
        found.differ(name, changes.pop(name), f"It is {is_now} here, by what was read or typed since.")
    if not changes:
        return found
    begins = _begins_on(said, last, changes, on)
    if begins is None:
        found.episodes = [_changed(last, **changes)]
        return found
    found.episodes = [
        _changed(last, ends_on=begins, reason_ended=NEXT_EPISODE),
        _following(last, begins, changes),
    ]
    if held.before is None and begins == on:
        column = next(iter(changes))
        reason = "Taken from today, since the file does not say from when. Correct the episode if it was earlier."
        found.differ(column, changes[column], reason)
    return found


def _begins_on(said: ChildSaid, last: Episode, changes: Mapping[str, str], on: date) -> date | None:
    """The day of a new episode; None where the last one is only told better."""
    placed = said.placement_started_on
    if not changes.keys() & {"legal_status", "placement_type"} or last.starts_on == on:
        return None
    if "placement_type" in changes and placed:
        if placed > last.starts_on:
            return placed
        if placed == last.starts_on and not last.placement_type:
            return None
    return on


def _following(last: Episode, begins_on: date, changes: dict[str, str]) -> EpisodeGiven:
    is_moved, is_other_status = "placement_type" in changes, "legal_status" in changes
    values = {name: getattr(last, name) for name in (*NOW, *(() if is_moved else OF_THE_HOME))} | changes
    reason = "B" if is_moved and is_other_status else "P" if is_moved else "L"
    return EpisodeGiven(starts_on=begins_on, reason_started=reason, **values)


def _changed(episode: Episode, **values: Any) -> EpisodeGiven:
    details = {name: getattr(episode, name) for name in EPISODE_DETAILS}
    return EpisodeGiven(starts_on=episode.starts_on, **{**details, **values})
