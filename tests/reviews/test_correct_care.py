"""When care began or ended, or what an episode said, is corrected: what moves, what stays readable, who may."""

from datetime import date

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from audit.models import BusinessEvent
from children.models import CorrectedFact, Episode
from children.rules import EPISODE_FIELDS, EpisodeGiven
from children.services import lock_care
from reviews.models import Review
from reviews.services import correct_episode, end_care, settle_care
from tests.conftest import NOW, TODAY
from timescales.refusals import Conflict, Refused

from .conftest import browser

pytestmark = pytest.mark.usefixtures("at_the_desk")
BEGAN, EARLIER = date(2026, 8, 3), date(2026, 7, 27)


@pytest.fixture
def child(review):
    """In care since 3 August 2026 under a care order; her first review is due by 1 September 2026."""
    return review.child


@pytest.fixture
def ivy(place, at_the_desk):
    """A browser in which Ivy, the IRO manager, is signed in."""
    return browser(place.people["iro_manager"])


@pytest.fixture
def correct(place, child):
    """Correct an episode as Ivy would, changing only what is given; `to` is another first day."""

    def make(*, was_on=BEGAN, to=None, reason="The order was made earlier", seen=0, by="iro_manager", **changed):
        made = given(child, was_on, **({"starts_on": to} if to else {}), **changed)
        correct_episode(
            child=child, starts_on=was_on, made=made, reason=reason, seen=seen, by=place.people[by], at=NOW
        )

    return make


@pytest.fixture
def moved_home(child):
    """A second episode: a placement order and another placement from 10 August 2026."""
    first = given(child, BEGAN, ends_on=date(2026, 8, 10), reason_ended="X1")
    second = EpisodeGiven(date(2026, 8, 10), "C2", "N1", reason_started="P", placement_type="U1")
    care = lock_care(authority_id=child.authority_id, child_ids=[child.pk])
    settle_care(care=care, episodes=[(child, first), (child, second)])


def given(child, was_on, **changed):
    """The episode begun that day as it stands, changed only as given."""
    episode = Episode.objects.get(child=child, starts_on=was_on)
    return EpisodeGiven(**{name: getattr(episode, name) for name in EPISODE_FIELDS} | changed)


def url(child, day=BEGAN):
    return reverse("children:correct_care", args=[child.uuid, day.isoformat()])


def typed(child, day=BEGAN, **changed):
    """What the form posts of an episode, changed only as given."""
    said = {name: getattr(given(child, day), name) or "" for name in EPISODE_FIELDS}
    fields = {"reason": "The order was made earlier", "seen": "0"}
    for name, value in (said | changed).items():
        if name in ("starts_on", "ends_on"):
            parts = (value.day, value.month, value.year) if value else ("", "", "")
            fields |= dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), parts, strict=True))
        else:
            fields[name] = value
    return fields


def spans(child):
    return list(Episode.objects.filter(child=child).order_by("starts_on").values_list("starts_on", "ends_on"))


def due():
    return Review.objects.open().select_related("duty").get().duty


def test_the_day_care_began_moves_the_episode_the_period_and_the_first_review(correct, child, review):
    period = child.care_periods.get()
    correct(to=EARLIER)
    assert spans(child) == [(EARLIER, None)]
    assert (child.care_periods.get().pk, child.care_periods.get().starts_on) == (period.pk, EARLIER)
    assert (due().review.pk, due().runs_from_on, due().due_on) == (review.pk, EARLIER, date(2026, 8, 24))


def test_a_first_review_recorded_here_is_late_or_in_time_by_the_new_day(correct, record, review):
    record(review)
    correct(to=EARLIER)
    review.duty.refresh_from_db()
    assert (review.duty.runs_from_on, review.duty.due_on, review.duty.met_on) == (EARLIER, date(2026, 8, 24), TODAY)


def test_what_it_said_before_is_kept_with_who_and_why_and_cannot_be_changed(place, correct, child):
    correct(to=EARLIER, legal_status="V2")
    kept = CorrectedFact.objects.get()
    assert (kept.kind, kept.reason, kept.corrected_by) == (
        "EPISODE",
        "The order was made earlier",
        place.people["iro_manager"],
    )
    assert kept.before == {"starts_on": "2026-08-03", "legal_status": "C2"}
    assert kept.after == {"starts_on": "2026-07-27", "legal_status": "V2"}
    event = BusinessEvent.objects.get(verb="care.corrected")
    assert event.detail["fields"] == ["legal_status", "starts_on"]
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        CorrectedFact.objects.update(reason="Another")


@pytest.mark.usefixtures("moved_home")
def test_the_episode_beside_it_follows_so_that_no_day_is_left_between(correct, child):
    correct(was_on=date(2026, 8, 10), to=date(2026, 8, 12))
    assert spans(child) == [(BEGAN, date(2026, 8, 12)), (date(2026, 8, 12), None)]
    assert child.care_periods.count() == 1
    assert CorrectedFact.objects.count() == 2


@pytest.mark.usefixtures("moved_home")
def test_an_end_moves_the_start_of_the_next(correct, child):
    correct(ends_on=date(2026, 8, 6))
    assert spans(child) == [(BEGAN, date(2026, 8, 6)), (date(2026, 8, 6), None)]


def test_the_day_care_ended_can_be_another_or_none(correct, child, review):
    end_care(care_period=child.care_periods.get(), on=date(2026, 8, 14), reason="E4A", at=NOW)
    correct(ends_on=date(2026, 8, 12))
    assert child.care_periods.get().ends_on == date(2026, 8, 12)
    review.duty.refresh_from_db()
    assert review.duty.closed_on == date(2026, 8, 12)
    correct(ends_on=None, reason_ended="", seen=1)
    assert (child.care_periods.get().ends_on, due().review.pk) == (None, review.pk)


def test_an_order_corrected_to_short_breaks_makes_its_review_due_by_their_rule(correct, child):
    correct(legal_status="V4")
    assert due().rule == "SHORT_BREAK_FIRST"


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"starts_on": date(2026, 8, 18)}, "in the future"),
        ({"starts_on": date(2010, 1, 1)}, "before the child was born"),
        ({"ends_on": date(2026, 8, 14)}, "Give the day it ended and why"),
        ({"ends_on": date(2026, 8, 1), "reason_ended": "E4A"}, "Give a day from the day it began up to today."),
        ({"legal_status": "XX"}, "Select one of the answers shown"),
        ({"reason": ""}, "Enter why it is corrected"),
        ({}, "Nothing is different"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(ivy, child, changed, words):
    answer = ivy.post(url(child), typed(child, **{"placement_postcode": "AB1 2CD" if changed else ""} | changed))
    assert words in answer.text
    assert "AB1 2CD" in answer.text or not changed
    assert not CorrectedFact.objects.exists()


def test_care_cannot_be_moved_off_a_review_held_in_it(correct, record, review):
    record(review, held_on=date(2026, 8, 5))
    with pytest.raises(Refused, match="A review was held on Wednesday 5 August 2026"):
        correct(to=date(2026, 8, 6))


@pytest.mark.usefixtures("moved_home")
def test_it_leaves_the_episode_before_it_a_day(correct):
    with pytest.raises(Refused, match="The episode before it began"):
        correct(was_on=date(2026, 8, 10), to=BEGAN)


def test_what_moves_is_read_first_and_then_saved(ivy, child):
    answer = ivy.post(url(child), typed(child, starts_on=EARLIER))
    assert "Episode from 3 August 2026: began on 27 July 2026 instead of 3 August 2026." in answer.text
    assert "due by Monday 24 August 2026 instead of Tuesday 1 September 2026" in answer.text
    assert not CorrectedFact.objects.exists()
    assert due().due_on == date(2026, 9, 1)
    shown = answer.context["sentences"]
    answer = ivy.post(url(child), typed(child, starts_on=EARLIER) | {"shown": shown}, follow=True)
    assert "Corrected: Ivy Lead, 17 August 2026, 10:30" in answer.text
    assert "The order was made earlier" in answer.text
    assert "27 July 2026; before that 3 August 2026" in answer.text
    assert due().due_on == date(2026, 8, 24)


def test_an_iro_from_before_care_began_is_told_of(ivy, child):
    text = ivy.post(url(child), typed(child, starts_on=date(2026, 8, 5))).text
    assert "Ada Iro is the IRO from 3 August 2026, before care began: correct that allocation as well." in text
    assert "is the IRO from" not in ivy.post(url(child), typed(child, starts_on=EARLIER)).text


def test_the_care_page_leads_to_it_for_the_iro_manager_alone(ivy, place, child):
    care = reverse("children:care", args=[child.uuid])
    assert url(child) in ivy.get(care).text
    assert 'value="3"' in ivy.get(url(child)).text
    for name, status in (("iro", 403), ("business_support", 403), ("other_iro", 404)):
        somebody = browser(place.people[name])
        assert somebody.get(url(child)).status_code == status
        assert url(child) not in somebody.get(care).text
    assert ivy.get(url(child, EARLIER)).status_code == 404
    assert ivy.get(reverse("children:correct_care", args=[child.uuid, "yesterday"])).status_code == 404


def test_those_who_may_not_read_the_record_read_dates_and_not_why_nor_where(place, correct, child):
    correct(to=EARLIER, placement_postcode="AB1 2CD", category_of_need="N5")
    for page in ("children:care", "dashboards:child", "children:changes"):
        text = browser(place.people["business_support"]).get(reverse(page, args=[child.uuid])).text
        for secret in ("The order was made earlier", "AB1 2CD", "family dysfunction"):
            assert secret not in text
    assert (
        "27 July 2026; before that"
        in browser(place.people["business_support"]).get(reverse("children:care", args=[child.uuid])).text
    )


@pytest.mark.usefixtures("moved_home")
def test_the_childs_story_tells_of_the_act_once(ivy, correct, child):
    correct(was_on=date(2026, 8, 10), to=date(2026, 8, 12))
    text = ivy.get(reverse("dashboards:child", args=[child.uuid])).text
    assert text.count("Corrected: care") == 1
    assert "The order was made earlier" in text


def test_of_two_who_correct_it_the_second_is_told_who_did_and_keeps_the_text(ivy, place, correct, child):
    answers = typed(child, legal_status="V2", reason="My own words")
    answers["shown"] = ivy.post(url(child), answers).context["sentences"]
    correct(placement_type="U1", reason="She lives elsewhere")
    answer = ivy.post(url(child), answers | {"placement_type": "U1"})
    assert answer.status_code == 409
    assert "Ivy Lead made a correction on Monday 17 August 2026" in answer.text
    assert "My own words" in answer.text
    with pytest.raises(Conflict):
        correct(legal_status="V2")


def test_an_episode_moved_meanwhile_is_a_conflict_and_the_text_is_kept(ivy, correct, child):
    answers = typed(child, legal_status="V2", reason="My own words")
    correct(to=EARLIER)
    answer = ivy.post(url(child), answers)
    assert answer.status_code == 409
    assert "My own words" in answer.text
