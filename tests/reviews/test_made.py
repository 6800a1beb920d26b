"""Whatever is asked for is recorded: no answer is lost between a form, the API and the row."""

from dataclasses import dataclass, fields
from uuid import uuid4

import pytest

from reviews.forms import SECTIONS, DecisionsForm, FollowUpForm, Section
from reviews.forms.sections import DiscussionForm
from reviews.made import DecisionMade, FollowUp, OutcomeSaid, ReviewMade
from reviews.models import Decision, Review
from reviews.serializers import DecisionBodySerializer, OutcomeBodySerializer, RecordBodySerializer
from reviews.services import record_review
from screens.fields import TextField
from tests.conftest import NOW, TODAY
from tests.reviews.conftest import ANSWERS, fill, made, press_record


def names(value):
    return {field.name for field in fields(value)}


def columns(model):
    return {field.name for field in model._meta.concrete_fields}


def test_every_field_of_a_section_is_a_field_of_what_is_made():
    asked = {name for section in SECTIONS.values() if section.form for name in section.form.base_fields}
    assert asked | {"decisions", "last_time"} == names(ReviewMade)
    assert set(DecisionsForm.PARTS) == names(DecisionMade)
    assert set(FollowUpForm.base_fields) == names(FollowUp)


def test_the_api_takes_what_the_sections_ask_for():
    assert set(RecordBodySerializer().fields) == names(ReviewMade) | {"token", "follow_up"}
    assert set(DecisionBodySerializer().fields) == names(DecisionMade)
    assert set(OutcomeBodySerializer().fields) == names(OutcomeSaid)


def test_what_is_made_has_a_column_of_the_same_name():
    assert names(ReviewMade) - ReviewMade.ELSEWHERE <= columns(Review)
    assert names(DecisionMade) - DecisionMade.ELSEWHERE <= columns(Decision)


class Wider(DiscussionForm):
    """The discussion with one question more, which nobody thought to record."""

    interpreter = TextField(label="Was an interpreter needed?", required=False)


def test_a_question_nobody_records_is_never_dropped_in_silence(ada, review, monkeypatch):
    monkeypatch.setitem(SECTIONS, "discussion", Section("discussion", "What was discussed", Wider))
    fill(ada, review, {"discussion": ANSWERS["discussion"] | {"interpreter": "Yes, for her aunt"}})
    with pytest.raises(TypeError, match="interpreter"):
        press_record(ada, review)
    assert Review.objects.get().held_on is None


@dataclass(frozen=True)
class WiderMade(ReviewMade):
    """What is made with two answers more: one with a column, one without."""

    number: int = 7
    interpreter: str = ""

    def columns(self):
        return {name: value for name, value in super().columns().items() if value != ""}


@pytest.fixture
def record_wider(review, place):
    def make(**more):
        answers = {name: getattr(made(), name) for name in names(ReviewMade)}
        return record_review(
            review=review, made=WiderMade(**answers, **more), token=uuid4(), follow_up=None,
            by=place.people["iro"], at=NOW, on=TODAY,
        )  # fmt: skip

    return make


def test_an_answer_with_a_column_is_written_by_its_name_alone(review, record_wider):
    record_wider()
    review.refresh_from_db()
    assert review.number == 7


def test_an_answer_without_a_column_is_refused_by_the_row(review, record_wider):
    with pytest.raises(ValueError, match="interpreter"):
        record_wider(interpreter="Yes")
    review.refresh_from_db()
    assert review.held_on is None
