"""What came of decisions: who says so, what it means for the duty, and what the next review asks first."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from audit.models import BusinessEvent
from duties.models import Duty
from reviews.made import OutcomeSaid
from reviews.models import Decision, DecisionOutcome, Review
from reviews.rules import Refused, SaidMeanwhile, who_answers
from reviews.services import mark_decision
from tests.api.conftest import Machine
from tests.conftest import NOW, TODAY
from tests.making import make_decision, viewer
from tests.reviews.conftest import browser, fill, made, press_record, section_url

pytestmark = pytest.mark.usefixtures("at_the_desk")
HELD_ON = date(2026, 8, 5)
DUE_ON = date(2026, 8, 12)


@pytest.fixture
def decision(review, record):
    """Decided on 5 August, to be done by the 12th; it is the 17th now and the second review is open."""
    now = {"at": NOW - timedelta(days=12), "on": HELD_ON}
    held = record(review, held_on=HELD_ON, decisions=(), has_no_decisions=True, **now)
    return make_decision(held, due_on=DUE_ON, text="Find a mentor", owner="Social worker")


@pytest.fixture
def second(decision):
    return Review.objects.open().get(child=decision.child)


def say(decision, by, said="DONE", proof="The mentor wrote to me", **more):
    outcome = OutcomeSaid(said, proof, TODAY if said == "DONE" else None, **more)
    return mark_decision(decision=decision, outcome=outcome, by=by, at=NOW, on=TODAY)


def duty_of(decision):
    return Duty.objects.get(decision=decision)


def page_of(decision):
    return reverse("reviews:decision", args=[decision.uuid])


def typed(decision, said, proof="", seen=""):
    key = decision.uuid.hex
    fields = {f"said_{key}": said, f"proof_{key}": proof, f"seen_{key}": seen}
    return fields


@pytest.mark.parametrize("name", ["iro", "iro_manager", "social_worker", "team_manager", "service_manager"])
def test_the_iro_and_who_answers_for_it_say_it_is_done(decision, place, name):
    said = say(decision, place.people[name])
    assert (duty_of(decision).met_on, said.said_by, said.proof) == (
        TODAY,
        place.people[name],
        "The mentor wrote to me",
    )
    event = BusinessEvent.objects.get(verb="decision.marked")
    assert (event.actor_id, event.detail["said"]) == (place.people[name].pk, "DONE")


@pytest.mark.parametrize("name", ["other_iro", "other_team_manager", "head", "auditor", "business_support"])
def test_nobody_else_does(decision, place, name):
    with pytest.raises(Refused, match="Only the child's IRO, social worker and managers"):
        say(decision, place.people[name])
    assert browser(place.people[name]).post(page_of(decision), {}).status_code in (403, 404)


def test_no_longer_right_it_is_owed_no_more(decision, place):
    say(decision, place.people["iro"], "NO_LONGER_RIGHT", "She has moved")
    duty = duty_of(decision)
    assert (duty.closed_on, duty.closed_by, duty.closed_reason) == (TODAY, place.people["iro"], "No longer right")


@pytest.mark.parametrize("said", ["PART_DONE", "NOT_DONE"])
def test_done_in_part_or_not_it_is_still_owed_by_its_date(decision, place, said):
    say(decision, place.people["social_worker"], said, "The first two have met")
    assert (duty_of(decision).is_open, duty_of(decision).due_on) == (True, DUE_ON)


def test_who_looks_again_may_say_that_it_is_not_done_after_all(decision, place):
    done = say(decision, place.people["social_worker"])
    say(decision, place.people["iro"], "NOT_DONE", "Nobody came", seen=done.uuid)
    assert duty_of(decision).is_open
    assert [row.said for row in decision.outcomes.all()] == ["DONE", "NOT_DONE"]


def test_the_same_words_again_by_the_same_person_are_said_once(decision, place):
    assert say(decision, place.people["iro"]) == say(decision, place.people["iro"], seen=None)
    assert DecisionOutcome.objects.count() == 1


def test_the_second_of_two_is_told_who_was_first_and_keeps_their_text(decision, place):
    say(decision, place.people["social_worker"])
    with pytest.raises(SaidMeanwhile, match="Sam Worker said on Monday 17 August 2026 of “Find a mentor”: done."):
        say(decision, place.people["iro"], "NOT_DONE", "Nobody came", seen=None)
    posted = {"said": "NOT_DONE", "proof": "Nobody came", "seen": ""}
    page = browser(place.people["iro"]).post(page_of(decision), posted)
    assert page.status_code == 409
    assert "Sam Worker said on" in page.content.decode()
    assert "Nobody came" in page.content.decode()


def day_typed(day):
    return {f"done_on_{part}": number for part, number in zip(("day", "month", "year"), day.split(), strict=True)}


WRONG = [
    ({}, "Select what came of the decision"),
    ({"said": "DONE", "proof": "x"}, "Give the day it was done."),
    ({"said": "DONE", "proof": "", **day_typed("10 8 2026")}, "Say what shows"),
    ({"said": "DONE", "proof": "x", **day_typed("18 8 2026")}, "in the future"),
    ({"said": "DONE", "proof": "x", **day_typed("4 8 2026")}, "it was decided on"),
    ({"said": "NOT_DONE"}, "Say why it is not done."),
    ({"said": "NONSENSE", "proof": "x"}, "Select one of the answers shown"),
]


@pytest.mark.parametrize("fields, words", WRONG)
def test_what_the_page_does_not_take(decision, ada, fields, words):
    assert words in ada.post(page_of(decision), fields).content.decode()
    assert not DecisionOutcome.objects.exists()


def test_the_page_says_who_said_what_and_asks_those_who_may(decision, place, ada):
    say(decision, place.people["social_worker"], "PART_DONE", "The first two have met")
    page = ada.get(page_of(decision)).content.decode()
    for words in ("Done in part", "The first two have met", "by Sam Worker", "Say what came of it", "Social worker"):
        assert words in page
    head = browser(place.people["head"]).get(page_of(decision)).content.decode()
    assert "The first two have met" in head
    assert "Say what came of it" not in head


def test_the_page_says_so_when_it_is_kept(decision, ada):
    day = {"done_on_day": "14", "done_on_month": "8", "done_on_year": "2026"}
    assert ada.post(page_of(decision), {"said": "DONE", "proof": "Seen", "seen": "", **day}).url == page_of(decision)
    page = ada.get(page_of(decision)).content.decode()
    assert "Kept: done." in page
    assert "Done late" in page
    story = ada.get(reverse("dashboards:child", args=[decision.child.uuid])).content.decode()
    assert "Said of a decision: Find a mentor" in story


def test_the_list_holds_what_is_owed_across_all_children_and_what_is_mine(decision, place, make_child, ada):
    address = reverse("reviews:decisions")
    assert [row.pk for row in ada.get(address).context["table"].rows] == [decision.pk]
    assert not ada.get(f"{address}?whose=me").context["table"].rows
    sam = browser(place.people["social_worker"])
    assert [row.pk for row in sam.get(f"{address}?whose=me").context["table"].rows] == [decision.pk]
    say(decision, place.people["iro"])
    assert not ada.get(address).context["table"].rows
    assert [row.pk for row in ada.get(f"{address}?standing=DONE").context["table"].rows] == [decision.pk]
    assert browser(place.people["business_support"]).get(address).status_code == 403


def test_home_counts_what_is_past_its_date(decision, ada, place):
    shown = next(one for one in ada.get("/").context["page"].lists if one.heading == "Decisions past their date")
    assert (shown.total, [line.whose for line in shown.lines]) == (1, ["Social worker"])
    mine = browser(place.people["social_worker"]).get("/").context["page"].lists
    assert [line.title for line in next(one for one in mine if one.heading == "Mine to do").lines] == [
        f"{decision.child}: Find a mentor"
    ]


@pytest.mark.parametrize(
    "owner, role",
    [
        ("Social worker", "SOCIAL_WORKER"), ("SW", "SOCIAL_WORKER"), ("Sam  worker", "SOCIAL_WORKER"),
        ("Team manager", "TEAM_MANAGER"), ("meera north", "TEAM_MANAGER"), ("IRO", "IRO"), ("Ada Iro", "IRO"),
        ("The school", "SOCIAL_WORKER"), ("Foster carer", "SOCIAL_WORKER"),
    ],
)  # fmt: skip
def test_a_decision_is_answered_for_by_a_post_around_the_child(owner, role):
    names = {"SOCIAL_WORKER": ["Sam Worker"], "TEAM_MANAGER": ["Meera North"], "IRO": ["Ada Iro"]}
    assert who_answers(owner, names) == role


def test_whoever_is_named_at_a_review_answers_by_their_post(review, record, place):
    by_name = made().decisions[0].__class__(text="a", outcome="b", owner="Meera North", due_on=TODAY)
    record(review, decisions=(by_name,))
    duty = Duty.objects.of_kind("DECISION").get()
    assert (duty.owed_by_roles, duty.owed_by_words) == (["TEAM_MANAGER"], "Meera North")
    assert duty in Duty.objects.owed_by(place.people["team_manager"])


# the next review


def test_last_times_decisions_are_asked_first(ada, second, decision):
    steps = ada.get(reverse("reviews:record", args=[second.uuid])).context["steps"]
    assert (steps[0].label, steps[0].status) == ("Last time's decisions", "Nothing said yet")
    page = ada.get(section_url(second, "last-time")).content.decode()
    for words in ("Find a mentor", "Job done when: It is done.", "Decided on 5 August 2026"):
        assert words in page


def test_without_an_earlier_decision_nothing_is_asked(ada, review):
    assert ada.get(section_url(review, "last-time")).url == reverse("reviews:record", args=[review.uuid])


def test_what_is_answered_is_said_at_the_review(ada, second, decision):
    ada.post(section_url(second, "last-time"), typed(decision, "NOT_DONE", "Nobody was asked") | {"version": 0})
    fill(ada, second)
    check = ada.get(reverse("reviews:check", args=[second.uuid])).content.decode()
    assert "Not done. Nobody was asked" in check
    assert "You have not said" not in check
    press_record(ada, second)
    said = DecisionOutcome.objects.get()
    assert (said.said, said.at_review, said.said_by.first_name) == ("NOT_DONE", second, "Ada")
    assert duty_of(decision).is_open


def test_what_is_not_answered_is_said_to_be_so_and_counts_as_reviewed(ada, second, decision):
    fill(ada, second)
    check = ada.get(reverse("reviews:check", args=[second.uuid])).content.decode()
    assert "Not said" in check
    assert "You have not said what came of 1 earlier decision." in check
    press_record(ada, second)
    assert duty_of(decision).closed_reason == "Reviewed since"


def test_what_was_said_to_be_owed_stays_so_where_the_next_review_is_silent(ada, second, decision, place):
    say(decision, place.people["social_worker"], "PART_DONE", "Half of it")
    fill(ada, second)
    page = ada.get(reverse("reviews:check", args=[second.uuid])).content.decode()
    assert "Left as Sam Worker said it: done in part. Half of it" in page
    press_record(ada, second)
    assert duty_of(decision).is_open


def test_what_somebody_says_while_it_is_drafted_is_read_first(ada, second, decision, place):
    ada.post(section_url(second, "last-time"), typed(decision, "NOT_DONE", "Nobody was asked") | {"version": 0})
    done = say(decision, place.people["social_worker"])
    fill(ada, second)
    assert ada.get(reverse("reviews:check", args=[second.uuid])).url == reverse("reviews:record", args=[second.uuid])
    page = ada.get(section_url(second, "last-time"))
    assert "Sam Worker" in page.content.decode()
    assert "Nobody was asked" in page.content.decode()
    again = typed(decision, "NOT_DONE", "Nobody was asked", str(done.uuid)) | {"version": page.context["version"]}
    ada.post(section_url(second, "last-time"), again)
    press_record(ada, second)
    assert duty_of(decision).is_open


@pytest.mark.parametrize(
    "said, proof, words",
    [("DONE", "Seen", "Give the day it was done."), ("NOT_DONE", "", "Say why"), ("", "Seen", "Select what came of")],
)
def test_a_half_answer_is_asked_about(ada, second, decision, said, proof, words):
    posted = typed(decision, said, proof) | {"version": 0, "do": "next"}
    assert words in ada.post(section_url(second, "last-time"), posted).content.decode()


def test_the_api_says_it_at_the_review_and_between(second, decision, place, review, record):
    ada = Machine(place.people["iro"])
    body = {"said": "NOT_DONE", "proof": "Nobody was asked", "seen": None}
    answer = ada.post(f"/decisions/{decision.uuid}/mark/", body)
    assert (answer.status_code, answer.json()["outcomes"][0]["said"]) == (200, "NOT_DONE")
    assert Machine(place.people["social_worker"]).post(f"/decisions/{decision.uuid}/mark/", body).status_code == 409
    assert Machine(place.people["head"]).post(f"/decisions/{decision.uuid}/mark/", body).status_code == 403
    assert [row["uuid"] for row in ada.get("/decisions/", standing="OWED").json()["results"]] == [str(decision.uuid)]
    said = {decision.uuid: OutcomeSaid("DONE", "Seen", TODAY)}
    record(second, last_time=said)
    assert duty_of(decision).met_on == TODAY
    assert Decision.objects.visible_to(viewer(place.people["iro"])).standing_at("DONE", TODAY).count() == 1
