"""The sections of a review's record, as people fill them in. Each can be checked by itself, in any order."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from screens.fields import ChoiceField, DateField, TextField
from timescales.refusals import Refused

from .. import rules
from ..made import DecisionMade
from ..models import Review

LONG_TEXT = 20_000  # characters
SHORT_TEXT = 2_000
MOST_DECISIONS = 50


class SectionForm(forms.Form):
    """One section: knows the review, the day, and on what day the review is said to have been held, if known."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        review: Review,
        on: date,
        day_held_on: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.review, self.on, self.day_held_on = review, on, day_held_on

    @contextmanager
    def beside(self, name: str) -> Iterator[None]:
        """Put what the rules refuse inside beside this field, whatever field they name."""
        try:
            yield
        except Refused as refusal:
            self.add_error(name, refusal.message)

    @property
    def answers(self) -> dict[str, Any]:
        """What a valid section answers, each under the name of its field of `ReviewMade`."""
        return dict(self.cleaned_data)

    def add_refusal(self, refusal: Refused) -> None:
        """Put what the rules refuse beside the field it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class MeetingForm(SectionForm):
    """When the review was held."""

    held_on = DateField(
        label="What day was the review held?",
        help_text="The day it was completed, if it was held over several. For example, 27 3 2026.",
        called="the day the review was held",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("held_on", self.review.held_on)  # where a return said so already

    def clean_held_on(self) -> date:
        """Refuse a day in the future, outside the care period, or not after the review before this one."""
        held_on: date = self.cleaned_data["held_on"]
        period = self.review.care_period
        try:
            rules.check_held_on(held_on, period.starts_on, self.on, period.ends_on)
            rules.check_after_last(held_on, Review.objects.before(self.review).last_held_on())
            rules.check_before_next(held_on, Review.objects.after(self.review).first_held_on())
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return held_on


class ParticipationForm(SectionForm):
    """How the child took part, and what they said."""

    participation = ChoiceField(
        label="How did the child take part?",
        called="how the child took part",
        choices=[(code, f"{code}: {words}") for code, words in rules.PARTICIPATION_CHOICES],
        widget=forms.RadioSelect,
    )
    childs_views = TextField(
        label="What did the child say or show?",
        help_text="Their wishes and feelings, in their own words where you can.",
        called="what the child said or showed",
        lines=6,
        max_length=LONG_TEXT,
        required=False,
    )

    def clean_participation(self) -> str:
        """Refuse a code that does not fit the child's age on the day the review was held, once that is known."""
        code: str = self.cleaned_data["participation"]
        if self.day_held_on is not None:
            try:
                rules.check_participation(code, self.review.child.date_of_birth, self.day_held_on)
            except Refused as refusal:
                raise forms.ValidationError(refusal.message) from refusal
        return code


class DiscussionForm(SectionForm):
    """What the review discussed."""

    discussion = TextField(
        label="What was discussed?",
        help_text="How the plan is going, what has changed since the last review, what worries people.",
        called="what was discussed",
        lines=12,
        max_length=LONG_TEXT,
    )


class RatingForm(SectionForm):
    """The IRO's rating of the plan, with the reason for Amber and Red."""

    rag = ChoiceField(
        label="How do you rate the child's plan?",
        called="Green, Amber or Red",
        choices=[
            ("GREEN", "Green: on course"),
            ("AMBER", "Amber: drifting, or not all of it done"),
            ("RED", "Red: not meeting the child's needs"),
        ],
        widget=forms.RadioSelect,
    )
    rag_reason = TextField(
        label="Why is it Amber or Red?",
        called="why it is Amber or Red",
        lines=4,
        max_length=SHORT_TEXT,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of an Amber or a Red."""
        cleaned = super().clean() or self.cleaned_data
        if "rag" in cleaned and "rag_reason" in cleaned:
            try:
                rules.check_rag(cleaned["rag"], cleaned["rag_reason"])
            except Refused as refusal:
                self.add_refusal(refusal)
        return cleaned


class DecisionsForm(SectionForm):
    """What the review decided: rows of text, outcome, owner and date, or the words that nothing was decided.

    The rows are plain numbered fields (`text_0`, `outcome_0` …), as many as were posted, so that adding and
    removing one is a matter of names and works without scripts.
    """

    PARTS = ("text", "outcome", "owner", "due_on")
    NAME = re.compile(r"^(text|outcome|owner|due_on)_(\d{1,2})((?:_(?:day|month|year))?)$")

    drift_words, drift_note = "|".join(rules.DRIFT_WORDS), rules.DRIFT_NOTE  # for the script that notes them
    has_no_decisions = forms.BooleanField(label="No decisions were made at this review", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        typed = kwargs.pop("typed", None) or data or {}
        super().__init__(data, **kwargs)
        self.row_count = max(1, row_count(typed))
        for number in range(self.row_count):
            self.fields |= _row_fields(number)

    def rows(self) -> Iterator[dict[str, BoundField | str]]:
        """The fields of each row under their plain names, with a quiet note where the outcome says little."""
        for number in range(self.row_count):
            row: dict[str, BoundField | str] = {part: self[f"{part}_{number}"] for part in self.PARTS}
            yield {**row, "note": rules.drift_note(str(self[f"outcome_{number}"].value() or ""))}

    def clean(self) -> dict[str, Any]:
        """Ask for every part of each row begun, pass over blank rows, and want a row or the tick."""
        cleaned = super().clean() or self.cleaned_data
        begun = [number for number in range(self.row_count) if self._is_begun(number, cleaned)]
        for number in begun:
            self._ask_for_the_rest(number, cleaned)
            self._check_day(number, cleaned.get(f"due_on_{number}"))
        with self.beside("has_no_decisions"):
            rules.check_decided_or_not(len(begun), cleaned["has_no_decisions"])
        if not self.errors:
            cleaned["decisions"] = [self._decision(number, cleaned) for number in begun]
        return cleaned

    def notes(self) -> list[str]:
        """The quiet notes on a section's decisions, each with its number, to be read before they are recorded."""
        return [f"Decision {number}: {row['note']}" for number, row in enumerate(self.rows(), start=1) if row["note"]]

    @property
    def answers(self) -> dict[str, Any]:
        """The decisions whole instead of the fields of their rows."""
        return {name: value for name, value in self.cleaned_data.items() if not self.NAME.match(name)}

    def _is_begun(self, number: int, cleaned: Mapping[str, Any]) -> bool:
        names = [f"{part}_{number}" for part in self.PARTS]
        return any(cleaned.get(name) or name in self.errors for name in names)

    def _ask_for_the_rest(self, number: int, cleaned: Mapping[str, Any]) -> None:
        for part, words in WANTED.items():
            name = f"{part}_{number}"
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, f"Decision {number + 1}: enter {words}")

    def _decision(self, number: int, cleaned: Mapping[str, Any]) -> DecisionMade:
        return DecisionMade(**{part: cleaned[f"{part}_{number}"] for part in self.PARTS})

    def _check_day(self, number: int, due_on: date | None) -> None:
        if due_on and self.day_held_on:
            with self.beside(f"due_on_{number}"):
                rules.check_done_by(number + 1, due_on, self.day_held_on)


WANTED = {
    "text": "what was decided",
    "outcome": "what will be different when the job is done",
    "owner": "who will do it",
    "due_on": "the day it is to be done by",
}


def _row_fields(number: int) -> dict[str, forms.Field]:
    called = f"decision {number + 1}"
    return {
        f"text_{number}": TextField(
            label="What was decided?", called=called, lines=2, max_length=SHORT_TEXT, required=False
        ),
        f"outcome_{number}": TextField(
            label="Job done when…",
            help_text="What will be different for the child.",
            called=f"the outcome of {called}",
            lines=2,
            max_length=SHORT_TEXT,
            required=False,
        ),
        f"owner_{number}": TextField(
            label="Who will do it?",
            called=f"who will do {called}",
            max_length=rules.DECISION_OWNER_LENGTH,
            required=False,
            widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        ),
        f"due_on_{number}": DateField(label="By what day?", called=f"the day of {called}", required=False),
    }


def row_count(typed: Mapping[str, Any]) -> int:
    """How many rows these names hold, up to MOST_DECISIONS."""
    numbers = [int(match[2]) + 1 for name in typed if (match := DecisionsForm.NAME.match(name))]
    return min(max(numbers, default=0), MOST_DECISIONS)


def with_row_added(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same fields with a blank row after the last; unchanged where there are MOST_DECISIONS."""
    count = max(1, row_count(fields))
    return dict(fields) if count >= MOST_DECISIONS else {**fields, f"text_{count}": [""]}


def without_row(fields: Mapping[str, list[str]], gone: int) -> dict[str, list[str]]:
    """The same fields without one row, the rows after it moved up."""
    kept: dict[str, list[str]] = {}
    for name, texts in fields.items():
        match = DecisionsForm.NAME.match(name)
        number = int(match[2]) if match else -1
        if match and number > gone:
            kept[f"{match[1]}_{number - 1}{match[3]}"] = texts
        elif number != gone:
            kept[name] = texts
    return kept
