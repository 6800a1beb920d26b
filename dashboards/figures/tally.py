"""How many rows there are of each kind: counted by the database once, then added up for every number asked."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

Chosen = Mapping[str, Collection[Any]]  # the values wanted of each column named; of the others, any


@dataclass(frozen=True)
class Tally:
    """How many rows have each combination of values in some columns."""

    columns: tuple[str, ...]
    lines: Sequence[tuple[Any, ...]]  # the values, then how many rows have them

    @classmethod
    def of(cls, rows: QuerySet[Any], *columns: str) -> Self:
        """Counted in one statement. A column of few values, such as a month or a word, keeps the tally short."""
        return cls(columns, list(rows.order_by().values_list(*columns).annotate(number=Count("pk"))))

    def only(self, chosen: Chosen) -> "Tally":
        """The lines of the rows that `chosen` would pick."""
        wanted = [(self.columns.index(name), values) for name, values in chosen.items()]
        lines = [line for line in self.lines if all(line[index] in values for index, values in wanted)]
        return Tally(self.columns, lines)

    def total(self, chosen: Chosen) -> int:
        """How many rows `chosen` would pick."""
        return sum(line[-1] for line in self.only(chosen).lines)

    def by(self, *columns: str) -> Counter[tuple[Any, ...]]:
        """How many rows there are for each combination of these columns alone."""
        indexes = [self.columns.index(name) for name in columns]
        found: Counter[tuple[Any, ...]] = Counter()
        for line in self.lines:
            found[tuple(line[index] for index in indexes)] += line[-1]
        return found


def pick(rows: QuerySet[Any], chosen: Chosen) -> QuerySet[Any]:
    """The rows whose columns have the values wanted: the list of what `Tally.total` numbers."""
    return rows.filter(_conditions(chosen))


def is_picked(chosen: Chosen) -> Case | Value:
    """Of each row, whether `pick` would take it."""
    if not chosen:
        return Value(True, output_field=BooleanField())
    return Case(When(_conditions(chosen), then=Value(True)), default=Value(False))


def _conditions(chosen: Chosen) -> Q:
    return Q(**dict(_condition(name, values) for name, values in chosen.items()))


def _condition(name: str, values: Collection[Any]) -> tuple[str, Any]:
    """One value is asked for as itself: PostgreSQL plans NOT EXISTS(…) better than EXISTS(…) IN (false)."""
    return (name, next(iter(values))) if len(values) == 1 else (f"{name}__in", values)
