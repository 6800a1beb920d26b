"""Missing and PlacedAdoption: times missing, and placements for adoption."""

from datetime import date
from typing import Any

from children.models import AdoptionPlacement, MissingSpell
from children.services import Batch

from ..checking import Values
from .records import Entry, Records


def load_missing(records: Records, entries: list[Entry]) -> None:
    """Create and change times missing."""
    batch = Batch(MissingSpell)
    rows = MissingSpell.objects.filter(child__in=[child.pk for child in records.children.values()])
    held = {(row.child_id, row.kind, row.starts_on): row for row in rows}

    def settle(records: Records, values: Values) -> str:
        child = records.child(values)
        kind, starts_on, ends_on = values["MISSING"], values["MIS_START"], values["MIS_END"]
        row = held.get((child.pk, kind, starts_on))
        if row is None:
            return batch.add(
                MissingSpell(
                    child=child, authority=records.authority, kind=kind, starts_on=starts_on, ends_on=ends_on
                )
            )
        return _change(records, batch, row, ends_on=ends_on)

    records.settle(entries, settle)
    batch.write()


def load_adoption_placements(records: Records, entries: list[Entry]) -> None:
    """Create and change placements for adoption."""
    batch = Batch(AdoptionPlacement)
    rows = AdoptionPlacement.objects.filter(child__in=[child.pk for child in records.children.values()])
    held = {(row.child_id, row.starts_on): row for row in rows}

    def settle(records: Records, values: Values) -> str:
        child = records.child(values)
        ended = {"ends_on": values["DATE_PLACED_CEASED"], "reason_ended": values["REASON_PLACED_CEASED"]}
        row = held.get((child.pk, values["DATE_PLACED"]))
        if row is None:
            return batch.add(
                AdoptionPlacement(child=child, authority=records.authority, starts_on=values["DATE_PLACED"], **ended)
            )
        return _change(records, batch, row, **ended)

    records.settle(entries, settle)
    batch.write()


def _change(
    records: Records, batch: Batch[Any], row: MissingSpell | AdoptionPlacement, **values: date | str | None
) -> str:
    return "unchanged" if records.is_told_again(row.ends_on) else batch.change(row, **values)
