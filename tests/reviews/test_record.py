"""Recording a review in pages: sections, checking, one button, two people and two tabs."""

import re
from datetime import date

import pytest
from django.urls import reverse

from audit.models import AccessEvent, BusinessEvent
from children.models import CarePeriod
from children.services import allocate
from escalations.services import resolve
from reviews.models import Decision, Review, ReviewDraft
from reviews.services import cancel, record_review
from tests.conftest import NOW, TODAY
from tests.making import make_review
from tests.reviews.conftest import ANSWERS, browser, fill, press_record, section_url

pytestmark = pytest.mark.usefixtures("at_the_desk")
AMBER = {"rating": {"rag": "AMBER", "rag_reason": "The plan drifts"}}
NUL = "\x00"


def url(name, review):
    return reverse(f"reviews:{name}", args=[review.uuid])


def statuses(client, review):
    return {step.label: step.status for step in client.get(url("record", review)).context["steps"]}


def test_the_task_list_says_what_is_done(ada, review):
    assert statuses(ada, review) == {
        "The meeting": "Incomplete",
        "How the child took part": "Incomplete",
        "What was discussed": "Incomplete",
        "Your rating": "Incomplete",
        "What follows your rating": "Cannot start yet",
        "Decisions": "Incomplete",
        "Check your answers": "Cannot start yet",
    }
    fill(ada, review)
    assert set(statuses(ada, review).values()) == {"Completed", "Ready"}
    assert "What follows your rating" not in statuses(ada, review)


def test_opening_pages_writes_no_draft_but_logs_the_access(ada, review):
    ada.get(url("record", review))
    ada.get(section_url(review, "meeting"))
    assert not ReviewDraft.objects.exists()
    assert set(AccessEvent.objects.values_list("what", flat=True)) == {"reviews:record", "reviews:record_section"}


def test_each_section_leads_to_the_next_that_is_not_complete(ada, review):
    answer = ada.post(section_url(review, "meeting"), {**ANSWERS["meeting"], "version": 0, "do": "next"})
    assert answer.url == section_url(review, "participation")
    fill(ada, review)
    version = ada.get(section_url(review, "meeting")).context["version"]
    answer = ada.post(section_url(review, "meeting"), {**ANSWERS["meeting"], "version": version, "do": "next"})
    assert answer.url == url("check", review)


def test_the_whole_record_is_written_by_one_button(ada, review):
    fill(ada, review)
    assert press_record(ada, review).url == url("recorded", review)
    review.refresh_from_db()
    assert (review.held_on, review.participation, review.rag) == (TODAY, "PN1", "GREEN")
    assert (review.childs_views, review.discussion) == ("I want to stay", "School and family time")
    assert Decision.objects.get().outcome == "The plan names who reads with her"
    assert not ReviewDraft.objects.exists()
    page = ada.get(url("recorded", review)).content.decode()
    assert "17 November 2026" in page
    assert "Decisions in writing by <strong>24 August 2026</strong>" in page


def test_pressing_it_twice_records_once_and_ends_on_the_same_page(ada, review):
    fill(ada, review)
    draft = ReviewDraft.objects.get()
    posted = {"token": draft.token, "version": draft.version}
    answers = [ada.post(url("check", review), posted) for _ in range(2)]
    assert [answer.url for answer in answers] == [url("recorded", review)] * 2
    assert BusinessEvent.objects.filter(verb="review.recorded").count() == 1


def choose(ada, review, **answers):
    posted = {f"follow_up-{name}": value for name, value in answers.items()}
    ada.post(section_url(review, "follow-up"), {**posted, "version": 0, "do": "next"})


def test_amber_asks_what_follows_and_does_it_when_recorded(ada, review, ladder):
    fill(ada, review, AMBER)
    assert statuses(ada, review)["What follows your rating"] == "Incomplete"
    assert ada.get(url("check", review)).url == url("record", review)
    choose(ada, review, choice="FORMAL", stage="1", sought="A talk")
    page = ada.get(url("check", review)).content.decode()
    assert "This will go straight to Stage 1 with the service manager Sian Care" in page
    press_record(ada, review)
    assert Review.objects.get(pk=review.pk).rag_reason == "The plan drifts"
    raised = review.escalations.get()
    assert (raised.concern, raised.sought, raised.stage.name) == ("The plan drifts", "A talk", "Stage 1")
    assert f"{raised.reference}: Stage 1, put to" in ada.get(url("recorded", review)).content.decode()


def test_a_refusal_at_the_button_says_where_to_mend_it_and_keeps_the_draft(ada, review, concern, place, monkeypatch):
    """The concern chosen is resolved after the page has looked at it, and before the service does."""
    joined = concern(child=review.child)
    fill(ada, review, AMBER)
    choose(ada, review, choice="LINK", escalation=str(joined.uuid))

    def slower(**answers):
        monkeypatch.undo()
        resolve(escalation=joined, resolution="Done", by=place.people["iro_manager"], at=NOW, on=TODAY)
        return record_review(**answers)

    monkeypatch.setattr("reviews.services.record_review", slower)
    page = press_record(ada, review).content.decode()
    assert "The concern you chose has been resolved meanwhile: choose another way." in page
    assert section_url(review, "follow-up") in page
    assert Review.objects.get(pk=review.pk).held_on is None
    assert ReviewDraft.objects.exists()


def test_a_day_the_service_refuses_leads_back_to_the_meeting(ada, review, period, place):
    earlier = CarePeriod.objects.create(
        authority=place.authority, child=review.child, starts_on=date(2026, 1, 5), ends_on=period.starts_on
    )
    held_on = period.starts_on
    make_review(review.child, care_period=earlier, runs_from_on=earlier.starts_on, held_on=held_on, source="RETURN")
    fill(ada, review, {"meeting": ANSWERS["meeting"] | {"held_on_day": "3"}})
    page = press_record(ada, review).content.decode()
    assert "A review is already recorded as held on Monday 3 August 2026." in page
    assert f'href="{section_url(review, "meeting")}"' in page


@pytest.mark.parametrize("day", ["16", "17"])
def test_the_meeting_refuses_a_day_not_after_the_review_before_it(ada, review, record, day):
    record(review)
    second = Review.objects.open().get()
    posted = ANSWERS["meeting"] | {"held_on_day": day, "version": 0, "do": "next"}
    page = ada.post(section_url(second, "meeting"), posted).content.decode()
    words = "The review before this one was held on Monday 17 August 2026. Give a later day."
    assert f'<a href="#id_held_on-day">{words}</a>' in page
    assert statuses(ada, second)["The meeting"] == "Incomplete"


def test_the_check_says_what_recording_brings_in_words(ada, review):
    fill(ada, review)
    page = ada.get(url("check", review)).content.decode()
    assert "17 August 2026" in page
    assert "30 September 2026" in page
    assert "The next review is then due by Tuesday 17 November 2026: 3 calendar months" in page


def test_the_follow_up_waits_for_the_rating(ada, review):
    assert ada.get(section_url(review, "follow-up")).url == url("record", review)


def test_a_form_without_scripts_keeps_everything_typed_even_what_is_wrong(ada, review):
    typed = {"held_on_day": "31", "held_on_month": "2", "held_on_year": "2026", "version": 0}
    page = ada.post(section_url(review, "meeting"), {**typed, "do": "next"}).content.decode()
    assert "must be a real date" in page
    assert ReviewDraft.objects.get().sections["meeting"]["fields"]["held_on_day"] == ["31"]
    again = ada.get(section_url(review, "meeting")).content.decode()
    assert 'value="31"' in again
    assert "There is a problem" not in again


WRONG = [
    ("meeting", {"held_on_day": "18", "held_on_month": "8", "held_on_year": "2026"}, "in the future"),
    ("meeting", {"held_on_day": "1", "held_on_month": "8", "held_on_year": "2026"}, "became looked after"),
    ("meeting", {"held_on_day": "", "held_on_month": "8", "held_on_year": "2026"}, "must include a day"),
    ("meeting", {}, "Enter the day the review was held"),
    ("participation", {}, "Select how the child took part"),
    ("participation", {"participation": "PN8"}, "Select one of the answers shown"),
    ("discussion", {"discussion": " "}, "Enter what was discussed"),
    ("discussion", {"discussion": "x" * 20_001}, "must be 20,000 characters or fewer; you typed 20,001"),
    ("discussion", {"discussion": f"a{NUL}b"}, "holds a character that cannot be kept"),
    ("rating", {}, "Select Green, Amber or Red"),
    ("rating", {"rag": "RED"}, "Say why the rating is Red"),
    ("decisions", {}, "Add at least one decision, or say that no decisions were made."),
    ("decisions", {**ANSWERS["decisions"], "outcome_0": ""}, "Decision 1: enter what will be different"),
    ("decisions", {"text_0": "Only this"}, "Decision 1: enter who will do it"),
    ("decisions", {**ANSWERS["decisions"], "has_no_decisions": "on"}, "untick that no decisions were made"),
    ("decisions", {**ANSWERS["decisions"], "due_on_0_month": "13"}, "must have a month from 1 to 12"),
]


@pytest.mark.parametrize("section, fields, words", WRONG)
def test_what_a_section_does_not_take(ada, review, section, fields, words):
    answer = ada.post(section_url(review, section), {**fields, "version": 0, "do": "next"})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "<title>Error: " in answer.content.decode()


def test_a_participation_code_that_does_not_fit_the_age_is_refused_once_the_day_is_known(ada, review):
    posted = {"participation": "PN0", "version": 0, "do": "next"}
    assert ada.post(section_url(review, "participation"), posted).status_code == 302
    ada.post(section_url(review, "meeting"), {**ANSWERS["meeting"], "version": 0})
    assert statuses(ada, review)["How the child took part"] == "Incomplete"
    page = ada.post(section_url(review, "participation"), posted | {"version": 1}).content.decode()
    assert "PN0 is for children under four" in page


def test_a_decision_is_not_done_before_the_review(ada, review):
    fill(ada, review, {"decisions": ANSWERS["decisions"] | {"due_on_0_month": "7"}})
    assert statuses(ada, review)["Decisions"] == "Incomplete"


def test_each_error_of_the_decisions_stands_at_its_own_box(ada, review):
    fill(ada, review)
    row = {name.replace("_0", "_1"): value for name, value in ANSWERS["decisions"].items()}
    posted = ANSWERS["decisions"] | row | {"due_on_1_month": "7", "has_no_decisions": "on", "do": "next"}
    address = section_url(review, "decisions")
    page = ada.post(address, posted | {"version": ada.get(address).context["version"]})
    late = "Decision 2 is to be done by Thursday 30 July 2026, before the review was held."
    both = "Remove the decisions, or untick that no decisions were made."
    assert page.context["form"].errors == {"due_on_1": [late], "has_no_decisions": [both]}
    assert f'<a href="#id_due_on_1-day">{late}</a>' in page.content.decode()
    (target,) = re.findall(rf'<a href="#(\S+)">{both}</a>', page.content.decode())
    assert f'id="{target}"' in page.content.decode()


def test_no_decisions_may_be_ticked(ada, review):
    fill(ada, review, {"decisions": {"has_no_decisions": "on"}})
    press_record(ada, review)
    assert Review.objects.get(pk=review.pk).held_on == TODAY


def test_rows_are_added_and_removed_by_buttons(ada, review):
    address = section_url(review, "decisions")
    assert ada.post(address, {**ANSWERS["decisions"], "version": 0, "do": "add"}).url == f"{address}#id_text_1"
    page = ada.get(address)
    assert page.context["form"].row_count == 2
    posted = {**ANSWERS["decisions"], "text_1": "Second", "owner_1": "Ann", "version": page.context["version"]}
    assert ada.post(address, posted | {"remove": "0"}).url == f"{address}#id_text_0"
    form = ada.get(address).context["form"]
    assert (form.row_count, form["text_0"].value(), form["owner_0"].value()) == (1, "Second", "Ann")


@pytest.mark.parametrize("gone", ["99", "-1", "x", "9" * 50, NUL])
def test_a_tampered_row_number_breaks_nothing(ada, review, gone):
    posted = {**ANSWERS["decisions"], "version": 0, "remove": gone}
    assert ada.post(section_url(review, "decisions"), posted).status_code == 302


def test_no_more_rows_than_fifty(ada, review):
    typed = {f"text_{number}": "x" for number in range(60)}
    ada.post(section_url(review, "decisions"), {**typed, "version": 0, "do": "add"})
    assert ada.get(section_url(review, "decisions")).context["form"].row_count == 50


def test_last_times_answers_stand_beside_this_times(ada, review, record):
    record(review, held_on=TODAY.replace(day=10), discussion="Then we spoke of school")
    second = Review.objects.open().get()
    assert "Then we spoke of school" in ada.get(section_url(second, "discussion")).content.decode()


def test_saving_while_typing_answers_with_the_moment_and_the_next_version(ada, review):
    address = reverse("reviews:save_draft", args=[review.uuid, "discussion"])
    first = ada.post(address, {"discussion": "So", "version": 0, "page": "a"})
    assert first.json() == {"saved_at": NOW.isoformat(), "version": 1}
    second = ada.post(address, {"discussion": "So far", "version": 1, "page": "a"})
    assert second.json()["version"] == 2
    assert "Saved 10:30" in ada.get(section_url(review, "discussion")).content.decode()


def test_saving_the_same_again_after_a_lost_answer_is_harmless(ada, review):
    address = reverse("reviews:save_draft", args=[review.uuid, "discussion"])
    for _ in range(2):
        answer = ada.post(address, {"discussion": "So", "version": 0, "page": ""})
    assert answer.json()["version"] == 1


def test_a_nul_typed_in_a_draft_is_kept_visibly(ada, review):
    address = reverse("reviews:save_draft", args=[review.uuid, "discussion"])
    assert ada.post(address, {"discussion": f"a{NUL}b", "version": 0}).status_code == 200
    assert ReviewDraft.objects.get().sections["discussion"]["fields"]["discussion"] == ["a␀b"]


def test_a_second_tab_with_an_older_version_is_told_and_overwrites_nothing(ada, review):
    address = reverse("reviews:save_draft", args=[review.uuid, "discussion"])
    ada.post(address, {"discussion": "First tab", "version": 0, "page": "a"})
    assert ada.post(address, {"discussion": "Second tab", "version": 0, "page": "b"}).status_code == 409
    answer = ada.post(section_url(review, "discussion"), {"discussion": "Second tab", "version": 0, "page": "b"})
    assert answer.status_code == 409
    assert "Second tab" in answer.content.decode()
    assert ReviewDraft.objects.get().sections["discussion"]["fields"]["discussion"] == ["First tab"]


def test_two_tabs_on_two_sections_do_not_disturb_each_other(ada, review):
    for section, fields in (("discussion", {"discussion": "One"}), ("rating", {"rag": "GREEN"})):
        answer = ada.post(section_url(review, section), {**fields, "version": 0, "do": "later"})
        assert answer.status_code == 302


def test_a_page_may_save_over_itself_though_an_answer_was_lost(ada, review):
    address = reverse("reviews:save_draft", args=[review.uuid, "discussion"])
    ada.post(address, {"discussion": "So", "version": 0, "page": "a"})
    assert ada.post(address, {"discussion": "So far", "version": 0, "page": "a"}).status_code == 200


def test_answers_changed_after_the_check_are_not_recorded_unseen(ada, review):
    fill(ada, review)
    draft = ReviewDraft.objects.get()
    answer = ada.post(url("check", review), {"token": draft.token, "version": draft.version - 1})
    assert answer.status_code == 409
    assert Review.objects.get(pk=review.pk).held_on is None


@pytest.mark.parametrize("token", ["", "nonsense", NUL, "4bb7f0f8-0000-4000-8000-000000000000"])
def test_a_tampered_token_records_nothing(ada, review, token):
    fill(ada, review)
    answer = ada.post(url("check", review), {"token": token, "version": "x"})
    assert answer.status_code == 409
    assert Review.objects.get(pk=review.pk).held_on is None


def test_the_second_of_two_people_keeps_their_text_and_learns_who_was_first(ada, review, place):
    ivy = browser(place.people["iro_manager"])
    fill(ada, review)
    fill(ivy, review, {"discussion": {"discussion": "What Ivy heard"}})
    theirs = ReviewDraft.objects.get(author=place.people["iro_manager"])
    press_record(ada, review)
    answer = ivy.post(url("check", review), {"token": theirs.token, "version": theirs.version})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada Iro recorded it on 17 August 2026, 10:30" in page
    assert "What Ivy heard" in page
    assert url("review", review) in page
    assert ReviewDraft.objects.get().author == place.people["iro_manager"]
    assert "Read what you typed" in ivy.get(url("review", review)).content.decode()


def test_what_the_second_types_after_the_first_recorded_is_kept_too(ada, review, place, record):
    ivy = browser(place.people["iro_manager"])
    record(review)
    address = reverse("reviews:save_draft", args=[review.uuid, "discussion"])
    assert ivy.post(address, {"discussion": "Late words", "version": 0}).status_code == 409
    assert "Late words" in ReviewDraft.objects.get().sections["discussion"]["fields"]["discussion"]
    answer = ivy.post(section_url(review, "discussion"), {"discussion": "Later words", "version": 1})
    assert answer.status_code == 409
    assert "Later words" in answer.content.decode()


def test_somebody_quicker_between_the_check_and_the_button(ada, review, place, monkeypatch, record):
    """The page's own look at the review is passed, and the service finds it recorded."""
    fill(ada, review)
    draft = ReviewDraft.objects.get()

    def quicker(**answers):
        monkeypatch.undo()
        record(review, by=place.people["iro_manager"])
        return record_review(**answers)

    monkeypatch.setattr("reviews.services.record_review", quicker)
    answer = ada.post(url("check", review), {"token": draft.token, "version": draft.version})
    assert answer.status_code == 409
    assert "Ivy Lead recorded it" in answer.content.decode()


def test_a_cancelled_review_says_so(ada, review, place):
    cancel(review=review, reason="Made twice", by=place.people["iro_manager"], at=NOW)
    answer = ada.get(url("record", review))
    assert answer.status_code == 409
    assert "Made twice" in answer.content.decode()


@pytest.mark.parametrize("name", ["record", "check"])
def test_once_recorded_the_recorder_is_led_to_what_followed(ada, review, record, name):
    record(review)
    assert ada.get(url(name, review)).url == url("recorded", review)


def test_nothing_recorded_yet_leads_back_to_the_review(ada, review):
    assert ada.get(url("recorded", review)).url == url("review", review)


PAGES = ["record", "check", "section", "draft"]


def visit(client, opened, review):
    if opened == "draft":
        return client.post(reverse("reviews:save_draft", args=[review.uuid, "meeting"]), {})
    return client.get(section_url(review, "meeting") if opened == "section" else url(opened, review))


@pytest.mark.parametrize("opened", PAGES)
def test_a_stranger_finds_nothing(review, place, opened):
    assert visit(browser(place.people["other_iro"]), opened, review).status_code == 404


@pytest.mark.parametrize("opened", PAGES)
@pytest.mark.parametrize("who", ["social_worker", "team_manager", "business_support", "head", "auditor"])
def test_only_iros_and_their_manager_record(review, place, opened, who):
    answer = visit(browser(place.people[who]), opened, review)
    assert answer.status_code == 403
    assert not ReviewDraft.objects.exists()


@pytest.mark.parametrize("section", ["nothing", "check-", "__init__"])
def test_an_unknown_section_is_not_found(ada, review, section):
    assert ada.get(f"/reviews/{review.uuid}/record/{section}/").status_code == 404
    assert ada.post(f"/reviews/{review.uuid}/record/{section}/draft/", {}).status_code == 404


def test_a_draft_is_seen_by_its_writer_alone(ada, review, place):
    fill(ada, review)
    page = browser(place.people["iro_manager"]).get(section_url(review, "discussion")).content.decode()
    assert ANSWERS["discussion"]["discussion"] not in page


def test_an_iro_who_took_over_may_record(review, place):
    bob = place.people["other_iro"]
    allocate(child=review.child, kind="IRO", user=bob, on=TODAY, at=NOW)
    assert browser(bob).get(url("record", review)).status_code == 200
    assert browser(place.people["iro"]).get(url("record", review)).status_code == 404
