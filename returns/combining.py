"""What the returns of several years say of one child together: plain values, no database.

A year's return gives every episode that was open at any time in it, those begun in years before too, and that year's
reviews. So of one thing told twice the newest return's word stands, and an episode still open on an older return's
last day is dropped where a newer one tells otherwise of the day after. The order of reading plays no part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from .checking import Values
from .rules import year_ends_on

Said = Mapping[str, list[Values]]  # the rows of one child by table


@dataclass
class Combined:
    """What stands of one child: Header and UASC, and by what makes each row that row, the rest."""

    header: Values | None = None
    unaccompanied: Values | None = None
    episodes: dict[date, Values] = field(default_factory=dict)
    missing: dict[tuple[str, date], Values] = field(default_factory=dict)
    placed: dict[date, Values] = field(default_factory=dict)
    reviews: dict[date, str] = field(default_factory=dict)  # participation code by day


def combined(years: Mapping[int, Said]) -> Combined:
    """What the returns of these years to 31 March say of a child together."""
    found = Combined()
    for year in sorted(years, reverse=True):
        said = years[year]
        for row in said.get("Header", ()):
            found.header = _filled(found.header, row)
        for row in said.get("UASC", ()):
            found.unaccompanied = found.unaccompanied or row
        for row in said.get("Missing", ()):
            found.missing.setdefault((row["MISSING"], row["MIS_START"]), row)
        for row in said.get("PlacedAdoption", ()):
            found.placed.setdefault(row["DATE_PLACED"], row)
        for row in said.get("Reviews", ()):
            if row["REVIEW"] is not None:
                found.reviews[row["REVIEW"]] = found.reviews.get(row["REVIEW"]) or row["REVIEW_CODE"]
        _add_episodes(found.episodes, said.get("Episodes", ()), year_ends_on(year))
    return found


def _filled(newer: Values | None, older: Values) -> Values:
    """The newer row; where it leaves a cell blank, what an older one said."""
    if newer is None:
        return older
    return {column: older.get(column) if value in ("", None) else value for column, value in newer.items()}


def _add_episodes(standing: dict[date, Values], older: Iterable[Values], last_on: date) -> None:
    """Add an older return's episodes to those of newer ones, which stand.

    One open on the older return's last day is told again by a newer return that tells of the next day at all. Where
    that gives it another first day, the episode before, which a new one followed the same day, ends then too.
    """
    newer = sorted(standing.values(), key=lambda row: row["DECOM"])
    moved: dict[date, date] = {}
    added: list[Values] = []
    for row in sorted(older, key=lambda row: row["DECOM"]):
        if row["DECOM"] in standing:
            continue
        over = next((one for one in newer if _overlap(row, one)), None)
        if over is None:
            added.append(row)
        elif row["DECOM"] < over["DECOM"] and not _is_open_on(row, last_on):
            added.append(row | {"DEC": over["DECOM"]})
        elif over["DECOM"] > last_on:
            added.append(row | {"DEC": over["DECOM"], "REC": ""})  # the newer return does not tell when it ended
        else:
            moved[row["DECOM"]] = over["DECOM"]
    for row in added:
        until = moved.get(row["DEC"])
        standing[row["DECOM"]] = row | {"DEC": until} if until and until > row["DECOM"] else row


def _is_open_on(row: Values, day: date) -> bool:
    return row["DEC"] is None or row["DEC"] > day


def _overlap(one: Values, other: Values) -> bool:
    return bool(one["DECOM"] < (other["DEC"] or date.max) and other["DECOM"] < (one["DEC"] or date.max))
