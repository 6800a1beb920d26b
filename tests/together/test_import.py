"""While a return is read in, which may take a minute, others go on: they record, and alerts are looked at."""

from uuid import uuid4

import pytest

from alerts.services import sweep
from returns.services import load_return
from reviews.models import Review
from reviews.services import record_review
from tests.conftest import NOW, TODAY
from tests.returns.conftest import Folder, episode, header, review
from tests.reviews.conftest import made

from .at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reads(place, tmp_path):
    """Reads a return of a child nobody else acts on."""
    folder = Folder(tmp_path).write("Header", header()).write("Episodes", episode())
    folder.write("Reviews", review("26/06/2017"))

    def read():
        return load_return(folder=tmp_path, authority=place.authority, year=2018, at=NOW, on=TODAY)

    read()  # the first return of a year dates every child again; a corrected one only those it names
    folder.write("Reviews", review("27/06/2017"))
    return read


def test_a_review_of_another_child_is_recorded_without_waiting(place, make_child, reads):
    open_review = Review.objects.get(child=make_child())
    act = {"follow_up": None, "by": place.people["iro"], "at": NOW, "on": TODAY}
    both = at_once(reads, lambda: record_review(review=open_review, made=made(), token=uuid4(), **act))
    assert (both.first.refusal, both.second.refusal, both.has_waited) == (None, None, False)
    assert Review.objects.held().count() == 2


def test_alerts_are_looked_at_without_waiting(place, make_child, reads):
    make_child()
    both = at_once(reads, lambda: sweep(authority=place.authority, at=NOW, on=TODAY))
    assert both.has_waited is False
    assert both.second.result.checked == 2
