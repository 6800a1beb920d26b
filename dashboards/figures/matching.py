"""Whether a plain row meets a part: the same Q that narrows the list, decided without asking the database.

A figure reads its rows once, as plain values, and counts every part of them here: a part is written once, and
its number and its list are two readings of it. As in Django's filters, a comparison with nothing is never met,
and what is negated is met by every other row.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import F, Q

Row = Mapping[str, Any]
Facts = Sequence[Row]
Test = Callable[[Row], bool]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "in": lambda value, chosen: value in chosen,
    "range": lambda value, ends: ends[0] <= value <= ends[1],
}


def meets(where: Q) -> Test:
    """What tells of a row whether it meets the condition. KeyError for a comparison not known here."""
    tests = [meets(one) if isinstance(one, Q) else _comparison(*one) for one in _terms(where)]
    test = tests[0] if len(tests) == 1 else {Q.AND: _all, Q.OR: _any}[where.connector](tests)
    return (lambda row: not test(row)) if where.negated else test


def count(where: Q, facts: Facts) -> int:
    """How many of the rows meet the condition."""
    return sum(map(meets(where), facts)) if where else len(facts)


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


def _all(tests: Sequence[Test]) -> Test:
    return lambda row: all([test(row) for test in tests])


def _any(tests: Sequence[Test]) -> Test:
    return lambda row: any([test(row) for test in tests])


def _split(key: str) -> tuple[str, str]:
    name, _, last = key.rpartition("__")
    return (name, last) if last in COMPARISONS or last == "isnull" else (key, "exact")


def _comparison(key: str, other: Any) -> Test:
    name, word = _split(key)
    if word == "isnull":
        return lambda row: (row[name] is None) is other
    compare = COMPARISONS[word]
    if isinstance(other, F):
        return _between_columns(name, compare, _column(other))
    return lambda row: row[name] is not None and compare(row[name], other)


def _between_columns(name: str, compare: Callable[[Any, Any], bool], other: str) -> Test:
    return lambda row: row[name] is not None and row[other] is not None and compare(row[name], row[other])
