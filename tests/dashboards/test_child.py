"""A child's story: sentences from the facts, and only for who may read them."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from escalations.models import Escalation, Response
from reviews.made import OutcomeSaid
from reviews.models import Decision, Review
from reviews.services import leave_unescalated, mark_decision
from tests.conftest import NOW, TODAY
from tests.making import make_decision

from .conftest import answer, held, waiting


def address(child):
    return reverse("dashboards:child", args=[child.uuid])


@pytest.fixture
def told(seeded, place):
    """A child with every kind of event."""
    child = seeded[1]
    review = child.reviews.get(held_on__isnull=False)
    make_decision(review, text="Find a mentor", owner="Sam", outcome="They meet weekly.", due_on=date(2026, 9, 1))
    answer(child.escalations.get(), place.people["team_manager"], on=date(2026, 7, 20), answer="PART_ACCEPTED")
    return child


def test_the_story_is_told_in_sentences_newest_first(told, place, signed_in):
    page = signed_in(place.people["iro"]).get(address(told))
    titles = [event.title for event in page.context["page"].object_list]
    raised = told.escalations.get()
    assert titles == [
        f"Answer to {raised.reference} at Informal: accepted in part",
        f"Concern {raised.reference} raised at Informal",
        "Decided: Find a mentor",
        "Looked-after review held",
        "Sam Worker became the social worker",
        "Ada Iro became the IRO",
        "Episode began: started to be looked after",
        "Became looked after",
    ]
    text = page.content.decode()
    for words in (
        "Late: it was due by 10 July 2026",
        "The plan has drifted.",
        "Amber",
        "They meet weekly.",
    ):
        assert words in text


def test_business_support_is_told_dates_but_not_what_the_record_says(told, place, signed_in):
    text = signed_in(place.people["business_support"]).get(address(told)).content.decode()
    assert "Looked-after review held" in text
    for hidden in ("Amber", "The plan has drifted.", "They meet weekly.", "Concern R-", "Find a mentor"):
        assert hidden not in text


@pytest.mark.parametrize(
    "typed, ended", [("Half of it", "Half of it."), ("Half of it. ", "Half of it."), ("Why?", "Why?")]
)
def test_what_was_typed_ends_before_what_is_said_next(told, place, signed_in, typed, ended):
    Decision.objects.update(outcome=typed)
    Response.objects.update(action=typed)
    Escalation.objects.update(concern=typed)
    page = signed_in(place.people["iro"]).get(address(told))
    said = [event.text for event in page.context["page"].object_list]
    assert f"Done when: {ended} Sam, by 1 September 2026." in said
    assert f"{ended} To be done by 20 July 2026. The plan is in hand." in said
    assert any(text.startswith(f"{ended} An answer was due by ") for text in said if isinstance(text, str))


def test_a_review_that_raised_no_concern_says_why(told, place, signed_in):
    review = told.reviews.get(held_on__isnull=False)
    leave_unescalated(review=review, reason="Mended on the day", by=place.people["iro"], at=NOW)
    page = signed_in(place.people["iro"]).get(f"{address(told)}?kind=escalations")
    told_of = page.context["page"].object_list[0]
    assert told_of.title == "No concern raised after the looked-after review of 14 July 2026"
    assert (told_of.text, told_of.by) == ("Mended on the day", "Ada Iro")
    assert told_of.url == reverse("reviews:review", args=[review.uuid])
    seen = signed_in(place.people["business_support"]).get(address(told)).content.decode()
    assert "No concern raised" not in seen
    assert "Mended on the day" not in seen


@pytest.mark.parametrize(
    "kind, some", [("care", "Became looked after"), ("reviews", "review held"), ("people", "became")]
)
def test_the_story_can_be_narrowed_to_a_kind(told, place, signed_in, kind, some):
    page = signed_in(place.people["iro"]).get(f"{address(told)}?kind={kind}")
    assert page.context["page"].object_list
    assert any(some in event.title for event in page.context["page"].object_list)
    assert not any(event.title.startswith("Decided") for event in page.context["page"].object_list)


def test_an_unknown_kind_shows_everything(told, place, signed_in):
    client = signed_in(place.people["iro"])
    everything = client.get(address(told)).context["page"].paginator.count
    assert client.get(f"{address(told)}?kind=nonsense&page=minus").context["page"].paginator.count == everything


def test_what_is_late_stands_in_its_box(seeded, place, signed_in):
    text = signed_in(place.people["iro"]).get(address(seeded[2])).content.decode()
    late = Review.objects.open().get(child=seeded[2])
    link = f'<a class="govuk-link" href="{reverse("reviews:review", args=[late.uuid])}">Third looked-after review</a>'
    assert "What is late or at risk" in text
    assert f"{link}: overdue since 5 July 2026, 31 working days late." in text


def test_what_is_late_names_whose_move_it_is(seeded, place, signed_in):
    text = signed_in(place.people["iro"]).get(address(seeded[2])).content.decode()
    assert "Whose move: Ada Iro, IRO." in text


def test_a_decision_past_its_date_is_late_until_somebody_says_what_came_of_it(place, make_child, signed_in):
    child = make_child(care_from=date(2025, 3, 3))
    review = held(child, date(2026, 7, 8), date(2026, 7, 8), rag="GREEN")
    waiting(child, runs_from_on=date(2026, 7, 8))
    decision = make_decision(review, text="Find a mentor", owner="The school", due_on=date(2026, 8, 3))
    text = signed_in(place.people["iro"]).get(address(child)).content.decode()
    assert "Nothing is late." not in text
    assert "The school; Sam Worker, social worker answers for it" in text
    outcome = OutcomeSaid("DONE", "They met", date(2026, 8, 3))
    mark_decision(decision=decision, outcome=outcome, by=place.people["iro"], at=NOW, on=TODAY)
    assert "Nothing is late." in signed_in(place.people["iro"]).get(address(child)).content.decode()


def test_an_amber_rating_and_an_open_concern_are_never_nothing(seeded, place, signed_in):
    text = signed_in(place.people["iro"]).get(address(seeded[1])).content.decode()
    assert "Rated Amber" in text
    assert f"Concern {seeded[1].escalations.get().reference} at Informal" in text


def test_who_reads_no_record_is_told_of_reviews_alone(place, make_child, signed_in):
    child = make_child(care_from=date(2025, 3, 3))
    waiting(child, runs_from_on=date(2026, 7, 8))
    text = signed_in(place.people["business_support"]).get(address(child)).content.decode()
    assert "No review is late." in text
    assert "Nothing is late." not in text


def test_nothing_late_says_so(place, make_child, signed_in):
    child = make_child(care_from=date(2025, 3, 3))
    waiting(child, runs_from_on=date(2026, 7, 8))
    assert "Nothing is late." in signed_in(place.people["iro"]).get(address(child)).content.decode()


def test_a_booking_after_the_due_date_is_at_risk(place, make_child, signed_in):
    child = make_child(care_from=date(2025, 3, 3))
    by = {"planned_at": NOW, "planned_by": place.people["iro"]}
    waiting(child, runs_from_on=date(2026, 3, 1), planned_for_on=date(2026, 9, 2), **by)
    assert "booked for 2 September 2026, after its due date" in (
        signed_in(place.people["iro"]).get(address(child)).content.decode()
    )


@pytest.mark.parametrize("role", ["other_iro", "other_team_manager", "returns_officer", "analyst", "administrator"])
def test_a_strangers_child_is_not_found_and_leaves_no_access(seeded, place, signed_in, role):
    assert signed_in(place.people[role]).get(address(seeded[0])).status_code == 404
    assert not AccessEvent.objects.filter(action="VIEW").exists()


def test_no_such_child_is_not_found(place, signed_in):
    assert signed_in(place.people["head"]).get(reverse("dashboards:child", args=[uuid4()])).status_code == 404


def test_the_reading_is_logged(seeded, place, signed_in):
    signed_in(place.people["iro"]).get(address(seeded[0]))
    event = AccessEvent.objects.get()
    assert (event.action, event.what, event.child_ids) == ("VIEW", "dashboards:child", [seeded[0].pk])


def test_the_story_asks_the_same_number_of_questions_however_long(told, place, signed_in, questions):
    client = signed_in(place.people["iro"])
    few = questions(client, address(told))
    for day in range(1, 28):
        held(told, date(2026, 1, day), date(2026, 1, day))
    assert questions(client, address(told)) == few <= 35
