"""The tables of the SSDA903 return, each known by its exact set of columns whatever its file is called.

Source: DfE, Children looked after return (SSDA903), technical specification, layouts 2017/18 to 2026/27.
"""

from collections.abc import Collection
from dataclasses import dataclass

COLUMNS: dict[str, tuple[str, ...]] = {
    "Header": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    "UASC": ("CHILD", "SEX", "DOB", "DUC"),
    "Episodes": (
        "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE",
        "HOME_POST", "PL_POST", "URN",
    ),
    "Missing": ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
    "PlacedAdoption": ("CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
    "Reviews": ("CHILD", "DOB", "REVIEW", "REVIEW_CODE"),
    "OC2": (
        "CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK",
        "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED",
    ),
    "OC3": ("CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM"),
    "AD1": ("CHILD", "DOB", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"),
    "PrevPerm": ("CHILD", "DOB", "PREV_PERM", "LA_PERM", "DATE_PERM"),
    "SWEpisodes": ("CHILD", "DOB", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"),
    "DoLo": ("CHILD", "DOB", "DOLO_START", "DOLO_END"),
}  # fmt: skip

# In the order they are loaded: a child comes before what is said of them, care before its reviews.
LOADED = ("Header", "UASC", "Episodes", "Missing", "PlacedAdoption", "Reviews")


@dataclass(frozen=True)
class Mismatch:
    """How far a set of columns is from the nearest table of the return."""

    table: str
    missing: tuple[str, ...]
    extra: tuple[str, ...]


def recognise(columns: Collection[str]) -> str | None:
    """The table with exactly these columns, in any order; None where there is none."""
    for table, expected in COLUMNS.items():
        if len(columns) == len(expected) and set(columns) == set(expected):
            return table
    return None


def nearest(columns: Collection[str]) -> Mismatch:
    """The table most like these columns, with what they lack and what they have too much."""
    given = set(columns)
    table = min(COLUMNS, key=lambda name: len(given ^ set(COLUMNS[name])))
    expected = COLUMNS[table]
    extra = dict.fromkeys(column for column in columns if column not in expected)
    repeated = [column for column in expected if list(columns).count(column) > 1]
    return Mismatch(table, tuple(c for c in expected if c not in given), (*extra, *repeated))
