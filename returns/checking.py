"""From the text of a row to values the product can hold, or the reason it cannot.

Codes are read in capitals or not. Retired codes and the sex codes 1 and 2 of older returns are accepted, and
a postcode or provider number is kept as it was returned. Rules named are those of the DfE's validation.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from children import codes
from reviews.rules import PARTICIPATION_CHOICES

Values = dict[str, Any]
Check = Callable[[str], Any]

FIRST_BIRTH = date(1960, 1, 1)
FIRST_EVENT = date(1992, 1, 1)  # the collection began; the working calendar begins earlier
LAST_DAY = date(2049, 12, 31)
DAY = re.compile(r"([0-3]?[0-9])/([01]?[0-9])/([0-9]{4})", re.ASCII)
SEXES = {"1": "M", "2": "F", "M": "M", "F": "F", "U": "U"}
MISSING_KINDS = [("M", "missing"), ("A", "away without authorisation")]
PLACEMENT_CEASED = [(f"RD{number}", "") for number in range(1, 5)]


class Bad(Exception):
    """A value that cannot be held, with its column and the reason."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason


def text(limit: int, *, required: bool = False) -> Check:
    """Text of up to `limit` characters."""

    def check(value: str) -> str:
        if required and not value:
            raise ValueError("This must be filled in")
        if len(value) > limit:
            raise ValueError(f"This is {len(value)} characters long; at most {limit} can be held")
        return value

    return check


def day(*, required: bool = True, first: date = FIRST_EVENT) -> Check:
    """A date as dd/mm/yyyy, of a year a return can hold."""

    def check(value: str) -> date | None:
        if not value and not required:
            return None
        found = DAY.fullmatch(value)
        if not found:
            raise ValueError(
                "This must be a date as dd/mm/yyyy, such as 05/12/2017 (rule 166 for reviews)"
                if value
                else "A date is needed here"
            )
        parsed = _date(*map(int, found.groups()))
        if not first <= parsed <= LAST_DAY:
            raise ValueError(f"The year must be between {first.year} and {LAST_DAY.year}")
        return parsed

    return check


def _date(of_month: int, month: int, year: int) -> date:
    try:
        return date(year, month, of_month)
    except ValueError as error:
        raise ValueError("There is no such day") from error


def code(choices: Iterable[tuple[str, str]], *, required: bool = False) -> Check:
    """One code of a set, in capitals or not."""
    known = {code for code, _ in choices}

    def check(value: str) -> str:
        upper = value.upper()
        if not upper and required:
            raise ValueError("A code is needed here")
        if upper and upper not in known:
            raise ValueError(f"This is not one of the codes {', '.join(sorted(known))}")
        return upper

    return check


def sex(value: str) -> str:
    """M, F or U; 1 and 2 in returns before 2024/25."""
    try:
        return SEXES[value.upper()]
    except KeyError:
        raise ValueError("This is not one of the codes M, F, U, or 1 and 2 of older returns") from None


def yes_or_no(value: str) -> bool | None:
    """1 or 0, also as a spreadsheet writes them; None where blank."""
    if value not in ("", "0", "1", "0.0", "1.0"):
        raise ValueError("This must be 1, 0 or blank")
    return value.startswith("1") if value else None


REFERENCE = text(40, required=True)
BIRTH = day(first=FIRST_BIRTH)
CHECKS: dict[str, dict[str, Check]] = {
    "Header": {
        "CHILD": REFERENCE,
        "SEX": sex,
        "DOB": BIRTH,
        "ETHNIC": code(codes.ETHNICITIES),
        "UPN": text(13),
        "MOTHER": yes_or_no,
        "MC_DOB": day(required=False),
    },
    "UASC": {"CHILD": REFERENCE, "SEX": sex, "DOB": BIRTH, "DUC": day(required=False)},
    "Episodes": {
        "CHILD": REFERENCE,
        "DECOM": day(),
        "RNE": code(codes.EPISODE_STARTS, required=True),
        "LS": code(codes.LEGAL_STATUSES, required=True),
        "CIN": code(codes.CATEGORIES_OF_NEED, required=True),
        "PLACE": code(codes.PLACEMENTS),
        "PLACE_PROVIDER": code(codes.PROVIDERS),
        "DEC": day(required=False),
        "REC": code(codes.EPISODE_ENDS),
        "REASON_PLACE_CHANGE": code(codes.PLACE_CHANGES),
        "HOME_POST": text(8),
        "PL_POST": text(8),
        "URN": text(10),
    },
    "Missing": {
        "CHILD": REFERENCE,
        "DOB": BIRTH,
        "MISSING": code(MISSING_KINDS, required=True),
        "MIS_START": day(),
        "MIS_END": day(required=False),
    },
    "PlacedAdoption": {
        "CHILD": REFERENCE,
        "DOB": BIRTH,
        "DATE_PLACED": day(),
        "DATE_PLACED_CEASED": day(required=False),
        "REASON_PLACED_CEASED": code(PLACEMENT_CEASED),
    },
    "Reviews": {
        "CHILD": REFERENCE,
        "DOB": BIRTH,
        "REVIEW": day(required=False),
        "REVIEW_CODE": code(PARTICIPATION_CHOICES),
    },
}
ENDS = {  # the end and the start it may not come before, by table
    "Episodes": ("DEC", "DECOM"),
    "Missing": ("MIS_END", "MIS_START"),
    "PlacedAdoption": ("DATE_PLACED_CEASED", "DATE_PLACED"),
}
# The cells that decide who a row is about and when, so that without them it says nothing.
DECIDING = frozenset({"CHILD", "DOB", "DECOM", "DEC", "RNE", "LS", "REVIEW"})
KINDS = {"Missing": "MISSING"}
BLANK_IS_NONE = frozenset({"MOTHER", "MC_DOB", "DUC"})
STARTS = {
    "Header": "DOB",
    "UASC": "DOB",
    "Episodes": "DECOM",
    "Missing": "MIS_START",
    "PlacedAdoption": "DATE_PLACED",
    "Reviews": "REVIEW",
}


def checked(
    table: str, row: dict[str, str], *, last_on: date, today: date, blanked: list[Bad] | None = None
) -> Values:
    """The values of a row by column; raises Bad for the first that cannot be held and decides who and when.

    Any other that cannot be held is left blank, so that one mistyped cell costs no child a review, and is added to
    `blanked`. Nothing may begin after `last_on`, the return's last day, nor end after `today`.
    """
    found = [] if blanked is None else blanked
    values = {column: _value(table, column, check, row[column], found) for column, check in CHECKS[table].items()}
    begins = STARTS[table]
    if values[begins] and values[begins] > last_on:
        raise Bad(begins, row[begins], f"This is after the return's last day, {last_on:%d/%m/%Y}.")
    if table in ENDS:
        _check_end(*ENDS[table], values, row, today)
    if table == "Reviews":
        _check_review(values, row, found)
    return values


def _value(table: str, column: str, check: Check, value: str, blanked: list[Bad]) -> Any:
    try:
        return _checked(column, check, value)
    except Bad as bad:
        if column in DECIDING or column in ENDS.get(table, ()) or column == KINDS.get(table):
            raise
        blanked.append(Bad(column, value, f"{bad.reason} Left blank."))
        return None if column in BLANK_IS_NONE else ""


def _checked(column: str, check: Check, value: str) -> Any:
    try:
        return check(value)
    except ValueError as error:
        raise Bad(column, value, f"{error}.") from error


def _check_end(end: str, start: str, values: Values, row: dict[str, str], today: date) -> None:
    ended = values[end]
    if ended and ended < values[start]:
        raise Bad(end, row[end], f"The end is before the start, {row[start]}.")
    if ended and ended > today:
        raise Bad(end, row[end], "The end is in the future. Leave it blank until it has happened.")


def _check_review(values: Values, row: dict[str, str], blanked: list[Bad]) -> None:
    if values["REVIEW"] and not row["REVIEW_CODE"]:
        blanked.append(Bad("REVIEW_CODE", "", "A review needs its participation code, PN0 to PN7 (rule 167)."))
    if values["REVIEW_CODE"] and not values["REVIEW"]:
        raise Bad("REVIEW", "", f"A date is needed beside the code {row['REVIEW_CODE']} (rule 166).")
