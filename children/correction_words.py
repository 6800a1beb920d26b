"""Corrections of facts about a child in sentences: what each field said, and what it says since."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from accounts.models import User
from authorities.models import Team
from screens.cells import day, moment
from screens.components import SummaryRow

from .models import Allocation, Child, CorrectedFact
from .services import Change, read_back
from .words import in_words

LABELS = {
    "user": "person",
    "team": "team",
    "starts_on": "began on",
    "ends_on": "ended on",
    "reason_started": "why it began",
    "legal_status": "legal status",
    "category_of_need": "need",
    "placement_type": "placement",
    "placement_provider": "provider",
    "reason_ended": "why it ended",
    "reason_place_changed": "why the placement changed",
    "home_postcode": "home postcode",
    "placement_postcode": "placement postcode",
    "urn": "URN",
}
ADDRESS = frozenset({"home_postcode", "placement_postcode", "urn"})
NEED = frozenset({"category_of_need"})
KINDS = {**dict(Allocation.Kind.choices), "TEAM": "Team"}
WHO = {"user": User, "team": Team}
Names = Mapping[tuple[str, int], str]  # of people and teams, by the field that names them and their key


@dataclass(frozen=True)
class CorrectedAct:
    """One act of correcting: when and by whom, why, and what each field it changed said before and says since."""

    title: str
    reason: str
    rows: list[SummaryRow]


def sentences(changes: Collection[Change], names: Names) -> list[str]:
    """What each row that changes says and will say; `names` are those of the people named."""
    return [sentence for one in changes for sentence in _sentences(one, names)]


def _sentences(change: Change, names: Names) -> Iterator[str]:
    which = _which(change.before)
    if not change.after:
        yield f"{which}, {_person(change.before, names)}: taken away."
        return
    for label, was, now in _fields(change.before, change.after, names, frozenset()):
        yield f"{which}: {label} {now} instead of {was}."


def named_in(changes: Collection[Change]) -> dict[tuple[str, int], str]:
    """What the people and teams are called that these changes name."""
    found: dict[tuple[str, int], str] = {}
    for field, model in WHO.items():
        keys = {values[field] for one in changes for values in (one.before, one.after) if values.get(field)}
        rows = model._default_manager.filter(pk__in=keys) if keys else ()
        found |= {(field, row.pk): str(row) for row in rows}
    return found


def corrected_acts(child: Child, kind: str, *, may_read: bool, may_see_address: bool) -> list[CorrectedAct]:
    """The corrections of one kind, the newest first, one for each act; why, only to who may read the record."""
    rows = list(child.corrected_facts.of_kind(kind).with_who())
    changes = {row.pk: Change(read_back(row.before), read_back(row.after)) for row in rows}
    names = named_in(changes.values())
    hidden = (frozenset() if may_see_address else ADDRESS) | (frozenset() if may_read else NEED)
    return [
        CorrectedAct(
            f"Corrected: {who}, {moment(at)}",
            reason if may_read else "",
            [row for one in list(of_act)[::-1] for row in _rows(changes[one.pk], names, hidden)],
        )
        for (at, who, reason), of_act in groupby(rows, key=_act)
    ]


def _act(row: CorrectedFact) -> tuple[Any, str, str]:
    return row.corrected_at, str(row.corrected_by), row.reason


def _rows(change: Change, names: Names, hidden: frozenset[str]) -> Iterator[SummaryRow]:
    if not change.after:
        yield SummaryRow(_which(change.before), f"Taken away; it said {_person(change.before, names)}")
    for label, was, now in _fields(change.before, change.after, names, hidden):
        yield SummaryRow(f"{_which(change.before)}: {label}", f"{now}; before that {was}")


def _which(before: Mapping[str, Any]) -> str:
    began, kind = day(before["starts_on"]), KINDS.get(before.get("as", ""), "episode")
    return f"{kind[:1].upper()}{kind[1:]} from {began}"


def _person(before: Mapping[str, Any], names: Names) -> str:
    until = f" to {day(before['ends_on'])}" if before.get("ends_on") else ""
    who = "".join(_shown(name, before[name], names) for name in WHO if name in before)
    return f"{who}, from {day(before['starts_on'])}{until}"


def _fields(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Names, hidden: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    """Label, what it said and what it says, of each field that differs."""
    for name, label in LABELS.items():
        if name in after and name not in hidden and before[name] != after[name]:
            yield label, _shown(name, before[name], names), _shown(name, after[name], names)


def _shown(name: str, value: Any, names: Names) -> str:
    if isinstance(value, date):
        return day(value)
    if name in WHO:
        return names.get((name, value), "somebody")
    return in_words(name, value) if value else "nothing"
