"""Rows read once as plain values, and which of them a Q meets: the same Q that narrows the list.

A figure reads its rows once and counts every part of them here, without asking the database again: a part is
written once, and its number and its list are two readings of it. As in Django's filters, a comparison with
nothing is never met, and what is negated is met by every other row. That holds for a table's own columns; what
is annotated is not to be negated, since the database then leaves out the rows that have nothing there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import eq, ge, gt, itemgetter, le, lt
from typing import Any, Self

from django.db.models import F, Q, QuerySet

Row = tuple[Any, ...]
Test = Callable[[Row], bool]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": eq,
    "lt": lt,
    "lte": le,
    "gt": gt,
    "gte": ge,
    "in": lambda value, chosen: value in chosen,
    "range": lambda value, ends: ends[0] <= value <= ends[1],
}


@dataclass(frozen=True)
class Facts:
    """Some columns of some rows, as the database gave them."""

    columns: tuple[str, ...]
    rows: Sequence[Row]

    @classmethod
    def read(cls, rows: QuerySet[Any], *columns: str) -> Self:
        """These columns of the rows, in one query."""
        return cls(columns, list(rows.order_by().values_list(*columns)))

    def only(self, where: Q) -> "Facts":
        """The rows that meet the condition."""
        return Facts(self.columns, list(filter(self._test(where), self.rows))) if where else self

    def count(self, where: Q) -> int:
        """How many rows meet the condition."""
        return sum(map(self._test(where), self.rows)) if where else len(self.rows)

    def pick(self, *columns: str) -> list[Any]:
        """One value of each row, or where several columns are named a tuple of them."""
        return list(map(itemgetter(*map(self.columns.index, columns)), self.rows))

    def _test(self, where: Q) -> Test:
        """What tells of a row whether it meets the condition. ValueError for a comparison not known here."""
        tests = [self._test(one) if isinstance(one, Q) else self._comparison(*one) for one in _terms(where)]
        test = reduce(_both if where.connector == Q.AND else _either, tests)
        return (lambda row: not test(row)) if where.negated else test

    def _comparison(self, key: str, other: Any) -> Test:
        name, word = _split(key)
        index = self.columns.index(name)
        if word == "isnull":
            return lambda row: (row[index] is None) is other
        compare = COMPARISONS[word]
        if isinstance(other, F):
            return _between_columns(index, compare, self.columns.index(_column(other)))
        return lambda row: row[index] is not None and compare(row[index], other)


def names(where: Q) -> set[str]:
    """The columns a condition looks at."""
    found: set[str] = set()
    for one in _terms(where):
        if isinstance(one, Q):
            found |= names(one)
        else:
            key, other = one
            found |= {_split(key)[0], *([_column(other)] if isinstance(other, F) else [])}
    return found


def _terms(where: Q) -> list[Any]:
    terms: list[Any] = list(where.children)
    return terms


def _column(other: F) -> str:
    name: str = vars(other)["name"]
    return name


def _both(one: Test, other: Test) -> Test:
    return lambda row: one(row) and other(row)


def _either(one: Test, other: Test) -> Test:
    return lambda row: one(row) or other(row)


def _split(key: str) -> tuple[str, str]:
    name, _, last = key.rpartition("__")
    return (name, last) if last in COMPARISONS or last == "isnull" else (key, "exact")


def _between_columns(index: int, compare: Callable[[Any, Any], bool], other: int) -> Test:
    return lambda row: row[index] is not None and row[other] is not None and compare(row[index], row[other])
