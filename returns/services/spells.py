"""Missing and PlacedAdoption: times missing, and placements for adoption."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from children.models import AdoptionPlacement, Child, MissingSpell
from children.services import Batch

from ..combining import Combined
from .changes import Changes

M = TypeVar("M", bound=Model)
Wanted = dict[tuple[object, ...], dict[str, Any]]  # what ought to stand, by the key of its row in the return


def load_missing(changes: Changes) -> None:
    """Create, change and take back times missing."""
    _settle(changes, "Missing", MissingSpell, _key_missing, _missing)


def load_adoption_placements(changes: Changes) -> None:
    """Create, change and take back placements for adoption."""
    _settle(changes, "PlacedAdoption", AdoptionPlacement, _key_placed, _placed)


def _key_missing(row: MissingSpell) -> tuple[object, ...]:
    return (row.child_id, row.kind, row.starts_on)


def _key_placed(row: AdoptionPlacement) -> tuple[object, ...]:
    return (row.child_id, row.starts_on)


def _missing(said: Combined) -> Wanted:
    return {
        (kind, starts_on): {"kind": kind, "starts_on": starts_on, "ends_on": row["MIS_END"]}
        for (kind, starts_on), row in said.missing.items()
    }


def _placed(said: Combined) -> Wanted:
    return {
        (starts_on,): {
            "starts_on": starts_on,
            "ends_on": row["DATE_PLACED_CEASED"],
            "reason_ended": row["REASON_PLACED_CEASED"],
        }
        for starts_on, row in said.placed.items()
    }


def _settle(
    changes: Changes,
    table: str,
    model: type[M],
    key_of: Callable[[M], tuple[object, ...]],
    wanted: Callable[[Combined], Wanted],
) -> None:
    batch = Batch(model)
    keys = [child.pk for child in changes.children.values()]
    rows: QuerySet[M] = QuerySet(model)
    held = {key_of(row): row for row in rows.filter(child__in=keys)}
    gone: list[int] = []
    for child, before, now in changes.of_children():
        stands = wanted(now)
        for key, values in stands.items():
            found = held.get((child.pk, *key))
            if found is None:
                outcome = batch.add(_new(model, child, changes.authority.pk, values))
            else:
                outcome = batch.change(found, **values)
            changes.note(table, child, key, outcome)
        lost = [(child.pk, *key) for key in wanted(before) if key not in stands]
        gone += [held[key].pk for key in lost if key in held]
    rows.filter(pk__in=gone).delete()
    batch.write()


def _new(model: type[M], child: Child, authority_id: int, values: dict[str, date | str | None]) -> M:
    return model(child=child, authority_id=authority_id, **values)
