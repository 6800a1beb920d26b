"""Recording a review: what is written, what is refused, and what two people at once come to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from audit.models import BusinessEvent
from escalations.models import Escalation
from reviews.made import DecisionMade, FollowUp, Way
from reviews.models import Decision, Review, ReviewDraft
from reviews.rules import AlreadyRecorded, Cancelled
from reviews.services import SectionTyped, cancel, end_care, find_draft, record_review, save_draft
from tests.conftest import NOW, TODAY
from tests.reviews.conftest import made
from timescales.refusals import Refused


def test_what_was_recorded_stands_with_who_and_when(review, record, place):
    record(review, rag="AMBER", rag_reason="The plan drifts")
    review.refresh_from_db()
    assert (review.held_on, review.participation, review.rag, review.rag_reason) == (
        TODAY,
        "PN1",
        "AMBER",
        "The plan drifts",
    )
    assert (review.recorded_at, review.recorded_by) == (NOW, place.people["iro"])
    decision = Decision.objects.get()
    assert (decision.number, decision.owner, decision.duty.due_on) == (1, "Sam Worker", date(2026, 9, 30))


def test_one_event_tells_of_it_without_names_or_text(review, record):
    record(review)
    event = BusinessEvent.objects.get(verb="review.recorded")
    assert event.detail == {
        "held_on": "2026-08-17",
        "participation": "PN1",
        "rag": "GREEN",
        "decisions": 1,
        "next_due_on": "2026-11-17",
    }


INFORMAL = FollowUp(Way.INFORMAL, sought="A plan with dates")


def test_what_follows_the_rating_is_done_once(review, record, ladder):
    token = uuid4()
    for _ in range(2):
        record(review, rag="RED", rag_reason="No plan", follow_up=INFORMAL, token=token)
    raised = Escalation.objects.get()
    assert (raised.concern, raised.sought, raised.links.get().review) == ("No plan", "A plan with dates", review)


def test_a_refused_follow_up_leaves_nothing_recorded(review, record):
    with pytest.raises(Refused, match="ladder has changed") as refused:
        record(review, rag="RED", rag_reason="No plan", follow_up=INFORMAL)
    assert refused.value.field == "follow_up.stage"
    review.refresh_from_db()
    assert review.held_on is None
    assert not Decision.objects.exists()


def test_a_second_click_records_once(review, record):
    token = uuid4()
    first, second = record(review, token=token), record(review, token=token)
    assert first.pk == second.pk
    assert Review.objects.count() == 2
    assert BusinessEvent.objects.filter(verb="review.recorded").count() == 1


def test_the_second_of_two_people_is_told(review, record, place):
    record(review)
    with pytest.raises(AlreadyRecorded):
        record(review, by=place.people["iro_manager"], discussion="Mine")
    assert Review.objects.get(pk=review.pk).recorded_by == place.people["iro"]


def test_recording_takes_the_recorders_draft_and_keeps_the_others(review, record, place):
    ada, ivy = place.people["iro"], place.people["iro_manager"]
    for person in (ada, ivy):
        save_draft(review=review, typed=SectionTyped("discussion", {"discussion": ["Mine"]}, 0), by=person, at=NOW)
    record(review)
    assert find_draft(review=review, by=ada) is None
    assert ReviewDraft.objects.get().author == ivy


REFUSALS = [
    ({"held_on": date(2026, 8, 18)}, "in the future", "held_on"),
    ({"held_on": date(2026, 8, 2)}, "became looked after", "held_on"),
    ({"participation": "PN0"}, "choose PN1 to PN7", "participation"),
    ({"participation": "PN8"}, "not a participation code", "participation"),
    ({"rag": "BLUE"}, "Green, Amber or Red", "rag"),
    ({"rag": "AMBER"}, "why the rating is Amber", "rag_reason"),
    ({"rag": "RED", "rag_reason": " \n"}, "why the rating is Red", "rag_reason"),
    ({"decisions": ()}, "Add at least one decision", "decisions"),
    ({"has_no_decisions": True}, "Remove the decisions", "decisions"),
    ({"decisions": (DecisionMade("Do", " ", "Sam", TODAY),)}, "Decision 1 needs", "decisions"),
    ({"decisions": (DecisionMade("Do", "So", "S" * 121, TODAY),)}, "120 characters", "decisions"),
    ({"decisions": (DecisionMade("Do", "So", "Sam", date(2026, 8, 16)),)}, "before the review", "decisions"),
]


@pytest.mark.parametrize("changed, words, field", REFUSALS)
def test_what_the_rules_do_not_allow(review, record, changed, words, field):
    with pytest.raises(Refused, match=words) as refusal:
        record(review, **changed)
    assert refusal.value.field == field
    review.refresh_from_db()
    assert review.held_on is None
    assert Review.objects.count() == 1


def test_a_child_under_four_takes_only_pn0(make_child, record):
    review = make_child(born=date(2022, 8, 18)).reviews.get()
    with pytest.raises(Refused, match="choose PN0"):
        record(review, participation="PN1")
    assert record(review, participation="PN0").participation == "PN0"


def test_no_review_is_held_on_the_day_of_the_one_before_or_earlier(review, record):
    record(review)
    second = Review.objects.open().get()
    for day in (TODAY, date(2026, 8, 14)):
        with pytest.raises(Refused, match="Give a later day") as refusal:
            record(second, held_on=day)
        assert refusal.value.field == "held_on"


def test_no_review_is_held_after_care_ended(review, period, record):
    end_care(care_period=period, on=date(2026, 8, 12), reason="E4A", at=NOW)
    with pytest.raises(Refused, match="stopped being looked after"):
        record(review, held_on=date(2026, 8, 13))


def test_a_cancelled_review_cannot_be_recorded(review, record, place):
    cancel(review=review, reason="Made twice", by=place.people["iro"], at=NOW)
    with pytest.raises(Cancelled):
        record(review)


def test_no_decisions_may_be_said_outright(review, record):
    record(review, decisions=(), has_no_decisions=True)
    assert Review.objects.get(pk=review.pk).held_on == TODAY
    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_the_same_moment_exactly_one_wins(review, place):
    start = Barrier(2)

    def attempt(person):
        try:
            start.wait(timeout=10)
            record_review(
                review=review,
                made=made(discussion=str(person)),
                token=uuid4(),
                follow_up=None,
                by=person,
                at=NOW,
                on=TODAY,
            )
        except AlreadyRecorded:
            return "told"
        else:
            return "recorded"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(attempt, [place.people["iro"], place.people["iro_manager"]]))
    assert sorted(outcomes) == ["recorded", "told"]
    assert Review.objects.held().count() == Review.objects.open().count() == 1
    assert Decision.objects.count() == 1
