"""A person's own alerts on their page, and nobody else's."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import AccessEvent
from children.models import Child
from children.services import allocate
from duties.models import Duty
from reviews.models import Review
from tests.conftest import NOW, TODAY, Place

from .conftest import DAY, sweep

MakeChild = Callable[..., Child]
MakeReview = Callable[..., Duty]
MakeStep = Callable[..., Duty]
SignIn = Callable[[User], Client]


def test_late_comes_first_and_each_leads_to_what_it_is_about(
    place: Place, make_child: MakeChild, make_review: MakeReview, make_escalation: MakeStep, signed_in: SignIn
) -> None:
    coming, late, answer = make_child(), make_child(), make_child()
    soon = make_review(coming, TODAY + 21 * DAY)
    overdue = make_review(late, TODAY - DAY)
    step = make_escalation(answer, TODAY - DAY)
    sweep()
    page = signed_in(place.people["iro"]).get("/alerts/").content.decode()
    first, second = page.index("Late"), page.index("Coming up")
    for url in (f"/reviews/{overdue.about}/", f"/escalations/{step.about}/"):
        assert first < page.index(url) < second
    assert page.index(f"/reviews/{soon.about}/") > second


def test_only_mine(place: Place, make_child: MakeChild, make_review: MakeReview, signed_in: SignIn) -> None:
    child = make_child()
    make_review(child, TODAY - DAY)
    sweep()
    page = signed_in(place.people["other_iro"]).get("/alerts/").content.decode()
    assert child.family_name not in page
    assert "Nothing of yours is late." in page


def test_a_child_no_longer_mine_and_a_review_just_recorded_are_gone_before_the_next_sweep(
    place: Place, make_child: MakeChild, make_review: MakeReview, signed_in: SignIn
) -> None:
    moved, recorded = make_child(), make_child()
    make_review(moved, TODAY - DAY)
    review = make_review(recorded, TODAY - DAY)
    sweep()
    allocate(child=moved, kind="IRO", user=place.people["other_iro"], on=TODAY, at=NOW)
    Duty.objects.filter(pk=review.pk).update(met_on=TODAY)
    page = signed_in(place.people["iro"]).get("/alerts/").content.decode()
    assert str(moved) not in page
    assert str(recorded) not in page


def test_the_same_number_of_queries_at_two_sizes_and_one_access_event(
    place: Place, make_child: MakeChild, make_review: MakeReview, make_escalation: MakeStep, signed_in: SignIn
) -> None:
    client = signed_in(place.people["iro"])
    client.get("/alerts/")  # the first request of a session also notes when it began
    counts = []
    for _ in range(2):
        for _ in range(6):
            child = make_child()
            make_review(child, TODAY - DAY)
            make_escalation(child, TODAY - DAY)
            make_review(make_child(), TODAY)
        sweep()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/alerts/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
    event = AccessEvent.objects.latest("pk")
    assert (event.what, event.action, len(event.child_ids)) == ("alerts:list", "LIST", 24)
    assert AccessEvent.objects.count() == 2, "an empty page tells of nobody"


def test_an_alert_says_which_review_it_is_about(
    place: Place, make_child: MakeChild, make_review: MakeReview, signed_in: SignIn
) -> None:
    child = make_child()
    review = Review(child=child, authority=child.authority, care_period=child.care_periods.get(), number=10)
    review.duty = make_review(child, TODAY - DAY)
    review.save()
    sweep()
    assert "10th looked-after review" in signed_in(place.people["iro"]).get("/alerts/").content.decode()
