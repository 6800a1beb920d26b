"""Rows to write, gathered and written together."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from django.db import models

BATCH = 1000
M = TypeVar("M", bound=models.Model)


class Batch(Generic[M]):
    """New and changed rows of one model, until they are written."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self.new: list[M] = []
        self.changed: dict[int, M] = {}
        self.fields: set[str] = set()

    def add(self, row: M) -> str:
        """Take a new row; the word for the report."""
        self.new.append(row)
        return "created"

    def change(self, row: M, **values: Any) -> str:
        """Set these values on a row, held or new; the word for the report: updated, or unchanged."""
        differing = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in differing.items():
            setattr(row, name, value)
        if not differing:
            return "unchanged"
        self.mark(row, *differing)
        return "updated"

    def mark(self, row: M, *fields: str) -> None:
        """Have these fields of a held row written; a new row is written whole."""
        if row.pk is not None:
            self.changed[row.pk] = row
            self.fields |= set(fields)

    def write(self) -> None:
        """Write the changed rows, then the new ones, and start again."""
        rows: models.QuerySet[M] = models.QuerySet(self.model)
        if self.changed:
            rows.bulk_update(self.changed.values(), sorted(self.fields), batch_size=BATCH)
        rows.bulk_create(self.new, batch_size=BATCH)
        self.new, self.changed, self.fields = [], {}, set()


def by_child(rows: Iterable[M]) -> dict[int, list[M]]:
    """Rows of anything with a child, by the child's key."""
    found: dict[int, list[M]] = {}
    for row in rows:
        found.setdefault(row.child_id, []).append(row)  # type: ignore[attr-defined]  # every such model has a child
    return found
