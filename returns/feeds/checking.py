"""From the text of a row to what it says of a child, or the reason it cannot be held."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from children import codes

from .. import checking
from ..checking import Bad
from ..reading import Row

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|([0-3]?\d)/([01]?\d)/(\d{4})", re.ASCII)
MOST_OF_NAME, MOST_OF_UPN, MOST_OF_REFERENCE = 80, 13, 40  # characters, as columns hold them
CARE_ENDS = [(code, words) for code, words in codes.EPISODE_ENDS if code != "X1"]


@dataclass(frozen=True)
class ChildSaid:
    """What one row says of a child; "" or None where it says nothing."""

    row: int
    reference: str
    given_name: str
    family_name: str
    date_of_birth: date
    sex: str
    upn: str
    care_started_on: date
    legal_status: str
    category_of_need: str
    placement_type: str
    placement_started_on: date | None
    care_ended_on: date | None
    reason_ended: str
    team: str
    social_worker: str  # an e-mail address
    iro: str  # likewise
    last_review_on: date | None

    def kept(self) -> dict[str, str]:
        """As it is kept, to tell tomorrow whether the file changed or somebody here did."""
        return {name: _plain(value) for name, value in vars(self).items() if name != "row"}


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def day(*, required: bool = False, first: date = checking.FIRST_EVENT) -> checking.Check:
    """A date as 2026-11-25 or 25/11/2026."""

    def check(value: str) -> date | None:
        if not value and not required:
            return None
        found = DAY.fullmatch(value)
        if not found:
            raise ValueError(
                "This must be a date, such as 2026-11-25 or 25/11/2026" if value else "A date is needed here"
            )
        year, month, day, day_, month_, year_ = found.groups()
        try:
            parsed = date(int(year or year_), int(month or month_), int(day or day_))
        except ValueError:
            raise ValueError("There is no such day") from None
        if not first <= parsed <= checking.LAST_DAY:
            raise ValueError(f"The year must be between {first.year} and {checking.LAST_DAY.year}")
        return parsed

    return check


CHECKS: dict[str, checking.Check] = {
    "reference": checking.text(MOST_OF_REFERENCE, required=True),
    "given_name": checking.text(MOST_OF_NAME),
    "family_name": checking.text(MOST_OF_NAME),
    "date_of_birth": day(required=True, first=checking.FIRST_BIRTH),
    "sex": checking.sex,
    "upn": checking.text(MOST_OF_UPN),
    "care_started_on": day(required=True),
    "legal_status": checking.code(codes.LEGAL_STATUSES, required=True),
    "category_of_need": checking.code(codes.CATEGORIES_OF_NEED, required=True),
    "placement_type": checking.code(codes.PLACEMENTS),
    "placement_started_on": day(),
    "care_ended_on": day(),
    "reason_ended": checking.code(CARE_ENDS),
    "team": str,
    "social_worker": str.lower,
    "iro": str.lower,
    "last_review_on": day(),
}


def child_said(row: Row, *, on: date) -> ChildSaid:
    """What a row says of a child; raises Bad for its first cell that cannot be held. `on` is today."""
    values = {column: checked(check, column, row.values[column]) for column, check in CHECKS.items()}
    said = ChildSaid(row=row.number, **values)
    for column, is_wrong, reason in _rules(said, on):
        if is_wrong:
            raise Bad(column, row.values[column], reason)
    return said


def checked(check: Callable[[str], Any], column: str, value: str) -> Any:
    """The value of a cell; raises Bad with the reason."""
    try:
        return check(value)
    except ValueError as error:
        raise Bad(column, value, f"{error}.") from error


def _rules(said: ChildSaid, on: date) -> Iterator[tuple[str, bool, str]]:
    born, began, ended = said.date_of_birth, said.care_started_on, said.care_ended_on
    placed, reviewed = said.placement_started_on, said.last_review_on
    yield "date_of_birth", born > on, "This is in the future."
    yield "care_started_on", began > on, "This is in the future. Send the child when care has begun."
    yield "care_started_on", began < born, "Care cannot begin before the child was born."
    yield "care_ended_on", bool(ended and ended < began), "Care ended before it began."
    yield (
        "care_ended_on",
        bool(ended and ended > on),
        "The end is in the future. Leave it blank until it has happened.",
    )
    yield "reason_ended", bool(ended and not said.reason_ended), "Say why care ended, as SSDA903 codes it."
    yield "care_ended_on", bool(said.reason_ended and not ended), "Give the day care ended, or no reason."
    yield "placement_started_on", bool(placed and placed < began), "This is before care began."
    yield (
        "placement_started_on",
        bool(placed and placed > (ended or on)),
        "This is in the future or after care ended.",
    )
    yield "last_review_on", bool(reviewed and reviewed > on), "This is in the future."
    yield "last_review_on", bool(reviewed and reviewed < born), "This is before the child was born."


def refuse_unsure(rows: Iterable[Row], key: str = "reference") -> dict[int, str]:
    """Why rows that tell of one child twice cannot be taken, by line: which of them is right, nobody can tell.

    Of rows that say quite the same, the first is taken.
    """
    by_reference: dict[str, list[Row]] = {}
    for row in rows:
        by_reference.setdefault(row.values[key].casefold(), []).append(row)
    found: dict[int, str] = {}
    for same in by_reference.values():
        if len(same) == 1 or not same[0].values[key]:
            continue
        if all(row.values == same[0].values for row in same):
            found |= {row.number: f"This row repeats row {same[0].number}, which was taken." for row in same[1:]}
            continue
        births = len({row.values["date_of_birth"] for row in same}) > 1
        what = "with different dates of birth" if births else "with different cells"
        places = " and ".join(str(row.number) for row in same)
        reason = f"This child is in rows {places}, {what}. Keep one row for a child. None of them was taken."
        found |= {row.number: reason for row in same}
    return found
