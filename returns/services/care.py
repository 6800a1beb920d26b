"""Episodes: as the returns tell them together, settled with the care periods they make up where care is settled."""

from children.models import Child
from children.rules import EpisodeGiven, EpisodesOverlap
from reviews.services import settle_care
from timescales.refusals import Refused

from ..checking import Bad, Values
from .changes import Changes
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
    withdrawn = []
    fed = days_fed(changes)
    for child, before, now in changes.of_children():
        told = [_episode(now.episodes[day]) for day in sorted(now.episodes)]
        given += [(child, with_its_end(changes, child, before, one)) for one in told]
        if now.episodes:  # a return that gives none any more does not say that the child never was in care
            withdrawn += [(child, day) for day in before.episodes if day not in now.episodes]
            withdrawn += [(child, day) for day in overruled(changes, child, fed.get(child.reference, ()), told)]
    outcomes = settle_care(care=changes.care, episodes=given, withdrawn=withdrawn)
    for (child, episode), outcome in zip(given, outcomes, strict=True):
        found = _rejection(outcome, episode) if isinstance(outcome, Refused) else outcome
        changes.note("Episodes", child, (episode.starts_on,), found)


def _episode(row: Values) -> EpisodeGiven:
    return EpisodeGiven(**{name: row[column] for name, column in FIELDS.items()})


def _rejection(refused: Refused, episode: EpisodeGiven) -> Bad:
    reason = refused.message
    if isinstance(refused, EpisodesOverlap):
        other = refused.other
        state = f"ended on {other.ends_on:%d/%m/%Y}" if other.ends_on else "has no end"
        reason = f"This overlaps the episode that began on {other.starts_on:%d/%m/%Y} and {state} (rules 142, 501)."
    return Bad("DECOM", f"{episode.starts_on:%d/%m/%Y}", reason)
