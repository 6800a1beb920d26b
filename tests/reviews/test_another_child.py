"""A recorded review was about another child: what leaves the one, what comes to the other, and who reads of it."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import AccessEvent, BusinessEvent
from children.models import Child
from children.services import lock_care
from duties.models import Duty
from reviews.cycle_rules import HeldReview
from reviews.models import Correction, Decision, Review
from reviews.services import book, history_of, move_to_another, save_draft, settle_cycles
from reviews.services.drafts import SectionTyped
from tests.conftest import NOW, TODAY
from timescales.refusals import Conflict, Refused

from .conftest import browser

pytestmark = pytest.mark.usefixtures("at_the_desk")


@pytest.fixture
def recorded(record, review):
    """The first review of the wrong child, recorded as held today."""
    record(review, childs_views="I want to stay", rag="AMBER", rag_reason="No school place")
    return fresh(review)


@pytest.fixture
def other(make_child):
    """The right child, in care from 6 August 2026, whose IRO is Ada too."""
    return make_child(care_from=date(2026, 8, 6))


@pytest.fixture
def move(place):
    def make(review, child, *, reason="Two tabs were open", seen=0, by="iro"):
        return move_to_another(
            review=review, child=child, reason=reason, seen=seen, by=place.people[by], at=NOW, on=TODAY
        )

    return make


def fresh(review):
    return Review.objects.select_related("duty", "care_period", "child", "authority").get(pk=review.pk)


def open_of(child):
    return Review.objects.open().select_related("duty").get(child=child)


def url(review):
    return reverse("reviews:another_child", args=[review.uuid])


def post(client, review, child, **changed):
    typed = {"reference": child.reference, "reason": "Two tabs were open", "seen": "0"} | changed
    return client.post(url(review), typed, follow=True)


def pressed(client, review, child, **changed):
    """What both children's records come to is read, and the button pressed."""
    found = post(client, review, child, **changed).context
    return post(client, review, child, shown=[*found["leaves"], *found["comes"]], **changed)


def page(client, review):
    return client.get(reverse("reviews:review", args=[review.uuid])).text


def test_the_record_leaves_the_one_and_is_held_of_the_other_as_it_was_written(move, recorded, other):
    becomes = move(recorded, other)
    gone, come = fresh(recorded), fresh(becomes)
    assert (gone.held_on, gone.rag, gone.discussion, gone.recorded_at, gone.duty.met_on) == (None, "", "", None, None)
    assert gone.duty.closed_reason == "It was about another child"
    assert (come.child, come.held_on, come.duty.met_on, come.number) == (other, TODAY, TODAY, 1)
    assert (come.childs_views, come.rag, come.rag_reason) == ("I want to stay", "AMBER", "No school place")
    assert (come.recorded_by, come.recorded_at) == (recorded.recorded_by, recorded.recorded_at)
    assert Review.objects.held().count() == 1


def test_what_was_due_of_both_is_settled(move, recorded, other):
    move(recorded, other)
    assert (open_of(recorded.child).number, open_of(recorded.child).duty.due_on) == (1, date(2026, 9, 1))
    assert (open_of(other).number, open_of(other).duty.runs_from_on) == (2, TODAY)


def test_decisions_are_owed_no_more_of_the_one_and_anew_of_the_other(move, recorded, other):
    becomes = move(recorded, other)
    owed = Decision.objects.open().get()
    assert (owed.review, owed.child, owed.duty.due_on) == (becomes, other, date(2026, 9, 30))
    assert (owed.text, owed.owner) == ("Ask the school for a new plan", "Sam Worker")
    assert Duty.objects.get(decision__review=recorded).closed_reason == "It was about another child"


def test_each_record_says_so_once_and_both_acts_are_logged(move, recorded, other):
    becomes = move(recorded, other)
    gone, come = Correction.objects.order_by("pk")
    assert (gone.kind, gone.child, gone.other_review) == ("GONE", recorded.child, becomes)
    assert (come.kind, come.child, come.other_review) == ("COME", other, recorded)
    assert (gone.before["held_on"], come.before) == ("2026-08-17", {})
    verbs = {(event.verb, event.child_id) for event in BusinessEvent.objects.filter(verb__contains="another_child")}
    assert verbs == {
        ("review.gone_to_another_child", recorded.child_id),
        ("review.come_from_another_child", other.pk),
    }


def test_it_can_be_the_write_up_of_a_review_a_return_told_of(move, recorded, other):
    care = lock_care(authority_id=other.authority_id, child_ids=[other.pk])
    told = [(other, HeldReview(TODAY, "PN1"))]
    settle_cycles(care=care, held=told, history=history_of(other.authority), at=NOW, on=TODAY)
    returned = Review.objects.get(child=other, held_on=TODAY)
    assert move(recorded, other) == returned
    assert fresh(returned).recorded_by == recorded.recorded_by


def test_a_return_does_not_bring_it_back_to_the_wrong_child(move, recorded, other):
    move(recorded, other)
    care = lock_care(authority_id=other.authority_id, child_ids=[recorded.child_id])
    told = [(recorded.child, HeldReview(TODAY, "PN1"))]
    settled = settle_cycles(care=care, held=told, history=history_of(other.authority), at=NOW, on=TODAY)
    assert isinstance(settled.outcomes[0], Refused)
    assert not Review.objects.held().filter(child=recorded.child).exists()


@pytest.mark.parametrize(
    "child, words",
    [
        ({"care_from": date(2026, 8, 18)}, "no review was due in the time in care on Monday 17 August 2026"),
        ({"born": date(2023, 5, 9)}, "PN1 is for children aged four or over"),
    ],
)
def test_what_cannot_be_that_childs_is_refused_and_nothing_typed_is_lost(ada, recorded, make_child, child, words):
    answer = post(ada, recorded, make_child(**child, iro="iro") if "born" in child else later(make_child, child))
    assert words in answer.text
    assert "Two tabs were open" in answer.text
    assert not Correction.objects.exists()


def later(make_child, child):
    """A child who had left care before that day."""
    from reviews.services import end_care

    found = make_child(care_from=date(2026, 8, 3))
    end_care(care_period=found.care_periods.get(), on=date(2026, 8, 10), reason="E4A", at=NOW)
    return found


def test_not_where_that_child_has_a_review_recorded_that_day_or_later(ada, recorded, other, record):
    record(open_of(other))
    assert "already recorded as held on Monday 17 August 2026" in post(ada, recorded, other).text


def test_a_child_one_may_not_record_for_is_as_good_as_unknown(ada, place, recorded, make_child, elsewhere):
    hers = make_child(iro="other_iro")
    unknown = post(ada, recorded, Child(reference="C99999999"))
    answer = post(ada, recorded, hers)
    words = "There is no child with this reference whose reviews you record."
    assert words in unknown.text
    assert words in answer.text
    assert hers.family_name not in answer.text.replace(recorded.child.family_name, "")
    assert not AccessEvent.objects.filter(child_ids__contains=[hers.pk]).exists()


def test_not_this_child_again_and_not_without_a_reason(ada, recorded, other):
    assert "this child&#x27;s own reference" in post(ada, recorded, recorded.child).text
    answer = post(ada, recorded, other, reason="")
    assert "Enter how it came to be recorded here" in answer.text
    assert other.reference in answer.text


def test_the_service_asks_who_may_record_of_the_other_child(move, recorded, make_child):
    with pytest.raises(Refused, match="no child with this reference"):
        move(recorded, make_child(iro="other_iro"))


def test_what_it_means_for_both_is_read_first_and_the_reading_of_the_other_logged(ada, place, recorded, other):
    book(review=open_of(other), booked_for_on=date(2026, 8, 26), by=place.people["iro"], at=NOW, on=TODAY)
    answer = post(ada, recorded, other)
    assert not Correction.objects.exists()
    for words in (
        "due by Tuesday 1 September 2026 instead of Tuesday 17 November 2026",
        "A concern raised from it stays with this child.",
        "It becomes the first looked-after review, held on Monday 17 August 2026, which is in time",
        "Second looked-after review: due by Tuesday 17 November 2026",
        "booked for Wednesday 26 August 2026: book the next one anew",
        "1 decision owed anew",
        "It is rated Amber, and nobody is told by that",
    ):
        assert words in answer.text
    assert AccessEvent.objects.filter(child_ids__contains=[other.pk], what="reviews:another_child").exists()


def test_pressed_it_moves_and_the_page_leads_to_the_other_childs_review(ada, recorded, other):
    assert url(recorded) in page(ada, recorded)
    answer = pressed(ada, recorded, other)
    becomes = Review.objects.held().get()
    assert "Found to be about another child: Ada Iro, 17 August 2026, 10:30" in answer.text
    assert reverse("reviews:review", args=[becomes.uuid]) in answer.text
    assert "I want to stay" in answer.text
    text = page(ada, becomes)
    assert "Came from the record of another child: Ada Iro" in text
    assert reverse("reviews:review", args=[recorded.uuid]) in text


def test_who_may_not_see_the_other_child_reads_nothing_of_it(ada, place, move, recorded, make_child):
    other = make_child(worker=None, team="east")
    becomes = move(recorded, other)
    sam = browser(place.people["social_worker"])
    text = page(sam, recorded)
    assert "Two tabs were open" in text
    for secret in (str(becomes.uuid), other.reference, "I want to stay", "Ask the school"):
        assert secret not in text
    decision = recorded.decisions.get()
    assert sam.get(reverse("reviews:decision", args=[decision.uuid])).status_code == 403
    assert "Ask the school" not in sam.get(reverse("reviews:decisions")).text
    changes = sam.get(reverse("children:changes", args=[recorded.child.uuid])).text
    assert "I want to stay" not in changes
    assert "I want to stay" in ada.get(reverse("children:changes", args=[recorded.child.uuid])).text


def test_where_a_return_says_that_the_first_child_had_one_too_the_page_says_so(ada, record, review, other):
    care = lock_care(authority_id=other.authority_id, child_ids=[review.child_id])
    told = [(review.child, HeldReview(TODAY, "PN1"))]
    settle_cycles(care=care, held=told, history=history_of(other.authority), at=NOW, on=TODAY)
    record(fresh(review))
    words = "A return says that this child had a review that day: if so, record it anew."
    assert words in post(ada, review, other).text


def test_what_was_typed_for_the_other_childs_review_stays_as_a_draft(ada, place, move, recorded, other):
    typed = SectionTyped("discussion", {"discussion": ["The next one"]}, 0, uuid4().hex)
    save_draft(review=open_of(other), typed=typed, by=place.people["iro"], at=NOW)
    assert "stays, as a draft" in post(ada, recorded, other).text
    assert "You have a draft" in page(ada, move(recorded, other))


def test_of_two_the_second_is_told_and_keeps_the_text(ada, move, recorded, other):
    move(recorded, other, by="iro_manager")
    answer = post(ada, recorded, other)
    assert answer.status_code == 409
    assert "cancelled by Ivy Lead" in answer.text
    assert "Two tabs were open" in answer.text


def test_who_decided_before_another_corrected_it_is_told(move, recorded, other):
    with pytest.raises(Conflict):
        move(move(recorded, other), recorded.child, seen=0)


def test_it_can_go_back_again(move, recorded, other):
    back = move(move(recorded, other), recorded.child, seen=1)
    assert (back.child, back.held_on, Review.objects.held().count()) == (recorded.child, TODAY, 1)
    assert Decision.objects.open().get().child == recorded.child
