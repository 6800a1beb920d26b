"""Ladders, answers and moves that the rules refuse, and why."""

from datetime import date

import pytest

from escalations.models import Stage
from escalations.rules import AnswerGiven, Rung, check_answer, check_ladder, check_move
from timescales.refusals import Refused

TODAY = date(2026, 8, 17)
ROLES = frozenset({"TEAM_MANAGER", "SERVICE_MANAGER"})


def test_formal_stages_of_twenty_working_days_are_allowed_and_the_informal_stage_is_not_counted():
    rungs = [Rung("Informal", ("TEAM_MANAGER",), 10, is_formal=False), Rung("One", ("SERVICE_MANAGER",), 20)]
    assert check_ladder(rungs, ROLES) is None


@pytest.mark.parametrize(
    "rungs, words",
    [
        ([], "at least one stage"),
        ([Rung("One", ("SERVICE_MANAGER",), 11), Rung("Two", ("SERVICE_MANAGER",), 10)], "IRO Handbook.*6.2"),
        ([Rung("One", ("SOCIAL_WORKER",), 5)], "not a role that answers"),
        ([Rung("One", ("SERVICE_MANAGER",), 0)], "1 to 60 working days"),
        ([Rung(" ", ("SERVICE_MANAGER",), 5)], "needs a name"),
        (
            [Rung("One", ("SERVICE_MANAGER",), 5), Rung("Two", ("TEAM_MANAGER",), 5, is_formal=False)],
            "informal stage must come before",
        ),
    ],
)
def test_a_ladder_is_refused(rungs, words):
    with pytest.raises(Refused, match=words):
        check_ladder(rungs, ROLES)


@pytest.mark.parametrize(
    "answer, action, due_on, reason, field",
    [
        ("ACCEPTED", "", TODAY, "", "action"),
        ("ACCEPTED", "  ", TODAY, "", "action"),
        ("ACCEPTED", "Book it", None, "", "action_due_on"),
        ("ACCEPTED", "Book it", date(2026, 8, 16), "", "action_due_on"),
        ("PART_ACCEPTED", "Book it", TODAY, "", "reason"),
        ("PART_ACCEPTED", "", TODAY, "Because", "action"),
        ("CONTESTED", "", None, " ", "reason"),
        ("SHRUGGED", "", None, "", "answer"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(answer, action, due_on, reason, field):
    with pytest.raises(Refused) as refused:
        check_answer(AnswerGiven(answer, action, due_on, reason), TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "answer, action, due_on, reason",
    [
        ("ACCEPTED", "Book it", TODAY, ""),
        ("PART_ACCEPTED", "Book it", TODAY, "Not the other part"),
        ("CONTESTED", "", None, "It was done in May"),
    ],
)
def test_a_whole_answer_passes(answer, action, due_on, reason):
    assert check_answer(AnswerGiven(answer, action, due_on, reason), TODAY) is None


@pytest.mark.parametrize("target", [0, 1])
def test_a_concern_moves_only_up(target):
    with pytest.raises(Refused, match="only moves up"):
        check_move(1, target, "Because")


def test_moving_up_needs_a_reason_and_may_skip():
    with pytest.raises(Refused, match="why it moves up"):
        check_move(0, 1, " ")
    assert check_move(0, 4, "Nothing has happened") is None


@pytest.mark.parametrize(
    "name, days, words",
    [
        ("Stage 1", 5, "Stage 1: service manager, 5 working days to answer"),
        ("Stage 1: Service Manager", 5, "Stage 1: Service Manager, 5 working days to answer"),
        ("Service manager", 1, "Service manager, 1 working day to answer"),
    ],
)
def test_a_stage_names_who_answers_once(name, days, words):
    assert Stage(name=name, responder_roles=["SERVICE_MANAGER"], working_days=days).description == words
