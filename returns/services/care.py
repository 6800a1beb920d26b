"""Episodes: as the returns tell them together, settled with the care periods they make up where care is settled."""

from collections.abc import Sequence
from datetime import date

from children.models import Child
from children.rules import EpisodeGiven, EpisodesOverlap
from children.services import corrections_of_episodes
from reviews.services import settle_care
from timescales.refusals import Refused

from ..checking import Bad, Values
from .changes import Changes
from .corrected import as_corrected
from .since import days_fed, overruled, with_its_end

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
    said: list[tuple[date, list[Bad]]] = []  # of each its first day by the return, and what was corrected here
    withdrawn = []
    corrections, fed = corrections_of_episodes(changes.care.children), days_fed(changes)
    for child, before, now in changes.of_children():
        corrected = corrections.get(child.pk, [])
        told = []
        for day in sorted(now.episodes):
            stands, differing = as_corrected(_episode(now.episodes[day]), corrected, now.episodes, FIELDS)
            told.append(stands)
            given.append((child, with_its_end(changes, child, before, stands)))
            said.append((day, differing))
        if now.episodes:  # a return that gives none any more does not say that the child never was in care
            kept = now.episodes.keys() | {one.starts_on for one in corrected}
            its_fed = [day for day in fed.get(child.reference, ()) if day not in kept]
            withdrawn += [(child, day) for day in before.episodes if day not in kept]
            withdrawn += [(child, day) for day in overruled(changes, child, its_fed, told)]
    outcomes = settle_care(care=changes.care, episodes=given, withdrawn=withdrawn)
    for (child, episode), (day, differing), outcome in zip(given, said, outcomes, strict=True):
        found = _rejection(outcome, episode) if isinstance(outcome, Refused) else outcome
        _note(changes, child, day, found, differing)


def _note(changes: Changes, child: Child, day: date, outcome: str | Bad, differing: Sequence[Bad]) -> None:
    """What became of a row: what cannot be, else what differs from a correction, else what it changed."""
    bad = [outcome, *differing] if isinstance(outcome, Bad) else [*differing]
    changes.note("Episodes", child, (day,), bad[0] if bad else outcome)
    for one in bad[1:]:
        changes.differ("Episodes", child, (day,), one)


def _episode(row: Values) -> EpisodeGiven:
    return EpisodeGiven(**{name: row[column] for name, column in FIELDS.items()})


def _rejection(refused: Refused, episode: EpisodeGiven) -> Bad:
    reason = refused.message
    if isinstance(refused, EpisodesOverlap):
        other = refused.other
        state = f"ended on {other.ends_on:%d/%m/%Y}" if other.ends_on else "has no end"
        reason = f"This overlaps the episode that began on {other.starts_on:%d/%m/%Y} and {state} (rules 142, 501)."
    return Bad("DECOM", f"{episode.starts_on:%d/%m/%Y}", reason)
