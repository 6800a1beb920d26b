"""Episodes: as the returns tell them together, settled with the care periods they make up where care is settled."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from children.models import Child
from children.rules import EpisodeGiven, EpisodesOverlap
from reviews.services import settle_care
from timescales.refusals import Refused

from ..checking import Bad, Values
from ..combining import Combined
from ..models import FedChild
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
    fed = _days_fed(changes)
    for child, before, now in changes.of_children():
        told = [_episode(now.episodes[day]) for day in sorted(now.episodes)]
        given += [(child, _with_its_end(changes, child, before, one)) for one in told]
        if now.episodes:  # a return that gives none any more does not say that the child never was in care
            withdrawn += [(child, day) for day in before.episodes if day not in now.episodes]
            withdrawn += [(child, day) for day in _overruled(changes, child, fed.get(child.reference, ()), told)]
    outcomes = settle_care(care=changes.care, episodes=given, withdrawn=withdrawn)
    for (child, episode), outcome in zip(given, outcomes, strict=True):
        found = _rejection(outcome, episode) if isinstance(outcome, Refused) else outcome
        changes.note("Episodes", child, (episode.starts_on,), found)


def _days_fed(changes: Changes) -> dict[str, list[date]]:
    """By reference, the first days of episodes that the council's own file brought."""
    rows = FedChild.objects.filter(of__authority=changes.authority, reference__in=list(changes.now))
    return dict(rows.exclude(episodes=[]).values_list("reference", "episodes"))


def _overruled(changes: Changes, child: Child, fed: Iterable[date], told: Sequence[EpisodeGiven]) -> list[date]:
    """Of these episodes, those of a time the returns tell of, which give them other days: theirs stand."""
    held, days = changes.care.episodes.get(child.pk, {}), {one.starts_on for one in told}
    return [
        day
        for day in fed
        if day in held
        and day not in days
        and day <= (changes.authority.returns_to_on or date.max)
        and any(one.starts_on < (held[day].ends_on or date.max) and day < (one.ends_on or date.max) for one in told)
    ]


def _with_its_end(changes: Changes, child: Child, before: Combined, given: EpisodeGiven) -> EpisodeGiven:
    """An episode open when the returns end has the end that came since, by a file or by somebody here."""
    last_on = changes.authority.returns_to_on
    if given.ends_on is not None or last_on is None or given.starts_on > last_on:
        return given
    for day, held in changes.care.episodes.get(child.pk, {}).items():
        is_returned = before.episodes.get(day, {}).get("DEC") == held.ends_on
        if day <= last_on < (held.ends_on or date.min) and not is_returned:
            return replace(given, ends_on=held.ends_on, reason_ended=held.reason_ended)
    return given


def _episode(row: Values) -> EpisodeGiven:
    return EpisodeGiven(**{name: row[column] for name, column in FIELDS.items()})


def _rejection(refused: Refused, episode: EpisodeGiven) -> Bad:
    reason = refused.message
    if isinstance(refused, EpisodesOverlap):
        other = refused.other
        state = f"ended on {other.ends_on:%d/%m/%Y}" if other.ends_on else "has no end"
        reason = f"This overlaps the episode that began on {other.starts_on:%d/%m/%Y} and {state} (rules 142, 501)."
    return Bad("DECOM", f"{episode.starts_on:%d/%m/%Y}", reason)
