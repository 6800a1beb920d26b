"""What has come since the returns end, by the council's own file or by somebody here, beside what they say."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from children.models import Child
from children.rules import EpisodeGiven

from ..combining import Combined
from ..models import FedChild
from .changes import Changes


def days_fed(changes: Changes) -> dict[str, list[date]]:
    """By reference, the first days of episodes that the council's own file brought."""
    rows = FedChild.objects.filter(of__authority=changes.authority, reference__in=list(changes.now))
    return dict(rows.exclude(episodes=[]).values_list("reference", "episodes"))


def overruled(changes: Changes, child: Child, fed: Iterable[date], told: Sequence[EpisodeGiven]) -> list[date]:
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


def with_its_end(changes: Changes, child: Child, before: Combined, given: EpisodeGiven) -> EpisodeGiven:
    """An episode open when the returns end has the end that came since, by a file or by somebody here."""
    last_on = changes.authority.returns_to_on
    if given.ends_on is not None or last_on is None or given.starts_on > last_on:
        return given
    for day, held in changes.care.episodes.get(child.pk, {}).items():
        is_returned = before.episodes.get(day, {}).get("DEC") == held.ends_on
        if day <= last_on < (held.ends_on or date.min) and not is_returned:
            return replace(given, ends_on=held.ends_on, reason_ended=held.reason_ended)
    return given
