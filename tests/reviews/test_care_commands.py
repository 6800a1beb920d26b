"""Care begun, ended and gone on with by an operator: with its reviews, and with a sentence where it cannot be."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from children.models import CarePeriod, Child
from duties.models import Duty
from reviews.models import Review
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("_clock")
START = {"child": "N1", "on": "2026-08-03", "legal_status": "C2", "need": "N1", "born": "2014-05-09", "sex": "F"}


@pytest.fixture
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def run(command, **options):
    out = StringIO()
    call_command(command, authority="E06999001", stdout=out, **options)
    return out.getvalue()


def test_a_child_is_added_with_its_care_and_its_first_review(place):
    assert "first review is due by Tuesday 1 September 2026" in run("start_care", **START)
    review = Review.objects.get(child__reference="N1")
    assert (review.number, review.duty.rule, review.child.date_of_birth.year) == (1, "FIRST_REVIEW", 2014)


def test_an_end_cancels_the_next_review_and_its_withdrawal_opens_the_same_one(place):
    run("start_care", **START)
    review = Review.objects.get()
    assert "cancelled" in run("end_care", child="N1", on="2026-08-14", reason="E4A")
    assert not Review.objects.open().exists()
    assert "as before" in run("end_care", child="N1", withdraw=True)
    assert Review.objects.open().get() == review


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"born": None}, "To add it give --born"),
        ({"sex": "X"}, "--sex F or M"),
        ({"legal_status": "ZZ"}, "ZZ is no legal status"),
        ({"need": "N0"}, "no category of need"),
        ({"placement": "Q9"}, "no placement type"),
        ({"on": "2026-08-18"}, "has not come yet"),
        ({"on": "2013-01-01"}, "born"),
        ({"on": "soon"}, "is not a date"),
    ],
)
def test_care_that_cannot_begin_is_refused_in_a_sentence_and_adds_nobody(place, changed, words):
    with pytest.raises(CommandError, match=words) as refused:
        run("start_care", **START | changed)
    assert refused.value.returncode == 2
    assert not Child.objects.exists()


def test_care_begins_once_and_ends_for_a_reason(place):
    run("start_care", **START)
    with pytest.raises(CommandError, match="already looked after"):
        run("start_care", **START)
    for options, words in (
        ({"child": "N1"}, "Say why care ended"),
        ({"child": "N1", "reason": "E4A", "on": "2026-08-02"}, "from the start of care"),
        ({"child": "nobody", "reason": "E4A"}, "no child with the reference nobody"),
        ({"child": "N1", "withdraw": True}, "has not ended"),
    ):
        with pytest.raises(CommandError, match=words):
            run("end_care", **options)
    assert CarePeriod.objects.get().ends_on is None


def test_settling_again_owes_what_the_rows_of_an_older_version_did_not(place):
    run("start_care", **START)
    due_on = Review.objects.get().duty.due_on
    Review.objects.all().delete()
    Duty.objects.all().delete()
    assert "1 reviews opened" in run("settle_reviews")
    assert Review.objects.get().duty.due_on == due_on
    assert "0 reviews opened, 0 closed, 0 opened again" in run("settle_reviews")


def test_settling_is_refused_for_an_authority_that_is_not_there(place):
    with pytest.raises(CommandError, match="no authority with the code NOBODY"):
        call_command("settle_reviews", authority="NOBODY")
