"""What changed is told in words: names for the rows it points to, no keys, and at the same cost for many acts."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.services import sweep
from children.history import Reader, acts
from children.services import allocate, end_allocation
from escalations.rules import ConcernRaised, Rung
from escalations.services import move_up, raise_concern, set_ladder
from reviews.services import link_review
from tests.conftest import LONG_AGO, NOW, TODAY

pytestmark = pytest.mark.django_db
RETURNED = ("Care period", "Episode")  # told with the codes they are returned by
ALL = Reader(may_read_record=True, may_see_address=True)


@pytest.fixture
def raised(place, make_child):
    """A concern moved up one stage, linked to the child's first review."""
    rungs = [Rung("Informal", ("TEAM_MANAGER",), 5, is_formal=False), Rung("Stage 3", ("SERVICE_MANAGER",), 5)]
    ladder = set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=rungs)
    child, said = make_child(), {"by": place.people["iro"], "at": NOW}
    review = child.reviews.get()
    raised = raise_concern(
        child=child, stage=ladder.stages.get(position=0), raised=ConcernRaised("No plan", "A plan"), on=TODAY, **said
    )
    link_review(escalation=raised, review=review, **said)
    move_up(escalation=raised, stage=ladder.stages.get(position=1), reason="No answer", on=TODAY, **said)
    return raised


def sentences(child):
    found, _ = acts(child=child, reader=ALL, before=None)
    return [sentence for act in found for sentence in act.sentences]


def test_a_row_pointed_to_is_told_by_its_name(raised):
    told = sentences(raised.child)
    assert "Escalation review added: First looked-after review; raised by this review no; linked by Ada Iro." in told
    assert any(sentence.startswith("Step added: Stage 3; opened on 17 August 2026; ") for sentence in told)
    assert any("stage from Informal to Stage 3" in sentence for sentence in told)


def test_neither_keys_nor_codes_nor_columns_are_told(raised):
    told = " ".join(sentences(raised.child))
    for inner in ("ladder", "care period 1", "escalation 1", "uuid", "LATER_REVIEW", "FIRST_REVIEW", "last safe"):
        assert inner not in told
    assert "due as first review" in told
    assert "last working day on or before it 1 September 2026" in told


def test_no_code_is_told_but_those_of_the_return(raised):
    sweep(authority=raised.authority, at=NOW, on=date(2027, 1, 4))
    told = " ".join(sentence for sentence in sentences(raised.child) if not sentence.startswith(RETURNED))
    assert "standing overdue" in told
    assert re.findall(r"\b[A-Z]{2,}[A-Z_]*\b", told.replace("IRO", "").replace(raised.child.reference, "")) == []


def test_many_acts_cost_no_more_queries_than_few(raised, place):
    with CaptureQueriesContext(connection) as few:
        sentences(raised.child)
    for name in ("other_iro", "iro_manager") * 3:
        end_allocation(allocation=raised.child.allocations.live().get(kind="IRO"), on=TODAY, at=NOW)
        allocate(child=raised.child, kind="IRO", user=place.people[name], on=TODAY, at=NOW)
    with CaptureQueriesContext(connection) as many:
        assert len(sentences(raised.child)) > 12
    assert len(many) == len(few)
