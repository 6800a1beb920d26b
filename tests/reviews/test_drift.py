"""Words that let a plan drift get a quiet note, whole words only, where they are typed and before they are kept."""

import pytest
from django.urls import reverse

from reviews.models import Review
from reviews.rules import drift_note
from tests.reviews.conftest import ANSWERS, browser, fill, press_record, section_url
from tests.screens.test_scripts import NOT_NOTED, NOTED


@pytest.mark.parametrize("outcome, word", NOTED)
def test_a_whole_word_is_noted(outcome, word):
    assert drift_note(outcome) == f"“{word}” does not say what will be different."


@pytest.mark.parametrize("outcome", NOT_NOTED)
def test_a_word_inside_another_is_none(outcome):
    assert drift_note(outcome) == ""


@pytest.fixture
def ada(place, at_the_desk):
    return browser(place.people["iro"])


DRIFTING = {"decisions": {**ANSWERS["decisions"], "outcome_0": "Monitoring of the placement"}}
NOTE = "“monitoring” does not say what will be different."


def test_the_note_stands_under_the_box_and_again_before_recording_and_refuses_nothing(ada, review):
    fill(ada, review, DRIFTING)
    section = ada.get(section_url(review, "decisions")).content.decode()
    assert f'<p class="govuk-hint">{NOTE}</p>' in section
    check = ada.get(reverse("reviews:check", args=[review.uuid])).content.decode()
    assert f'<p class="govuk-hint">Decision 1: {NOTE}</p>' in check
    press_record(ada, review)
    assert Review.objects.get(pk=review.pk).decisions.get().outcome == "Monitoring of the placement"


def test_what_says_its_change_is_noted_nowhere(ada, review):
    fill(ada, review)
    for page in (section_url(review, "decisions"), reverse("reviews:check", args=[review.uuid])):
        assert "does not say what will be different.</p>" not in ada.get(page).content.decode()
