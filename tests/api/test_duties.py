"""What is owed, asked by operators and by machines: the same rows, each with where it stands."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from reviews.services import record_review
from tests.api.conftest import assert_problem
from tests.conftest import NOW, TODAY
from tests.reviews.conftest import made

KEYS = {
    "uuid", "child", "kind", "series", "number", "rule", "runs_from_on", "due_on", "planned_for_on", "met_on",
    "closed_on", "standing",
}  # fmt: skip


def listed(**options):
    out = StringIO()
    call_command("duties", authority="E06999001", format="json", stdout=out, **options)
    return json.loads(out.getvalue())["duties"]


def test_a_first_review_and_an_answer_are_told_with_their_dates(own):
    answer, review = listed()
    assert set(review) == KEYS
    assert (review["child"], review["kind"], review["series"], review["number"]) == (
        own.child.reference, "REVIEW", "CARE", 1,
    )  # fmt: skip
    assert (review["rule"], review["runs_from_on"], review["due_on"]) == ("FIRST_REVIEW", "2026-08-03", "2026-09-01")
    assert (review["met_on"], review["closed_on"], review["standing"]) == (None, None, "NOT_DUE")
    assert (answer["kind"], answer["number"], answer["rule"]) == ("RESPONSE", None, "STAGE_ANSWER")


def test_they_are_narrowed_by_child_and_kind_and_told_of_a_later_day(own, strangers):
    assert {duty["child"] for duty in listed(child=own.child.reference)} == {own.child.reference}
    (review,) = listed(child=own.child.reference, kind="REVIEW", on="2026-09-02")
    assert review["standing"] == "OVERDUE"


def test_a_review_recorded_is_met_and_the_next_is_owed(own, place):
    record_review(
        review=own.review,
        made=made(),
        token=uuid4(),
        follow_up=None,
        by=place.people["iro"],
        at=NOW,
        on=TODAY,
    )
    met, following = listed(child=own.child.reference, kind="REVIEW")
    assert (met["number"], met["met_on"], met["standing"]) == (1, TODAY.isoformat(), "MET")
    assert (following["number"], following["rule"], following["runs_from_on"]) == (
        2,
        "SECOND_REVIEW",
        TODAY.isoformat(),
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"on": "2026-02-30"}, "is not a date"),
        ({"kind": "VISITS"}, "There is no kind VISITS"),
        ({"child": "nobody"}, "no child with the reference nobody"),
        ({"authority": "E1"}, "E1"),
    ],
)
def test_what_cannot_be_told_is_a_sentence_and_status_2(own, options, words):
    with pytest.raises(CommandError, match=words) as refused:
        call_command("duties", **{"authority": "E06999001", "stdout": StringIO(), **options})
    assert refused.value.returncode == 2


def test_machines_get_the_same_rows_of_their_own_children(ada, own, strangers):
    (review,) = ada.get("/duties/", kind="REVIEW").json()["results"]
    assert review == next(duty for duty in listed() if duty["uuid"] == str(own.review.duty.uuid))
    assert [row["standing"] for row in ada.get("/duties/", kind="REVIEW", on="2026-09-02").json()["results"]] == [
        "OVERDUE"
    ]
    assert len(ada.get("/duties/", child=str(own.child.uuid)).json()["results"]) == 2


@pytest.mark.parametrize("query", [{"kind": "VISITS"}, {"on": "soon"}, {"child": "nobody"}])
def test_a_machine_is_told_what_is_wrong_with_its_question(ada, own, query):
    assert_problem(ada.get("/duties/", **query), 400, next(iter(query)))


def test_a_past_day_is_told_as_it_was(ada, own):
    then = lambda day: ada.get("/duties/", kind="REVIEW", on=day).json()["results"]  # noqa: E731
    assert [row["standing"] for row in then("2026-08-16")] == ["NOT_DUE"]
    assert then("2026-08-02") == []
