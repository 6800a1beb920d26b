"""What is raised for whom, when it clears, and that repeats are harmless."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.services import deactivate, leave_post
from alerts import services
from alerts.models import Alert, Sweep
from children.models import Child
from children.services import allocate, end_allocation, move_team
from escalations.models import Step
from reviews.models import Review
from tests.conftest import NOW, TODAY, Place

from .conftest import DAY, answer

MakeChild = Callable[..., Child]
MakeReview = Callable[..., Review]
MakeStep = Callable[..., Step]


def sweep(days: int = 0) -> Sweep:
    return services.sweep(at=NOW + timedelta(days=days), on=TODAY + timedelta(days=days))


def standing(kind: str | None = None) -> set[tuple[str, str]]:
    """Who is told of what now: (kind, family name)."""
    alerts = Alert.objects.live().filter(**{"kind": kind} if kind else {})
    return set(alerts.values_list("kind", "recipient__last_name"))


@pytest.mark.parametrize(
    "due_in_days, booked, expected",
    [
        (29, False, set()),
        (28, False, {"REVIEW_UNBOOKED"}),
        (28, True, set()),
        (21, True, {"REVIEW_DUE_SOON"}),
        (21, False, {"REVIEW_UNBOOKED", "REVIEW_DUE_SOON"}),
        (0, True, {"REVIEW_DUE_SOON"}),
        (0, False, {"REVIEW_UNBOOKED", "REVIEW_DUE_SOON"}),
        (-1, False, {"REVIEW_OVERDUE"}),
        (-1, True, {"REVIEW_OVERDUE"}),
    ],
)
def test_a_review_raises_what_its_stored_dates_say(
    place: Place, make_child: MakeChild, make_review: MakeReview, due_in_days: int, booked: bool, expected: set[str]
) -> None:
    booking = {"booked_for_on": TODAY, "booked_at": NOW, "booked_by": place.people["iro"]} if booked else {}
    make_review(make_child(), TODAY + due_in_days * DAY, **booking)
    sweep()
    assert {kind for kind, _ in standing()} == expected


def test_the_iro_is_told_and_the_manager_too_once_it_is_late(make_child: MakeChild, make_review: MakeReview) -> None:
    make_review(make_child(), TODAY + DAY)
    sweep()
    assert {who for _, who in standing()} == {"Iro"}
    sweep(2)
    assert standing() == {("REVIEW_OVERDUE", "Iro"), ("REVIEW_OVERDUE", "Lead")}


def test_without_an_iro_the_manager_is_told(make_child: MakeChild, make_review: MakeReview) -> None:
    make_review(make_child(iro=None), TODAY + 21 * DAY)
    sweep()
    assert standing() == {("REVIEW_UNBOOKED", "Lead"), ("REVIEW_DUE_SOON", "Lead")}


def test_a_review_whose_due_date_is_not_known_raises_nothing(make_child: MakeChild, make_review: MakeReview) -> None:
    make_review(make_child(), None, rule="NOT_KNOWN")
    assert sweep().raised == 0


@pytest.mark.parametrize(
    "stage, holder", [("informal", "North"), ("one", "Care"), ("two", "Head")], ids=["team", "service", "authority"]
)
def test_a_response_is_asked_of_the_rungs_role_that_reaches_the_child(
    make_child: MakeChild, make_escalation: MakeStep, stage: str, holder: str
) -> None:
    make_escalation(make_child(), TODAY + 2 * DAY, stage=stage)
    sweep()
    assert standing() == {("RESPONSE_DUE", holder)}
    sweep(3)
    assert standing() == {("RESPONSE_OVERDUE", holder), ("RESPONSE_OVERDUE", "Iro")}


def test_a_response_not_yet_due_soon_raises_nothing(make_child: MakeChild, make_escalation: MakeStep) -> None:
    make_escalation(make_child(), TODAY + 3 * DAY)
    assert sweep().raised == 0


def test_who_raised_it_is_not_asked_to_answer(make_child: MakeChild, make_escalation: MakeStep) -> None:
    make_escalation(make_child(), TODAY, stage="informal", raised_by="team_manager")
    sweep()
    assert standing() == {("RESPONSE_DUE", "Lead")}


def test_inactive_people_are_not_told(place: Place, make_child: MakeChild, make_review: MakeReview) -> None:
    make_review(make_child(), TODAY + 21 * DAY)
    sweep()
    deactivate(user=place.people["iro"], at=NOW)
    assert sweep().cleared == 2
    assert {who for _, who in standing()} == {"Lead"}


def test_again_and_again_changes_nothing(
    make_child: MakeChild, make_review: MakeReview, make_escalation: MakeStep
) -> None:
    child = make_child()
    make_review(child, TODAY - DAY)
    make_escalation(child, TODAY - DAY)
    assert sweep().raised == 4
    before = list(Alert.objects.order_by("pk").values())
    again = sweep()
    assert (again.raised, again.cleared) == (0, 0)
    assert list(Alert.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "change",
    [
        {"held_on": TODAY, "source": "RETURN"},
        {"cancelled_at": NOW, "cancelled_reason": "Care ended", "cancelled_by": True},
        {"due_on": TODAY + 60 * DAY, "due_soon_on": TODAY + 40 * DAY, "unbooked_on": TODAY + 30 * DAY},
    ],
    ids=["held", "cancelled", "re-dated"],
)
def test_a_review_that_is_met_clears_its_alerts(
    place: Place, make_child: MakeChild, make_review: MakeReview, change: dict[str, object]
) -> None:
    review = make_review(make_child(), TODAY)
    sweep()
    if "cancelled_by" in change:
        change = change | {"cancelled_by": place.people["iro"]}
    Review.objects.filter(pk=review.pk).update(**change)
    assert sweep().cleared == 2
    assert standing() == set()
    assert Alert.objects.filter(cleared_at=NOW).count() == 2


def test_booking_clears_only_the_unbooked_alert(place: Place, make_child: MakeChild, make_review: MakeReview) -> None:
    review = make_review(make_child(), TODAY)
    sweep()
    Review.objects.filter(pk=review.pk).update(booked_for_on=TODAY, booked_at=NOW, booked_by=place.people["iro"])
    sweep()
    assert standing() == {("REVIEW_DUE_SOON", "Iro")}


def test_an_answer_or_a_move_up_clears_the_responders_alert(
    place: Place, make_child: MakeChild, make_escalation: MakeStep
) -> None:
    answered, moved = make_escalation(make_child(), TODAY), make_escalation(make_child(), TODAY)
    sweep()
    answer(answered, place)
    Step.objects.filter(pk=moved.pk).update(closed_at=NOW, closed_by=place.people["iro"])
    assert sweep().cleared == 2
    assert standing() == set()


def test_losing_the_child_clears_and_the_next_iro_is_told(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    child = make_child()
    make_review(child, TODAY + 21 * DAY)
    sweep()
    allocate(child=child, kind="IRO", user=place.people["other_iro"], on=TODAY, at=NOW)
    sweep()
    assert {who for _, who in standing()} == {"Other"}
    end_allocation(allocation=child.allocations.get(kind="IRO", ends_on=None), on=TODAY, at=NOW)
    sweep()
    assert {who for _, who in standing()} == {"Lead"}


def test_leaving_the_post_or_moving_the_child_clears_the_responders_alert(
    place: Place, make_child: MakeChild, make_escalation: MakeStep
) -> None:
    child = make_child()
    make_escalation(child, TODAY)
    sweep()
    move_team(child=child, team=place.teams["east"], on=TODAY, at=NOW)
    sweep()
    assert standing() == {("RESPONSE_DUE", "East")}
    leave_post(holding=place.people["other_team_manager"].holdings.get(), on=TODAY, at=NOW)
    sweep()
    assert standing() == {("RESPONSE_DUE", "Lead")}


def test_a_reason_that_returns_stands_again_as_the_same_alert_and_is_not_mailed_twice(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    review = make_review(make_child(), TODAY + 28 * DAY)
    sweep()
    told = Alert.objects.get()
    Alert.objects.update(sent_at=NOW)
    Review.objects.filter(pk=review.pk).update(booked_for_on=TODAY, booked_at=NOW, booked_by=place.people["iro"])
    assert sweep().cleared == 1
    Review.objects.filter(pk=review.pk).update(booked_for_on=None, booked_at=None, booked_by=None)
    assert sweep().raised == 1
    assert Alert.objects.live().get() == told
    assert not Alert.objects.unsent().exists()


def test_every_authority_in_the_same_number_of_queries(
    place: Place, elsewhere: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    make_review(make_child(), TODAY)
    with CaptureQueriesContext(connection) as few:
        sweep()
    for home in (place, elsewhere):
        for _ in range(6):
            make_review(make_child(home=home), TODAY - DAY)
    with CaptureQueriesContext(connection) as many:
        sweep()
    assert len(few) == len(many)
    for home in (place, elsewhere):
        assert (
            Alert.objects.live().filter(authority=home.authority, recipient=home.people["iro_manager"]).count() == 6
        )
    assert not Alert.objects.exclude(recipient__authority_id=F("authority_id")).exists()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_raise_each_alert_once(make_child: MakeChild, make_review: MakeReview) -> None:
    for _ in range(20):
        make_review(make_child(), TODAY - DAY)
    start = threading.Barrier(4)
    raised: list[int] = []

    def run() -> None:
        start.wait()
        raised.append(sweep().raised)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(raised) == [0, 0, 0, 40]
    assert Alert.objects.count() == 40
