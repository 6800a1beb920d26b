"""Correcting a recorded review: every field of the record at once, and why."""

from datetime import date
from typing import Any

from django import forms

from screens.fields import TextField
from timescales.refusals import Refused

from ..made import ReviewMade
from ..models import Review
from .sections import SHORT_TEXT, DiscussionForm, MeetingForm, ParticipationForm, RatingForm

RECORD = ("held_on", "participation", "childs_views", "discussion", "rag", "rag_reason")


class CorrectionForm(MeetingForm, ParticipationForm, DiscussionForm, RatingForm):
    """The record as it stands, to be changed; its decisions are not asked for."""

    field_order = RECORD

    reason = TextField(
        label="Why is it corrected?",
        help_text="Everybody who may read the record reads this too.",
        called="why it is corrected",
        lines=3,
        max_length=SHORT_TEXT,
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(review, name) for name in RECORD})
        super().__init__(*args, review=review, **kwargs)

    def clean_held_on(self) -> date:
        """A day other than the one recorded has to be one on which the review can have been held."""
        self.day_held_on = self.cleaned_data["held_on"]
        return self.day_held_on if self.day_held_on == self.review.held_on else super().clean_held_on()

    @property
    def made(self) -> ReviewMade:
        """What a valid form says the record should be."""
        return ReviewMade(**{name: self.cleaned_data[name] for name in RECORD})

    @property
    def moves_to(self) -> date | None:
        """The other day a valid form gives; None where it is the one recorded."""
        given: date = self.cleaned_data["held_on"]
        return given if given != self.review.held_on else None

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal beside the answer it is about."""
        self.add_refusal(refusal)


class AnotherChildForm(forms.Form):
    """Which child a record was about, and how that came to light."""

    reference = TextField(
        label="What is the right child's reference?",
        called="the right child's reference",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    reason = TextField(
        label="How did it come to be recorded here?",
        help_text="Both records say this. Do not name either child: it is read by people who may not see the other.",
        called="how it came to be recorded here",
        lines=3,
        max_length=SHORT_TEXT,
    )


class NotHeldForm(forms.Form):
    """Why a recorded review is said not to have taken place."""

    reason = TextField(
        label="Why is it recorded, if it did not take place?",
        help_text="For example, it was put off on the day, or this was the record of another meeting.",
        called="why it is recorded, if it did not take place",
        lines=3,
        max_length=SHORT_TEXT,
    )
