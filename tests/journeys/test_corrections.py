"""What was recorded wrong is put right: a record of another child's review, the day care began, an IRO by mistake."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from children.models import Child
from children.services import allocate
from reviews.models import Review
from reviews.services import record_review
from tests.conftest import NOW, TODAY
from tests.reviews.conftest import made

from .conftest import Town
from .person import Manner


@pytest.mark.parametrize("manner", ["mouse", "keyboard", "no scripts"])
def test_a_record_goes_to_the_child_it_was_about(
    town: Town, first_review: Review, make_child: Callable[..., Child], manner: Manner
) -> None:
    by, other = town.place.people["iro"], make_child()
    record_review(review=first_review, made=made(), token=uuid4(), follow_up=None, by=by, at=NOW, on=TODAY)
    ada = town.signed_in("iro", manner)
    ada.opens(f"/reviews/{first_review.uuid}/")
    ada.follows("that it is about another child")
    ada.writes("What is the right child's reference?", "C99999")
    ada.writes("How did it come to be recorded here?", "Two tabs were open.")
    ada.presses("button", "Continue")
    ada.reads("There is no child with this reference", "Two tabs were open.")
    ada.writes("What is the right child's reference?", other.reference)
    ada.presses("button", "Continue")
    ada.reads("What this means for both children", "It becomes the first looked-after review")
    ada.presses("button", f"Move it to {other}")
    ada.reads("Both records say so", "Found to be about another child", "Two tabs were open.")
    ada.follows("Open the other child's review")
    ada.reads("Came from the record of another child", "School and family time")
    ada.opens(f"/children/{other.uuid}/")
    ada.reads("came from another child's record")


def test_the_day_care_began_and_an_iro_by_mistake_are_put_right(town: Town, first_review: Review) -> None:
    child, people = first_review.child, town.place.people
    allocate(child=child, kind="IRO", user=people["other_iro"], on=date(2026, 8, 10), at=NOW)
    ivy = town.signed_in("iro_manager")
    ivy.opens(f"/children/{child.uuid}/care/")
    ivy.follows("3 August 2026")
    ivy.writes_day("What day did it begin?", date(2026, 7, 27))
    ivy.presses("button", "Continue")
    ivy.reads("Enter why it is corrected")
    ivy.writes("Why is it corrected?", "The order was made earlier.")
    ivy.presses("button", "Continue")
    ivy.reads("began on 27 July 2026 instead of 3 August 2026", "due by Monday 24 August 2026 instead of")
    ivy.presses("button", "Correct it")
    ivy.reads("What was corrected", "27 July 2026; before that 3 August 2026", "The order was made earlier.")
    ivy.opens(f"/children/{child.uuid}/people/")
    ivy.follows("Bob Other from 10 August 2026")
    ivy.chooses("It was made by mistake")
    ivy.writes("Why is it corrected?", "Another child was meant.")
    ivy.presses("button", "Continue")
    ivy.reads("taken away", "ended on nothing instead of 10 August 2026")
    ivy.presses("button", "Correct it")
    ivy.reads("What was corrected", "Another child was meant.")
    first_review.duty.refresh_from_db()
    assert first_review.duty.due_on == date(2026, 8, 24)
    assert child.allocations.get(kind="IRO", ends_on=None).user == people["iro"]
