"""Reading reviews: the list, one review, its dates and their working, for those who may see what."""

import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessEvent
from duties.models import Duty
from duties.rules import STORED_DATES
from reviews.models import Review
from reviews.services import book, end_care
from tests.conftest import NOW, TODAY
from tests.reviews.conftest import ONE_DECISION, browser, section_url
from timescales import NOT_KNOWN

pytestmark = pytest.mark.usefixtures("at_the_desk")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')  # random letters, which may spell anything
WORDS = {"discussion": "She spoke of school", "childs_views": "I want to stay", "rag_reason": "The plan drifts"}


def url(name, review):
    return reverse(f"reviews:{name}", args=[review.uuid])


def due(review):
    return reverse("duties:duty", args=[review.duty.uuid])


def text(answer, status=200):
    assert answer.status_code == status
    return TOKEN.sub("", answer.content.decode())


def test_the_list_shows_what_is_not_held_and_logs_who_was_shown(ada, review):
    page = text(ada.get(reverse("reviews:list")))
    assert review.child.reference in page
    assert "1 Sep 2026" in page
    event = AccessEvent.objects.get(what="reviews:list")
    assert (event.child_ids, event.action) == ([review.child_id], "LIST")


def test_the_list_is_narrowed_by_standing_and_by_day_held(ada, review, record):
    record(review, held_on=date(2026, 8, 10))
    held = {"held_from_day": "1", "held_from_month": "8", "held_from_year": "2026"}
    before = {"held_to_day": "9", "held_to_month": "8", "held_to_year": "2026"}
    address = reverse("reviews:list")
    assert "First looked-after review" in text(ada.get(address, {"standing": "MET", **held}))
    assert "No review fits" in text(ada.get(address, {"standing": "MET_LATE"}))
    assert "No review fits" in text(ada.get(address, {**held, **before}))
    assert "Second looked-after review" in text(ada.get(address, {"standing": "NOT_DUE"}))


@pytest.mark.parametrize(
    "query", ["standing=NONSENSE", "held_from_day=40&held_from_month=x&held_from_year=1", "page=x"]
)
def test_a_tampered_filter_is_an_error_on_the_page(ada, review, query):
    assert ada.get(f"{reverse('reviews:list')}?{query}").status_code == 200


@pytest.mark.parametrize("query", [{}, {"sort": "child"}, {"all": "1"}])
def test_a_list_nobody_filtered_stays_at_what_is_not_held(ada, review, record, query):
    record(review)
    assert "First looked-after review" not in text(ada.get(reverse("reviews:list"), query))


def test_the_file_of_a_list_nobody_filtered_is_that_list(ada, review, record):
    record(review)
    file = ada.get(reverse("reviews:list"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "Second looked-after review" in file
    assert "First looked-after review" not in file


def test_filters_in_force_are_said_in_words_and_taken_off_one_by_one(ada, review):
    query = {"standing": "OVERDUE", "due_from": "2026-08-03", "held_to_day": "x", "page": "2"}
    page = ada.get(reverse("reviews:list"), query)
    chips = {group.heading: group.chips[0] for group in page.context["filters"].chips}
    assert {heading: chip.label for heading, chip in chips.items()} == {
        "Standing": "Overdue",
        "Due from": "3 Aug 2026",
    }
    assert chips["Standing"].url == "?due_from=2026-08-03&held_to_day=x&standing="
    assert chips["Due from"].url == "?standing=OVERDUE&held_to_day=x"
    assert "must include" in text(page)


def test_days_held_ask_for_what_was_held_whatever_the_standing_says(ada, review, record):
    record(review)
    held = {"held_from_day": "1", "held_from_month": "8", "held_from_year": "2026"}
    page = ada.get(reverse("reviews:list"), {"standing": "OPEN", **held})
    assert review.child.reference in text(page)
    before = {"held_to_day": "1", "held_to_month": "7", "held_to_year": "2026"}
    assert "The last day must be the first day or later" in text(ada.get(reverse("reviews:list"), {**held, **before}))


def test_the_list_shows_no_stranger_and_no_cancelled_review(place, review, period):
    assert review.child.reference not in text(browser(place.people["other_iro"]).get(reverse("reviews:list")))
    end_care(care_period=period, on=TODAY, reason="E4A", at=NOW)
    assert review.child.reference not in text(browser(place.people["iro"]).get(reverse("reviews:list")))


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_asks_the_database_as_often_for_twelve_as_for_two(ada, make_child):
    def more(number):
        for _ in range(number):
            make_child().reviews.get()

    address = reverse("reviews:list")
    more(2)
    ada.get(address)
    few = queries(ada, address)
    more(10)
    assert queries(ada, address) == few


def test_a_childs_reviews_ask_the_database_as_often_for_five_as_for_two(ada, review, record):
    address = reverse("reviews:of_child", args=[review.child.uuid])
    record(review, held_on=date(2026, 8, 4))
    ada.get(address)
    few = queries(ada, address)
    for day in (5, 6, 7):
        record(Review.objects.open().get(), held_on=date(2026, 8, day))
    assert queries(ada, address) == few


def test_the_working_of_a_decisions_date_says_which_decision_and_not_in_its_words(ada, review, record):
    decision = record(review).decisions.latest("number")
    page = text(ada.get(reverse("duties:duty", args=[decision.duty.uuid])))
    title = re.search(r"<title>.*?</title>", page, re.S)[0]
    assert f"Decision {decision.number} of the first looked-after review" in title
    assert decision.text not in title


def test_a_childs_reviews_tell_what_each_decided(ada, review, record):
    record(review)
    page = text(ada.get(reverse("reviews:of_child", args=[review.child.uuid])))
    assert "Ask the school for a new plan" in page
    assert page.index("Second looked-after review") < page.index("First looked-after review")


def test_one_review_tells_what_was_recorded_and_done(ada, review, record, place):
    book(review=review, booked_for_on=TODAY, by=place.people["business_support"], at=NOW, on=TODAY)
    record(review, rag="AMBER", **WORDS)
    page = text(ada.get(url("review", review)))
    for words in WORDS.values():
        assert words in page
    assert "Review booked" in page
    assert "by Bea Support" in page
    assert "Held on 17 August 2026, next review due by 17 November 2026" in page


def test_what_was_typed_without_a_full_stop_ends_before_who_does_it(ada, review, record):
    record(review, held_on=date(2026, 8, 10), decisions=[replace(ONE_DECISION[0], outcome="We will support SW")])
    second = Review.objects.open().get()
    lines = {
        url("review", review): "Job done when: We will support SW</span><br><strong>Sam Worker</strong>, by 30",
        reverse(
            "reviews:of_child", args=[review.child.uuid]
        ): "Sam Worker, by 30 September 2026<br>Job done when: We",
        section_url(second, "decisions"): "plan<br>Sam Worker, by 30 September 2026<br>Job done when: We will",
    }
    for address, words in lines.items():
        assert words in text(ada.get(address))


def test_a_recorded_review_links_to_what_follows_for_all_who_open_it(place, review, record):
    record(review)
    for who in ("iro", "business_support"):
        client = browser(place.people[who])
        assert f'href="{url("recorded", review)}"' in text(client.get(url("review", review)))
        assert "Second looked-after review: due by" in text(client.get(url("recorded", review)))
    assert url("recorded", review) not in text(client.get(url("review", Review.objects.open().get())))


def test_what_follows_an_earlier_review_is_not_the_one_open_now(ada, review, record):
    record(review, held_on=date(2026, 8, 10))
    record(Review.objects.open().get())
    page = text(ada.get(url("recorded", review)))
    assert "The review after this one is no longer open." in page
    assert "Third looked-after review" not in page


def test_business_support_reads_dates_and_never_words(place, review, record):
    record(review, rag="AMBER", **WORDS)
    bea = browser(place.people["business_support"])
    pages = [url("review", review), url("recorded", review), due(review)]
    for address in [*pages, reverse("reviews:of_child", args=[review.child.uuid]), reverse("reviews:list")]:
        page = text(bea.get(address))
        for words in (*WORDS.values(), "Amber", "Ask the school", "PN1"):
            assert words not in page


def test_the_working_counts_every_day_and_names_what_it_passes_over(ada, review):
    page = text(ada.get(due(review)))
    assert "due by Tuesday 1 September 2026" in page
    assert "reg. 33(1) (regulation)" in page
    assert "Late Summer Bank Holiday on Monday 31 August 2026" in page
    assert page.count("Not counted") == 9  # eight weekend days and the bank holiday
    assert "Book it for Wednesday 26 August 2026 or earlier." in page


def test_what_another_day_would_mean_is_answered_and_changes_nothing(ada, review):
    asked = {"moved_to_day": "4", "moved_to_month": "9", "moved_to_year": "2026"}
    page = text(ada.get(due(review), asked))
    assert "late by 3 working days" in page
    assert (
        "The next review is then due by Friday 4 December 2026: 3 calendar months from Friday 4 September 2026"
        in page
    )
    early = text(ada.get(due(review), asked | {"moved_to_day": "30", "moved_to_month": "8"}))
    assert "Sunday 30 August 2026 is not a working day (Sunday)." in early
    assert "the review is in time" in early
    assert Review.objects.get().duty.planned_for_on is None


@pytest.mark.parametrize(
    "day, words",
    [
        (("1", "8", "2026"), "became looked after"),
        (("1", "8", "2062"), "Tuesday 1 August 2062 is outside the working calendar"),
        (("31", "2", "2027"), "must be a real date"),
        (("", "2", "2027"), "must include a day"),
    ],
)
def test_days_nothing_can_be_said_about(ada, review, day, words):
    asked = dict(zip(("moved_to_day", "moved_to_month", "moved_to_year"), day, strict=True))
    assert words in text(ada.get(due(review), asked))


def test_a_review_without_a_date_says_why_and_what_to_do(ada, review):
    Review.objects.update(number=None)
    Duty.objects.update(rule=NOT_KNOWN, runs_from_on=None, **dict.fromkeys(STORED_DATES))
    page = text(ada.get(due(review)))
    assert "care began before the earliest return held here" in page
    assert "Read in the return that lacks" in page
    assert "Not known" in text(ada.get(url("review", review)))
    asked = {"moved_to_day": "4", "moved_to_month": "9", "moved_to_year": "2026"}
    assert "cannot be called late or in time" in text(ada.get(due(review), asked))


def booked(client, review, day, month="8", **more):
    posted = {"booked_for_on_day": day, "booked_for_on_month": month, "booked_for_on_year": "2026", **more}
    return client.post(url("book", review), posted)


def test_business_support_books(place, review):
    answer = booked(browser(place.people["business_support"]), review, "26")
    assert answer.url == url("review", review)
    assert Review.objects.get().duty.planned_for_on == date(2026, 8, 26)


def test_a_day_after_the_due_date_is_asked_about_first(ada, review):
    page = text(booked(ada, review, "8", "9"))
    assert "That day is after the due date." in page
    assert "late by 5 working days" in page
    assert Review.objects.get().duty.planned_for_on is None
    booked(ada, review, "8", "9", is_late_accepted="on")
    assert Review.objects.get().duty.planned_for_on == date(2026, 9, 8)
    assert "after its due date, 1 September 2026" in text(ada.get(url("review", review)))


@pytest.mark.parametrize("day, words", [("16", "has passed"), ("40", "must be a real date"), ("", "must include")])
def test_a_day_that_cannot_be_booked_is_said_beside_the_box(ada, review, day, words):
    assert words in text(booked(ada, review, day))
    assert Review.objects.get().duty.planned_for_on is None


@pytest.mark.parametrize(
    "day, year, words",
    [
        ("3", 2026, "Saturday 3 October 2026 has passed"),
        ("1", 2060, "booked for Friday 1 October 2060: the furthest"),
    ],
)
def test_an_overdue_review_is_refused_a_day_before_it_is_warned_of_it(place, review, day, year, words):
    posted = {"booked_for_on_day": day, "booked_for_on_month": "10", "booked_for_on_year": str(year)}
    with time_machine.travel("2026-10-05 10:00:00", tick=False):
        page = text(browser(place.people["iro"]).post(url("book", review), posted))
    assert words in page
    assert "Book it all the same" not in page


def test_the_furthest_day_can_be_booked_late(ada, review):
    page = text(booked(ada, review, "31", "12", booked_for_on_year="2049"))
    assert "Book it all the same" in page
    booked(ada, review, "31", "12", booked_for_on_year="2049", is_late_accepted="on")
    assert Review.objects.get().duty.planned_for_on == date(2049, 12, 31)


def test_of_two_who_book_at_once_the_second_is_told_and_keeps_the_day(ada, place, review):
    bea = browser(place.people["business_support"])
    seen = {"seen_for_on": ""}
    assert 'name="seen_for_on" value=""' in bea.get(url("book", review)).content.decode()
    assert ada.post(url("book", review), booking(26) | seen).status_code == 302
    told = bea.post(url("book", review), booking(27) | seen)
    assert "Ada Iro has booked it for Wednesday 26 August 2026 since you opened this page." in text(told, 409)
    assert 'value="27"' in told.content.decode()
    assert Review.objects.get().duty.planned_for_on == date(2026, 8, 26)
    assert 'name="seen_for_on" value="2026-08-26"' in told.content.decode()
    assert bea.post(url("book", review), booking(27) | {"seen_for_on": "2026-08-26"}).status_code == 302
    assert Review.objects.get().duty.planned_for_on == date(2026, 8, 27)
    late = bea.post(url("book", review), booking(28) | {"seen_for_on": "no\x00thing"})
    assert "since you opened this page" in text(late, 409)


def booking(day):
    return {"booked_for_on_day": str(day), "booked_for_on_month": "8", "booked_for_on_year": "2026"}


def test_what_is_recorded_can_no_longer_be_booked(ada, review, record):
    record(review)
    assert booked(ada, review, "26").status_code == 409
    assert ada.get(url("book", review)).status_code == 409


@pytest.mark.parametrize("who", ["social_worker", "team_manager", "auditor", "head"])
def test_only_those_who_schedule_book(place, review, who):
    client = browser(place.people[who])
    assert client.get(url("book", review)).status_code == 403
    assert booked(client, review, "26").status_code == 403
    assert "Book it</a>" not in text(client.get(url("review", review)))


@pytest.mark.parametrize("name", ["review", "due", "book", "recorded"])
def test_a_stranger_finds_no_review(place, elsewhere, review, name):
    for person in (place.people["other_iro"], place.people["returns_officer"], elsewhere.people["iro_manager"]):
        assert browser(person).get(url(name, review)).status_code == 404


def test_a_stranger_finds_no_child(place, review):
    address = reverse("reviews:of_child", args=[review.child.uuid])
    assert browser(place.people["other_iro"]).get(address).status_code == 404


def test_a_review_care_ended_can_still_be_written_up(ada, review, period):
    end_care(care_period=period, on=TODAY, reason="E4A", at=NOW)
    assert "it can still be recorded" in text(ada.get(url("review", review)))
    assert ada.get(url("record", review)).status_code == 200
