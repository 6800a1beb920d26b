"""A recorded review is corrected: by whom, what stays readable, and what moves with its day."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from audit.models import BusinessEvent
from children.services import lock_care
from duties.models import Duty
from reviews.cycle_rules import HeldReview
from reviews.models import Correction, Review
from reviews.services import book, correct_review, history_of, settle_cycles
from tests.conftest import NOW, TODAY
from timescales.refusals import Conflict, Refused

from .conftest import browser, made

pytestmark = pytest.mark.usefixtures("at_the_desk")
EARLIER = date(2026, 8, 12)


@pytest.fixture
def recorded(record, review):
    """Her first review, recorded as held today; the second is due by 17 November 2026."""
    record(review, childs_views="I want to stay", rag="GREEN")
    return Review.objects.select_related("duty", "care_period", "child", "authority").get(pk=review.pk)


@pytest.fixture
def correct(place):
    """Correct a review as Ada would, changing only what is given."""

    def make(review, *, reason="A slip of the pen", seen=0, by="iro", **changed):
        return correct_review(
            review=review, made=made(**changed), reason=reason, seen=seen, by=place.people[by], at=NOW, on=TODAY
        )

    return make


def url(review):
    return reverse("reviews:correct", args=[review.uuid])


def page(client, review):
    return client.get(reverse("reviews:review", args=[review.uuid])).text


def typed(day=TODAY, **changed):
    """What the form posts of the record, changed only as given."""
    return {
        "held_on_day": day.day,
        "held_on_month": day.month,
        "held_on_year": day.year,
        "participation": "PN1",
        "childs_views": "I want to stay",
        "discussion": "School and family time",
        "rag": "GREEN",
        "rag_reason": "",
        "reason": "A slip of the pen",
        "seen": "0",
    } | changed


def following():
    return Review.objects.open().select_related("duty").get()


def test_a_recorded_reviews_page_leads_to_the_form_which_is_filled_in(ada, recorded):
    assert url(recorded) in page(ada, recorded)
    text = ada.get(url(recorded)).text
    assert 'value="17"' in text
    assert "School and family time" in text
    assert "Why is it corrected?" in text


def test_what_it_said_before_stays_on_its_page_with_who_and_why(ada, recorded):
    answer = ada.post(url(recorded), typed(childs_views="I want to go home"), follow=True)
    assert "Corrected: Ada Iro, 17 August 2026, 10:30" in answer.text
    assert "A slip of the pen" in answer.text
    assert "I want to stay" in answer.text
    recorded.refresh_from_db()
    assert (recorded.childs_views, recorded.rag) == ("I want to go home", "GREEN")
    assert Correction.objects.get().before == {"childs_views": "I want to stay"}


def test_those_who_may_not_read_the_record_do_not_read_what_it_said(place, correct, recorded):
    correct(recorded, childs_views="I want to go home")
    text = page(browser(place.people["business_support"]), recorded)
    assert "I want to stay" not in text
    assert "A slip of the pen" not in text


def test_a_correction_cannot_be_changed_afterwards(correct, recorded):
    correct(recorded, discussion="Health")
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Correction.objects.update(reason="Another")


def test_the_iro_manager_may_correct_it_others_may_not_and_strangers_find_nothing(place, recorded):
    answer = browser(place.people["iro_manager"]).post(url(recorded), typed(discussion="Health"))
    assert answer.status_code == 302
    assert browser(place.people["social_worker"]).get(url(recorded)).status_code == 403
    assert browser(place.people["other_iro"]).get(url(recorded)).status_code == 404


def test_of_a_review_not_recorded_here_there_is_nothing_to_correct(ada, review, correct):
    assert ada.get(url(review)).url == reverse("reviews:review", args=[review.uuid])
    assert url(review) not in page(ada, review)
    with pytest.raises(Refused, match="not recorded here"):
        correct(review, discussion="Health")


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"reason": ""}, "Enter why it is corrected"),
        ({"discussion": ""}, "Enter what was discussed"),
        ({"participation": "PN0"}, "PN0 is for children under four"),
        ({"rag": "RED"}, "Say why the rating is Red."),
        ({"held_on_day": "18"}, "in the future"),
        ({"held_on_day": "1"}, "became looked after on"),
        ({}, "Nothing is different"),
    ],
)
def test_what_cannot_be_is_refused_as_when_recording_and_nothing_typed_is_lost(ada, recorded, changed, words):
    answer = ada.post(url(recorded), typed(**changed))
    assert words in answer.text
    assert "I want to stay" in answer.text
    assert not Correction.objects.exists()


def test_the_service_asks_for_a_reason(correct, recorded):
    with pytest.raises(Refused, match="Say why"):
        correct(recorded, discussion="Health", reason=" ")


def test_of_two_who_correct_it_the_second_is_told_who_did_and_keeps_the_text(ada, correct, recorded):
    correct(recorded, discussion="Health", reason="It was about health", by="iro_manager")
    answer = ada.post(url(recorded), typed(childs_views="I want to go home"))
    assert answer.status_code == 409
    assert "Ivy Lead corrected this review on Monday 17 August 2026" in answer.text
    assert "I want to go home" in answer.text
    assert Correction.objects.count() == 1
    with pytest.raises(Conflict):
        correct(recorded, discussion="School", seen=0)
    correct(recorded, discussion="School", seen=1)
    assert Correction.objects.count() == 2


def test_another_day_is_not_saved_before_what_moves_has_been_read(ada, recorded):
    answer = ada.post(url(recorded), typed(EARLIER))
    assert "Held on Wednesday 12 August 2026, this review is in time" in answer.text
    assert (
        "Second looked-after review: due by Thursday 12 November 2026 instead of Tuesday 17 November 2026."
        in answer.text
    )
    assert not Correction.objects.exists()
    assert following().duty.due_on == date(2026, 11, 17)


def test_read_and_pressed_it_dates_the_next_review_again_and_meets_its_duty_that_day(ada, recorded):
    shown = ada.post(url(recorded), typed(EARLIER)).context["sentences"]
    answer = ada.post(url(recorded), typed(EARLIER, shown=shown), follow=True)
    assert "12 August 2026" in answer.text
    recorded.refresh_from_db()
    assert (recorded.held_on, Duty.objects.get(review=recorded).met_on) == (EARLIER, EARLIER)
    assert (following().duty.runs_from_on, following().duty.due_on) == (EARLIER, date(2026, 11, 12))
    event = BusinessEvent.objects.get(verb="review.corrected")
    assert (event.detail["held_on"], event.detail["was_held_on"]) == ("2026-08-12", "2026-08-17")


def test_one_may_go_back_from_what_moves_and_nothing_typed_is_lost(ada, recorded):
    answer = ada.post(url(recorded), typed(EARLIER, discussion="Health", do="change"))
    assert 'value="12"' in answer.text
    assert "Health" in answer.text
    assert not Correction.objects.exists()


def test_decisions_keep_the_days_agreed_and_count_from_the_new_one(correct, recorded):
    correct(recorded, held_on=EARLIER)
    duty = recorded.decisions.get().duty
    assert (duty.runs_from_on, duty.due_on) == (EARLIER, date(2026, 9, 30))
    assert duty.runs_from_on + timedelta(days=duty.allowed) == duty.due_on


def test_a_booking_that_the_new_day_overtakes_is_said_to_go_and_goes(ada, place, correct, review, record):
    record(review, held_on=EARLIER)
    book(review=following(), booked_for_on=TODAY, by=place.people["iro"], at=NOW, on=TODAY)
    answer = ada.post(url(review), typed(TODAY))
    assert "its booking for Monday 17 August 2026 is taken away" in answer.text
    correct(Review.objects.get(pk=review.pk), held_on=TODAY)
    assert following().duty.planned_for_on is None


def test_a_review_held_after_it_is_late_or_in_time_by_the_new_day(ada, correct, review, record):
    record(review, held_on=date(2026, 8, 4))
    second = following()
    record(second, held_on=TODAY)
    text = ada.post(url(review), typed(EARLIER)).text
    assert (
        "Second looked-after review: due by Thursday 12 November 2026 instead of Wednesday 4 November 2026." in text
    )
    correct(Review.objects.get(pk=review.pk), held_on=EARLIER)
    second.duty.refresh_from_db()
    assert (second.duty.runs_from_on, second.duty.due_on) == (EARLIER, date(2026, 11, 12))
    assert following().duty.runs_from_on == TODAY


def test_it_cannot_be_moved_to_the_other_side_of_its_neighbours(correct, review, record):
    record(review, held_on=date(2026, 8, 4))
    record(following(), held_on=EARLIER)
    with pytest.raises(Refused, match="Give an earlier day"):
        correct(Review.objects.get(pk=review.pk), held_on=TODAY)


def test_a_return_that_still_tells_of_the_day_before_is_a_difference_for_a_person(correct, recorded):
    correct(recorded, held_on=EARLIER, reason="Held before the holiday")
    outcome = _told_again(recorded, TODAY)
    assert isinstance(outcome, Refused)
    assert "Held before the holiday" in outcome.message
    assert Review.objects.held().count() == 1


def _told_again(review, day):
    care = lock_care(authority_id=review.authority_id, child_ids=[review.child_id])
    held = [(care.children[review.child_id], HeldReview(day, "PN1"))]
    settled = settle_cycles(care=care, held=held, history=history_of(review.authority), at=NOW, on=TODAY)
    return settled.outcomes[0]


def test_a_rating_made_amber_tells_nobody_and_says_so(ada, recorded):
    answer = ada.post(url(recorded), typed(rag="AMBER", rag_reason="No school place"), follow=True)
    assert "nobody is told by that" in answer.text


def test_the_childs_story_tells_of_it_once(ada, place, correct, recorded):
    correct(recorded, discussion="Health", reason="It was about health")
    address = reverse("dashboards:child", args=[recorded.child.uuid])
    text = ada.get(address).text
    assert text.count("First looked-after review: corrected") == 1
    assert "It was about health" in text
    assert "It was about health" not in browser(place.people["business_support"]).get(address).text


def test_the_childs_story_says_why_a_review_did_not_take_place(ada, recorded):
    cancelled(ada, recorded)
    text = ada.get(reverse("dashboards:child", args=[recorded.child.uuid])).text
    assert "The review did not take place. Put off on the day" in text


def test_a_review_whose_number_is_not_known_is_called_by_its_day(recorded):
    recorded.number = None
    assert str(recorded) == "Looked-after review of 17 August 2026"
    recorded.held_on = None
    assert str(recorded) == "Next looked-after review"


def not_held_url(review):
    return reverse("reviews:not_held", args=[review.uuid])


def cancelled(client, review, **changed):
    return client.post(not_held_url(review), {"reason": "Put off on the day", "seen": "0"} | changed, follow=True)


def test_a_review_that_did_not_take_place_counts_nowhere_and_stays_readable_marked(ada, recorded):
    assert not_held_url(recorded) in page(ada, recorded)
    answer = cancelled(ada, recorded)
    assert "Said not to have taken place: Ada Iro, 17 August 2026, 10:30" in answer.text
    assert "Put off on the day" in answer.text
    for said in ("I want to stay", "School and family time", "Ask the school for a new plan"):
        assert said in answer.text
    gone = Review.objects.select_related("duty").get(pk=recorded.pk)
    assert (gone.held_on, gone.rag, gone.recorded_at, gone.duty.met_on) == (None, "", None, None)
    assert not Review.objects.held().exists()
    assert not Duty.objects.of_kind("DECISION").open().exists()


def test_its_page_calls_it_due_no_more_and_tells_why_only_to_those_who_may_read_the_record(ada, place, recorded):
    text = cancelled(ada, recorded).text
    assert "Was due by" in text
    assert "Book it for this day" not in text
    support = page(browser(place.people["business_support"]), recorded)
    assert "The review did not take place" in support
    assert "Put off on the day" not in support


def test_the_review_that_was_due_next_is_then_due_as_this_one_was(ada, recorded):
    second = following()
    text = ada.get(not_held_url(recorded)).text
    assert "due by Tuesday 1 September 2026 instead of Tuesday 17 November 2026." in text
    assert "It is the first looked-after review then." in text
    cancelled(ada, recorded)
    now = following()
    assert (now.pk, now.number, now.duty.rule) == (second.pk, 1, "FIRST_REVIEW")
    assert now.duty.due_on == date(2026, 9, 1)


def test_one_held_after_it_takes_its_place(ada, record, review):
    record(review, held_on=date(2026, 8, 4))
    second = following()
    record(second, held_on=TODAY)
    cancelled(ada, review)
    second = Review.objects.select_related("duty").get(pk=second.pk)
    assert (second.number, second.duty.rule, second.duty.due_on) == (1, "FIRST_REVIEW", date(2026, 9, 1))
    assert (following().number, following().duty.runs_from_on) == (2, TODAY)


def test_decisions_it_had_looked_at_are_open_again(ada, record, review):
    record(review, held_on=date(2026, 8, 4))
    second = following()
    record(second, held_on=TODAY)
    cancelled(ada, second)
    assert [duty.decision.review_id for duty in Duty.objects.of_kind("DECISION").open()] == [review.pk]


def test_why_it_did_not_take_place_is_asked_and_of_two_the_second_is_told(ada, correct, recorded):
    assert "Enter why it is recorded" in cancelled(ada, recorded, reason="").text
    correct(recorded, discussion="Health", by="iro_manager")
    answer = cancelled(ada, recorded)
    assert answer.status_code == 409
    assert "Ivy Lead corrected this review" in answer.text
    assert "Put off on the day" in answer.text


def test_who_corrects_what_another_said_did_not_take_place_is_told_and_keeps_the_text(ada, place, recorded):
    cancelled(browser(place.people["iro_manager"]), recorded)
    answer = ada.post(url(recorded), typed(childs_views="I want to go home"))
    assert answer.status_code == 409
    assert "cancelled by Ivy Lead" in answer.text
    assert "I want to go home" in answer.text


def test_a_return_does_not_bring_back_a_review_that_did_not_take_place(ada, recorded):
    cancelled(ada, recorded)
    outcome = _told_again(recorded, TODAY)
    assert isinstance(outcome, Refused)
    assert not Review.objects.held().exists()


@pytest.fixture
def booked(place, review):
    """Her first review, booked for 26 August 2026."""
    return book(review=review, booked_for_on=date(2026, 8, 26), by=place.people["iro"], at=NOW, on=TODAY)


def take_away(client, review, **changed):
    answers = {"reason": "The school is closed", "seen_for_on": "2026-08-26"} | changed
    return client.post(reverse("reviews:unbook", args=[review.uuid]), answers, follow=True)


def test_a_booking_is_taken_away_with_a_reason_that_those_who_book_may_read(ada, place, booked):
    assert reverse("reviews:unbook", args=[booked.uuid]) in ada.get(reverse("reviews:book", args=[booked.uuid])).text
    answer = take_away(ada, booked)
    assert "The booking is taken away" in answer.text
    assert following().duty.planned_for_on is None
    text = page(browser(place.people["business_support"]), booked)
    assert "Booking taken away: Ada Iro, 17 August 2026, 10:30" in text
    assert "The school is closed" in text
    assert "26 August 2026" in text


def test_a_booking_is_not_taken_away_without_a_reason_nor_where_it_has_moved(ada, booked):
    assert "Enter why the booking is taken away" in take_away(ada, booked, reason="").text
    answer = take_away(ada, booked, seen_for_on="2026-08-25")
    assert answer.status_code == 409
    assert "Ada Iro has booked it for Wednesday 26 August 2026" in answer.text
    assert "The school is closed" in answer.text
    assert following().duty.planned_for_on == date(2026, 8, 26)


def test_a_booking_is_taken_away_once(ada, booked):
    take_away(ada, booked)
    answer = take_away(ada, booked)
    assert answer.status_code == 409
    assert "taken away already" in answer.text
