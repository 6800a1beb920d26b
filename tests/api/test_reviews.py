"""Reviews through the API: reading, booking, recording once, and the way it is refused."""

from uuid import uuid4

from audit.models import AccessEvent, BusinessEvent
from children.services import allocate
from escalations.models import Escalation
from reviews.models import Review
from tests.api.conftest import Machine, assert_problem, record_body
from tests.conftest import NOW, TODAY, employ


def at(own, act=""):
    return f"/reviews/{own.review.uuid}/{act}"


def test_a_review_is_recorded_with_all_that_follows(ada, own):
    answer = ada.post(at(own, "record/"), record_body())
    assert answer.status_code == 200
    told = answer.json()
    assert (told["held_on"], told["standing"], told["rag"]) == ("2026-08-17", "MET", "GREEN")
    assert told["recorded_by"]["name"] == "Ada Iro"
    assert told["record"]["childs_views"] == "I want to stay"
    assert [row["owner"] for row in told["record"]["decisions"]] == ["Sam Worker"]
    following = Review.objects.get(child=own.child, held_on=None)
    assert following.duty.due_on == TODAY.replace(month=11)
    assert ada.get(f"/reviews/{following.uuid}/").json()["due_on"] == "2026-11-17"
    assert BusinessEvent.objects.filter(verb="review.recorded", subject_id=own.review.pk).count() == 1


def test_the_same_token_again_changes_nothing(ada, own):
    body = record_body(rag="AMBER", rag_reason="Drift", follow_up={"choice": "INFORMAL", "sought": "A plan"})
    first, second = (ada.post(at(own, "record/"), body) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert Escalation.objects.filter(reviews=own.review).count() == 1
    assert Review.objects.filter(child=own.child).count() == 2


def test_a_token_used_for_another_review_is_no_hindrance(ada, own, place, subject):
    token, other = str(uuid4()), subject(place)
    assert ada.post(at(own, "record/"), record_body(token=token)).status_code == 200
    assert ada.post(at(other, "record/"), record_body(token=token)).status_code == 200


def test_recorded_by_somebody_else_says_who_and_when(ada, own, place):
    body = record_body()
    assert Machine(place.people["iro_manager"]).post(at(own, "record/"), body).status_code == 200
    for sent in (body, record_body(), record_body(rag="RED", rag_reason="Drift")):
        told = assert_problem(ada.post(at(own, "record/"), sent), 409)
        assert (
            told["detail"]
            == "Ivy Lead recorded this review on Monday 17 August 2026, as held on Monday 17 August 2026."
        )


def test_amber_opens_the_ladder_and_its_choice_is_checked_by_path(ada, own):
    amber = {"rag": "AMBER", "rag_reason": "Drift"}
    send = lambda **more: ada.post(at(own, "record/"), record_body(**amber, **more))  # noqa: E731
    assert_problem(send(), 400, "follow_up.choice")
    assert_problem(send(follow_up={"choice": "INFORMAL"}), 400, "follow_up.sought")
    assert_problem(send(follow_up={"choice": "FORMAL", "stage": "9", "sought": "x"}), 400, "follow_up.stage")
    assert_problem(send(follow_up={"choice": "LEAVE", "because": "x"}), 400, "follow_up.because")
    assert_problem(send(follow_up="LEAVE"), 400, "follow_up")
    assert not Review.objects.filter(held_on__isnull=False).exists()
    assert send(follow_up={"choice": "FORMAL", "stage": "2", "sought": "A plan"}).status_code == 200
    raised = Escalation.objects.get(reviews=own.review)
    assert (raised.stage.position, raised.concern) == (2, "Drift")


def test_green_takes_no_follow_up(ada, own):
    answer = ada.post(at(own, "record/"), record_body(follow_up={"choice": "LEAVE", "reason": "x"}))
    assert_problem(answer, 400, "follow_up")


def test_rules_refuse_by_field_and_nothing_is_kept(ada, own):
    looks = AccessEvent.objects.count()
    for changed, field in (
        ({"held_on": "2026-08-18"}, "held_on"),
        ({"held_on": "2026-08-02"}, "held_on"),
        ({"participation": "PN0"}, "participation"),
        ({"decisions": []}, "decisions"),
        ({"has_no_decisions": True}, "decisions"),
    ):
        assert_problem(ada.post(at(own, "record/"), record_body(**changed)), 422, field)
    assert AccessEvent.objects.count() == looks
    assert not Review.objects.filter(held_on__isnull=False).exists()


def test_fields_that_cannot_be_used_are_named_by_path(ada, own):
    row = record_body()["decisions"][0]
    for changed, field in (
        ({"held_on": "17/08/2026"}, "held_on"),
        ({"participation": "PN8"}, "participation"),
        ({"discussion": ""}, "discussion"),
        ({"discussion": "a\x00b"}, "discussion"),
        ({"discussion": "\ud800"}, "discussion"),
        ({"discussion": "x" * 20_001}, "discussion"),
        ({"token": "once"}, "token"),
        ({"disscussion": "typed wrong"}, "disscussion"),
        ({"decisions": [row, {**row, "owner": "x" * 121}]}, "decisions.1.owner"),
        ({"decisions": [row] * 51}, "decisions"),
        ({"decisions": {"0": row}}, "decisions"),
        ({"follow_up": {"choice": "a\x00"}}, "follow_up.choice"),
    ):
        assert_problem(ada.post(at(own, "record/"), record_body(**changed)), 400, field)
    told = assert_problem(ada.post(at(own, "record/"), record_body(discussion="x" * 20_001)), 400, "discussion")
    assert "20000" in told["errors"][0]["message"]


def test_booking(ada, own):
    assert ada.post(at(own, "book/"), {"booked_for_on": "2026-08-27"}).json()["booked_for_on"] == "2026-08-27"
    late = {"booked_for_on": "2026-09-02"}
    assert_problem(ada.post(at(own, "book/"), late), 422, "is_late_accepted")
    assert ada.post(at(own, "book/"), {**late, "is_late_accepted": True}).json()["booked_for_on"] == "2026-09-02"
    for day in ("2026-08-14", "2060-01-01"):
        assert_problem(ada.post(at(own, "book/"), {"booked_for_on": day}), 422, "booked_for_on")
    assert_problem(
        ada.post(at(own, "book/"), {"booked_for_on": "9999-12-31", "is_late_accepted": True}), 422, "booked_for_on"
    )
    assert_problem(ada.post(at(own, "book/"), {}), 400, "booked_for_on")
    ada.post(at(own, "record/"), record_body())
    assert_problem(ada.post(at(own, "book/"), late), 409)


def test_what_a_record_says_is_for_those_who_read_it(own, place, ada):
    """A social worker who also supports the office sees other children's dates, and not what was said."""
    worker = place.people["social_worker"]
    employ(worker, "BUSINESS_SUPPORT")
    machine = Machine(worker)
    ada.post(at(own, "record/"), record_body())
    assert machine.get(at(own)).json()["record"]["discussion"] == "School and family time"
    tom = employ(place.people["other_team_manager"], "SOCIAL_WORKER", team=place.teams["east"])
    allocate(child=own.child, kind="SOCIAL_WORKER", user=tom, on=TODAY, at=NOW)
    told = machine.get(at(own)).json()
    assert (told["held_on"], told["participation"], told["rag"], told["record"]) == ("2026-08-17", None, None, None)
    listed = machine.get("/reviews/", standing="MET").json()["results"]
    assert [(row["uuid"], row["rag"], row["participation"]) for row in listed] == [(str(own.review.uuid), None, None)]
    assert_problem(machine.get(f"/escalations/{own.escalation.uuid}/"), 403)


def test_filters(ada, own, place, subject):
    other = subject(place)
    ada.post(at(other, "record/"), record_body())
    uuids = lambda **query: {row["uuid"] for row in ada.get("/reviews/", **query).json()["results"]}  # noqa: E731
    assert uuids(standing="MET") == {str(other.review.uuid)}
    assert uuids(held_from="2026-08-17", held_to="2026-08-17") == {str(other.review.uuid)}
    assert uuids(held_from="2026-08-18") == set()
    assert uuids(child=own.child.uuid) == {str(own.review.uuid)}
    assert uuids(due_to="2026-09-01") == {str(own.review.uuid), str(other.review.uuid)}
    for query in (
        {"standing": "TARDY"},
        {"held_from": "17/08/2026"},
        {"child": "1"},
        {"heldfrom": "2026-08-17"},
        {"cursor": "cD0x"},
        {"cursor": "%%"},
        {"page_size": "0"},
        {"page_size": "201"},
        {"format": "api"},
    ):
        assert_problem(ada.get("/reviews/", **query), 400, *query)
