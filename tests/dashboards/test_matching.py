"""A condition decided on plain rows says what the database would."""

from datetime import date

import pytest
from django.db.models import F, Q

from dashboards.figures.matching import count, meets, names

EARLY, LATE = date(2026, 7, 1), date(2026, 7, 9)
ROW = {"due_on": EARLY, "held_on": LATE, "rule": "FIRST_REVIEW", "rag": None}


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
    assert meets(where)(ROW) is met
    assert count(where, [ROW, ROW]) == (2 if met else 0)


def test_the_columns_a_condition_looks_at():
    assert names(Q(held_on__gt=F("due_on")) & ~(Q(rule="X") | Q(rag__isnull=True))) == {
        "held_on",
        "due_on",
        "rule",
        "rag",
    }


def test_a_comparison_not_known_here_is_refused():
    with pytest.raises(KeyError):
        meets(Q(rule__contains="FIRST"))({"rule": "FIRST_REVIEW"})
