"""The main loop with three people: record, ask, answer, be told, read the figures."""

import pytest

from escalations.models import Escalation
from reviews.models import Review
from tests.conftest import TODAY

from .conftest import Town
from .person import Manner
from .recording import DECISIONS, DISCUSSION, records_the_review


def is_held_once(review: Review) -> None:
    """The database holds one record and one review after it."""
    review.refresh_from_db()
    assert (review.held_on, review.participation, review.rag) == (TODAY, "PN1", "AMBER")
    assert review.discussion == DISCUSSION
    assert list(review.decisions.values_list("text", flat=True)) == [told.text for told in DECISIONS]
    assert Review.objects.filter(child=review.child, held_on=None).count() == 1
    assert Escalation.objects.get().steps.count() == 1


@pytest.mark.parametrize("manner", ["mouse", "keyboard", "no scripts"])
def test_a_review_recorded_asks_a_manager_and_tells_who_waits(
    town: Town, manner: Manner, first_review: Review, late_review: Review
) -> None:
    ada = town.signed_in("iro", manner)
    records_the_review(ada, first_review)
    is_held_once(first_review)
