"""Corrections of facts about a child in sentences: what each field said, and what it says since."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from accounts.models import User
from screens.cells import day, moment
from screens.components import SummaryRow

from .models import Allocation, Child, CorrectedFact
from .services import Change, read_back
from .words import in_words

LABELS = {
    "user": "person",
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
KINDS = dict(Allocation.Kind.choices)


@dataclass(frozen=True)
class CorrectedAct:
    """One act of correcting: when and by whom, why, and what each field it changed said before and says since."""

    title: str
    reason: str
    rows: list[SummaryRow]


def sentences(changes: Collection[Change], names: Mapping[int, str]) -> list[str]:
    """What each row that changes says and will say; `names` are those of the people named."""
    return [sentence for one in changes for sentence in _sentences(one, names)]


def _sentences(change: Change, names: Mapping[int, str]) -> Iterator[str]:
    which = _which(change.before)
    if not change.after:
        yield f"{which}, {_person(change.before, names)}: taken away."
        return
    for label, was, now in _fields(change.before, change.after, names, frozenset()):
        yield f"{which}: {label} {now} instead of {was}."


def people_named(changes: Collection[Change]) -> dict[int, str]:
    """The names of the people these changes name, by key."""
    keys = {values["user"] for one in changes for values in (one.before, one.after) if values.get("user")}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)} if keys else {}


def corrected_acts(child: Child, kind: str, *, may_read: bool, may_see_address: bool) -> list[CorrectedAct]:
    """The corrections of one kind, the newest first, one for each act; why, only to who may read the record."""
    rows = list(child.corrected_facts.of_kind(kind).with_who())
    changes = {row.pk: Change(read_back(row.before), read_back(row.after)) for row in rows}
    names = people_named(changes.values())
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


def _rows(change: Change, names: Mapping[int, str], hidden: frozenset[str]) -> Iterator[SummaryRow]:
    if not change.after:
        yield SummaryRow(_which(change.before), f"Taken away; it said {_person(change.before, names)}")
    for label, was, now in _fields(change.before, change.after, names, hidden):
        yield SummaryRow(f"{_which(change.before)}: {label}", f"{now}; before that {was}")


def _which(before: Mapping[str, Any]) -> str:
    began = day(before["starts_on"])
    return f"{KINDS[before['as']]} from {began}" if "as" in before else f"Episode from {began}"


def _person(before: Mapping[str, Any], names: Mapping[int, str]) -> str:
    until = f" to {day(before['ends_on'])}" if before.get("ends_on") else ""
    return f"{names.get(before['user'], 'somebody')}, from {day(before['starts_on'])}{until}"


def _fields(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[int, str], hidden: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    """Label, what it said and what it says, of each field that differs."""
    for name, label in LABELS.items():
        if name in after and name not in hidden and before[name] != after[name]:
            yield label, _shown(name, before[name], names), _shown(name, after[name], names)


def _shown(name: str, value: Any, names: Mapping[int, str]) -> str:
    if isinstance(value, date):
        return day(value)
    if name == "user":
        return names.get(value, "somebody")
    return in_words(name, value) if value else "nothing"
