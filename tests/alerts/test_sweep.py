"""What is raised for whom, when it clears, and that repeats are harmless."""

import threading
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.services import deactivate, leave_post
from alerts import sql, tasks
from alerts.models import Alert, Sweep
from children.models import Child
from children.services import allocate, end_allocation, move_team
from duties.models import Duty
from tests.conftest import NOW, TODAY, Place

from .conftest import DAY, booked, closed, passed, sweep

MakeChild = Callable[..., Child]
MakeReview = Callable[..., Duty]
MakeStep = Callable[..., Duty]


def standing() -> set[tuple[str, str | None]]:
    """Who is told of what now: (kind, family name)."""
    alerts = Alert.objects.live().select_related("duty", "recipient")
    return {(alert.code, alert.recipient.last_name if alert.recipient else None) for alert in alerts}


@pytest.mark.parametrize(
    "due_in_days, is_booked, expected",
    [
        (29, False, set()),
        (28, False, {"REVIEW_UNBOOKED"}),
        (28, True, set()),
        (21, True, set()),
        (21, False, {"REVIEW_UNBOOKED", "REVIEW_DUE_SOON"}),
        (0, True, set()),
        (0, False, {"REVIEW_UNBOOKED", "REVIEW_DUE_SOON"}),
        (-1, False, {"REVIEW_OVERDUE"}),
        (-1, True, {"REVIEW_OVERDUE"}),
    ],
)
def test_a_review_raises_what_its_stored_dates_say(
    place: Place,
    make_child: MakeChild,
    make_review: MakeReview,
    due_in_days: int,
    is_booked: bool,
    expected: set[str],
) -> None:
    make_review(make_child(), TODAY + due_in_days * DAY, **(booked(place) if is_booked else {}))
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
        {"met_on": TODAY},
        closed(),
        {
            "due_on": TODAY + 60 * DAY,
            "due_soon_on": TODAY + 40 * DAY,
            "plan_by_on": TODAY + 30 * DAY,
            "tell_from_on": TODAY + 30 * DAY,
        },
    ],
    ids=["met", "closed", "dated again"],
)
def test_a_duty_that_is_met_clears_its_alerts(
    make_child: MakeChild, make_review: MakeReview, change: dict[str, object]
) -> None:
    duty = make_review(make_child(), TODAY)
    sweep()
    Duty.objects.filter(pk=duty.pk).update(**change)
    assert sweep().cleared == 2
    assert standing() == set()
    assert Alert.objects.filter(cleared_at=NOW).count() == 2


def test_booking_in_time_clears_what_asked_for_it(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    duty = make_review(make_child(), TODAY)
    sweep()
    Duty.objects.filter(pk=duty.pk).update(**booked(place) | {"planned_at": NOW + DAY})
    assert not Alert.objects.current().exists()  # at once, and not with the next sweep
    sweep()
    assert standing() == set()
    sweep(days=1)
    assert ("REVIEW_OVERDUE", "Iro") in standing()


def test_a_booking_whose_day_has_passed_is_due_soon_again(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    make_review(make_child(), TODAY + DAY, **booked(place))
    sweep()
    assert standing() == set()
    sweep(days=1)
    assert standing() == {("REVIEW_DUE_SOON", "Iro")}


def test_a_booking_too_late_is_told_at_once_until_it_is_moved_or_late(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    """Though nothing else is told of it for a month."""
    due_on = TODAY + 60 * DAY
    duty = make_review(make_child(), due_on, **booked(place) | {"planned_for_on": due_on + DAY})
    sweep()
    assert standing() == {("REVIEW_BOOKED_TOO_LATE", "Iro")}
    Duty.objects.filter(pk=duty.pk).update(planned_for_on=due_on)
    assert not Alert.objects.current().exists()
    sweep()
    assert standing() == set()


def test_an_answer_or_a_move_up_clears_the_responders_alert(make_child: MakeChild, make_escalation: MakeStep) -> None:
    answered, moved = make_escalation(make_child(), TODAY), make_escalation(make_child(), TODAY)
    sweep()
    Duty.objects.filter(pk=answered.pk).update(met_on=TODAY)
    Duty.objects.filter(pk=moved.pk).update(**closed())
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
    duty = make_review(make_child(), TODAY + 28 * DAY)
    sweep()
    told = Alert.objects.get()
    Alert.objects.update(sent_at=NOW)
    Duty.objects.filter(pk=duty.pk).update(**booked(place))
    assert sweep().cleared == 1
    Duty.objects.filter(pk=duty.pk).update(planned_for_on=None, planned_at=None, planned_by=None)
    assert sweep().raised == 1
    assert Alert.objects.live().get() == told
    assert not Alert.objects.unsent().exists()


def test_one_person_may_owe_it_in_their_own_name(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    make_review(make_child(), TODAY, owed_by=place.people["social_worker"], owed_by_roles=[], **passed(place))
    sweep()
    assert standing() == {("REVIEW_DUE_SOON", "Worker")}
    deactivate(user=place.people["social_worker"], at=NOW)
    sweep()
    assert standing() == {("REVIEW_DUE_SOON", "Lead")}


def test_where_nobody_can_be_told_one_alert_stands_until_somebody_can(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    child = make_child(iro=None)
    make_review(child, TODAY - DAY)
    leave_post(holding=place.people["iro_manager"].holdings.get(), on=TODAY, at=NOW)
    found = sweep()
    assert (found.raised, found.without_recipient) == (1, 1)
    assert standing() == {("REVIEW_OVERDUE", None)}
    assert sweep().raised == 0
    allocate(child=child, kind="IRO", user=place.people["iro"], on=TODAY, at=NOW)
    found = sweep()
    assert (found.raised, found.cleared, found.without_recipient) == (1, 1, 0)
    assert standing() == {("REVIEW_OVERDUE", "Iro")}


def test_it_says_what_it_looked_at_and_what_stands_after_it(
    make_child: MakeChild, make_review: MakeReview, make_escalation: MakeStep
) -> None:
    make_review(make_child(), TODAY - DAY)
    make_review(make_child(), TODAY + 90 * DAY)
    make_escalation(make_child(), TODAY)
    found = sweep()
    assert (found.checked, found.raised, found.cleared, found.without_recipient) == (3, 3, 0, 0)
    assert {code: often for code, often in found.by_kind.items() if often} == {"REVIEW_OVERDUE": 2, "RESPONSE_DUE": 1}


def test_a_preview_says_what_a_sweep_of_that_day_says_and_writes_nothing(
    place: Place, make_child: MakeChild, make_review: MakeReview, make_escalation: MakeStep
) -> None:
    child = make_child()
    make_review(child, TODAY)
    make_escalation(child, TODAY)
    sweep()
    before = list(Alert.objects.order_by("pk").values())
    seen = sql.preview(place.authority.pk, TODAY + DAY)
    assert list(Alert.objects.order_by("pk").values()) == before
    assert Sweep.objects.count() == 1
    assert (seen.raised, seen.cleared) == (4, 3)
    assert sweep(1) == seen


def test_an_authority_is_swept_alone_in_the_same_number_of_queries(
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
    assert not Alert.objects.filter(authority=elsewhere.authority).exists()
    sweep(place=elsewhere)
    for home in (place, elsewhere):
        manager = home.people["iro_manager"]
        assert Alert.objects.live().filter(authority=home.authority, recipient=manager).count() == 6
    assert not Alert.objects.exclude(recipient__authority_id=F("authority_id")).exists()


@pytest.mark.django_db(transaction=True)
def test_one_authority_that_cannot_be_swept_does_not_stop_the_others(
    place: Place,
    elsewhere: Place,
    make_child: MakeChild,
    make_review: MakeReview,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sql, "LONGEST_SWEEP", "100ms")
    for home in (place, elsewhere):
        make_review(make_child(home=home), TODAY)
    another = connection.copy()
    with another.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(sql.ONE_AT_A_TIME, [place.authority.pk])
        with time_machine.travel(NOW, tick=False):
            tasks.sweep()
        cursor.execute("ROLLBACK")
    another.close()
    assert [swept.authority for swept in Sweep.objects.all()] == [elsewhere.authority]
    assert Sweep.objects.authorities().first() == place.authority, "it is the first to be looked at next"


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
