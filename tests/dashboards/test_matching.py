"""A condition decided on plain rows says what the database would."""

from datetime import date

import pytest
from django.db.models import F, Q

from dashboards.figures.matching import Facts, names

EARLY, LATE = date(2026, 7, 1), date(2026, 7, 9)
ROW = (EARLY, LATE, "FIRST_REVIEW", None)
TWICE = Facts(("due_on", "held_on", "rule", "rag"), [ROW, ROW])


@pytest.mark.parametrize(
    "where, met",
    [
        (Q(), True),
        (Q(held_on__gt=F("due_on")), True),
        (Q(held_on__lte=F("due_on")), False),
        (Q(due_on__range=(EARLY, EARLY), rule__in=("FIRST_REVIEW",)), True),
        (Q(due_on__gte=LATE) | Q(rule="FIRST_REVIEW"), True),
        (Q(due_on__gte=EARLY) & ~Q(rule="FIRST_REVIEW"), False),
        (Q(rag__isnull=True), True),
        (Q(rag="RED"), False),
        (~Q(rag="RED"), True),
        (Q(due_on__lt=F("rag")), False),
        (~Q(due_on__lt=F("rag")), True),
    ],
)
def test_a_row_meets_a_condition(where, met):
    assert TWICE.count(where) == (2 if met else 0)
    assert TWICE.only(where).rows == ([ROW, ROW] if met else [])


def test_columns_are_picked_by_name():
    assert TWICE.pick("rule") == ["FIRST_REVIEW", "FIRST_REVIEW"]
    assert TWICE.pick("held_on", "due_on") == [(LATE, EARLY), (LATE, EARLY)]


def test_the_columns_a_condition_looks_at():
    assert names(Q(held_on__gt=F("due_on")) & ~(Q(rule="X") | Q(rag__isnull=True))) == {
        "held_on",
        "due_on",
        "rule",
        "rag",
    }


def test_a_comparison_not_known_here_is_refused():
    with pytest.raises(ValueError, match="not in tuple"):
        TWICE.count(Q(rule__contains="FIRST"))
