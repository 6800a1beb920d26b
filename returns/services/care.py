"""Episodes: as the returns tell them together, settled with the care periods they make up where care is settled."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from children.models import Child
from children.rules import Corrected, EpisodeGiven, EpisodesOverlap, correction_of
from children.services import corrections_of_episodes
from reviews.services import settle_care
from timescales.refusals import Refused

from ..checking import Bad, Values
from .changes import Changes

FIELDS = {
    "starts_on": "DECOM",
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


def load_care(changes: Changes) -> None:
    """Create, change and take back episodes, and the care periods they make up."""
    given: list[tuple[Child, EpisodeGiven]] = []
    withdrawn = []
    said: list[date] = []  # the first day of each by the return, which a correction made here may have overruled
    corrections = corrections_of_episodes(changes.care.children)
    for child, before, now in changes.of_children():
        corrected = corrections.get(child.pk, [])
        for day in sorted(now.episodes):
            given.append((child, _as_it_stands(changes, child, now.episodes[day], corrected, now.episodes)))
            said.append(day)
        if now.episodes:  # a return that gives none any more does not say that the child never was in care
            kept = now.episodes.keys() | {one.starts_on for one in corrected}
            withdrawn += [(child, day) for day in before.episodes if day not in kept]
    outcomes = settle_care(care=changes.care, episodes=given, withdrawn=withdrawn)
    for (child, episode), day, outcome in zip(given, said, outcomes, strict=True):
        found = _rejection(outcome, episode) if isinstance(outcome, Refused) else outcome
        changes.note("Episodes", child, (day,), found)


def _as_it_stands(
    changes: Changes, child: Child, row: Values, corrected: Sequence[Corrected], given_days: Collection[date]
) -> EpisodeGiven:
    """The episode a return gives, but for what was corrected here: where it says otherwise, a person is to say."""
    given = _episode(row)
    one = correction_of(given.starts_on, corrected)
    if one is None or (one.starts_on != given.starts_on and one.starts_on in given_days):
        return given
    stands, told = one.takes_up(given)
    for name, value in told.items():
        bad = Bad(FIELDS[name], _shown(value), _corrected_words(one, name))
        changes.differ("Episodes", child, (given.starts_on,), bad)
    return stands


def _shown(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def _corrected_words(one: Corrected, name: str) -> str:
    stands, by = _shown(one.values[name]), one.by
    return (
        f"It was corrected here to {stands or 'nothing'} by {by.corrected_by} on {by.corrected_at:%d/%m/%Y}:"
        f" {by.reason} That stands until a person says which is right."
    )


def _episode(row: Values) -> EpisodeGiven:
    return EpisodeGiven(**{name: row[column] for name, column in FIELDS.items()})


def _rejection(refused: Refused, episode: EpisodeGiven) -> Bad:
    reason = refused.message
    if isinstance(refused, EpisodesOverlap):
        other = refused.other
        state = f"ended on {other.ends_on:%d/%m/%Y}" if other.ends_on else "has no end"
        reason = f"This overlaps the episode that began on {other.starts_on:%d/%m/%Y} and {state} (rules 142, 501)."
    return Bad("DECOM", f"{episode.starts_on:%d/%m/%Y}", reason)
