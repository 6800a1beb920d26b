"""Episodes: read from the return and settled, with the care periods they make up, where care is settled."""

from children.models import Child
from children.rules import EpisodeGiven, EpisodesOverlap
from reviews.services import settle_care
from timescales.refusals import Refused

from ..checking import Bad, Values
from .records import Entry, Records

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


def load_care(records: Records, entries: list[Entry]) -> None:
    """Create and change episodes in order of start, and the care periods they make up."""
    in_order = sorted(entries, key=lambda entry: entry.values["DECOM"])
    found = records.gather(in_order, _episode)
    outcomes = settle_care(care=records.care, episodes=[episode for _, episode in found])
    for (entry, _), outcome in zip(found, outcomes, strict=True):
        records.count(entry, _rejection(outcome, entry.values) if isinstance(outcome, Refused) else outcome)


def _episode(records: Records, values: Values) -> tuple[Child, EpisodeGiven] | str:
    child = records.child(values)
    held = records.care.episodes.get(child.pk, {}).get(values["DECOM"])
    if held and records.is_told_again(held.ends_on):
        return "unchanged"
    return child, EpisodeGiven(**{name: values[column] for name, column in FIELDS.items()})


def _rejection(refused: Refused, values: Values) -> Bad:
    reason = refused.message
    if isinstance(refused, EpisodesOverlap):
        other = refused.other
        state = f"ended on {other.ends_on:%d/%m/%Y}" if other.ends_on else "has no end"
        reason = f"This overlaps the episode that began on {other.starts_on:%d/%m/%Y} and {state} (rules 142, 501)."
    return Bad("DECOM", f"{values['DECOM']:%d/%m/%Y}", reason)
