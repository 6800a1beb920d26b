"""The whole record as drafted so far: each section's form, what is complete, and the answers to record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from screens.cells import day
from screens.fields import as_typed

from .. import rules
from ..made import FollowUp, ReviewMade
from ..models import Decision, DecisionOutcome, Review, ReviewDraft
from .follow_up import FollowUpForm, follow_up_form
from .outcomes import LastTimeForm, outcome_words
from .sections import (
    DecisionsForm,
    DiscussionForm,
    MeetingForm,
    ParticipationForm,
    RatingForm,
    SectionForm,
)

FOLLOW_UP = "follow-up"
LAST_TIME = "last-time"
Typed = Mapping[str, list[str]]


@dataclass(frozen=True)
class Section:
    """A section in the order it is met, and the form that asks for it (None: the rating's follow-up)."""

    code: str
    label: str
    form: type[SectionForm] | None


SECTIONS = {
    section.code: section
    for section in (
        Section(LAST_TIME, "Last time's decisions", LastTimeForm),
        Section("meeting", "The meeting", MeetingForm),
        Section("participation", "How the child took part", ParticipationForm),
        Section("discussion", "What was discussed", DiscussionForm),
        Section("rating", "Your rating", RatingForm),
        Section(FOLLOW_UP, "What follows your rating", None),
        Section("decisions", "Decisions", DecisionsForm),
    )
}


class Record:
    """What one person has drafted for a review, section by section."""

    def __init__(self, *, review: Review, draft: ReviewDraft | None, on: date) -> None:
        self.review, self.draft, self.on = review, draft, on
        self._checked: dict[str, forms.Form | None] = {}

    def typed(self, code: str) -> Typed | None:
        """What was typed in a section, or None where nothing was saved."""
        return self._held(code).get("fields")

    def version(self, code: str) -> int:
        """The version the next save of a section must name; 0 before the first."""
        return int(self._held(code).get("version", 0))

    def _held(self, code: str) -> dict[str, Any]:
        held: dict[str, Any] = self.draft.sections.get(code, {}) if self.draft else {}
        return held

    @property
    def held_on(self) -> date | None:
        """The day the meeting section says the review was held, once that is a day it may be."""
        found: date | None = self._answer("meeting", "held_on")
        return found

    @property
    def rag(self) -> str | None:
        """The rating, once the rating section is complete."""
        found: str | None = self._answer("rating", "rag") if self.is_complete("rating") else None
        return found

    def _answer(self, code: str, name: str) -> Any:
        form = self.checked(code)
        return form.cleaned_data.get(name) if form is not None and form.is_bound and form.is_valid() else None

    def sections(self) -> list[Section]:
        """The sections this record asks for: none about decisions or a follow-up that there are not."""
        left_out = set() if self.decisions_before else {LAST_TIME}
        left_out |= set() if self._has_follow_up() else {FOLLOW_UP}
        return [section for section in SECTIONS.values() if section.code not in left_out]

    @cached_property
    def decisions_before(self) -> list[Decision]:
        """The child's earlier decisions that this review asks about, with all that was said of each."""
        child_id = self.review.child_id
        last = Review.objects.recorded_for(child_id).exclude(pk=self.review.pk).first()
        if last is None or last.recorded_at is None or self.review.held_on is not None:
            return []
        found = Decision.objects.to_answer(child_id, last.recorded_at).with_duties().select_related("review")
        return list(found.with_outcomes(DecisionOutcome.objects.all()))

    def _has_follow_up(self) -> bool:
        return self.rag is None or self.form(FOLLOW_UP) is not None

    def can_start(self, code: str) -> bool:
        """Everything may be started at any time, but the follow-up waits for the rating."""
        if code == LAST_TIME:
            return bool(self.decisions_before)
        return code != FOLLOW_UP or self.rag is not None

    def is_left(self, code: str) -> bool:
        """Whether a section that may be passed over was not begun."""
        return code == LAST_TIME and self.typed(code) is None

    def is_complete(self, code: str) -> bool:
        """Whether what was typed in a section can be recorded as it stands."""
        form = self.checked(code)
        return form is not None and form.is_bound and form.is_valid()

    def is_whole(self) -> bool:
        """Whether every section asked for is complete, or passed over where it may be."""
        codes = [section.code for section in self.sections()]
        return all(self.is_left(code) or (self.can_start(code) and self.is_complete(code)) for code in codes)

    def checked(self, code: str) -> forms.Form | None:
        """The section's form bound to what was typed, to be checked; None where nothing was typed."""
        if code not in self._checked:
            typed = self.typed(code)
            self._checked[code] = None if typed is None else self.form(code, MultiValueDict(typed))
        return self._checked[code]

    def shown(self, code: str) -> forms.Form | None:
        """The section's form showing what was typed so far, without errors."""
        typed = self.typed(code)
        form = self.form(code, typed=typed)
        return form if form is None or typed is None else as_typed(form, typed)

    def form(
        self, code: str, data: MultiValueDict[str, Any] | None = None, typed: Typed | None = None
    ) -> forms.Form | None:
        """A section's form over this data; None for a follow-up where nothing is to choose."""
        section = SECTIONS[code]
        if section.form is None:
            return self._follow_up_form(data)
        day_held_on = None if code == "meeting" else self.held_on
        more: dict[str, Any] = {"typed": typed} if section.form is DecisionsForm else {}
        if code == LAST_TIME:
            more = {"decisions": self.decisions_before}
        return section.form(data, review=self.review, on=self.on, day_held_on=day_held_on, **more)

    def _follow_up_form(self, data: MultiValueDict[str, Any] | None) -> FollowUpForm | None:
        if self.rag is None:
            return None
        reason = self._answer("rating", "rag_reason") or ""
        return follow_up_form(review=self.review, rag=self.rag, data=data, on=self.on, rag_reason=reason)

    def follow_up(self) -> FollowUp | None:
        """What was chosen to follow the rating; None where nothing is to choose."""
        form = self.checked(FOLLOW_UP) if self.rag in rules.RAG_NEEDING_REASON else None
        return form.chosen if isinstance(form, FollowUpForm) and form.is_valid() else None

    def made(self) -> ReviewMade:
        """All that was answered; only for a record that is whole. An answer ReviewMade does not know raises."""
        asked = [section.code for section in SECTIONS.values() if section.form is not None]
        return ReviewMade(**{name: answer for code in asked for name, answer in self._answers(code).items()})

    def _answers(self, code: str) -> dict[str, Any]:
        form = self.checked(code)
        if form is None and self.is_left(code):
            return {}
        assert isinstance(form, SectionForm)
        assert form.is_valid()
        return form.answers

    def passed_over(self) -> int:
        """How many earlier decisions recording this leaves without a word of what came of them."""
        form = self.checked(LAST_TIME)
        answers = form.answers["last_time"] if isinstance(form, LastTimeForm) and form.is_valid() else {}
        never_said = [one for one in self.decisions_before if one.last_said is None]
        return sum(one.uuid not in answers for one in never_said)

    def kept(self, only: str | None = None, fields: Typed | None = None) -> list[tuple[str, str]]:
        """Label and text of everything typed, in one section or all, to be shown back to its writer."""
        codes = [only] if only else list(SECTIONS)
        return [pair for code in codes for pair in self._kept(code, fields or self.typed(code) or {})]

    def _kept(self, code: str, typed: Typed) -> list[tuple[str, str]]:
        form = self.form(code, typed=typed)
        if form is None:
            return [(name, text) for name, texts in typed.items() for text in texts if text]
        shown = as_typed(form, typed)
        return [(_called(shown, name), _in_words(shown, name)) for name in shown.fields]

    def answered(self, code: str) -> list[tuple[str, str]]:
        """Label and text of what a complete section will record; what was typed in vain is left out."""
        form = self.checked(code)
        if code == LAST_TIME and self.is_left(code):
            return [(f"“{one.text}”", outcome_words(one, None)) for one in self.decisions_before]
        if form is None or not form.is_valid():
            return []
        if isinstance(form, LastTimeForm):
            return form.in_words()
        shown = as_typed(self.form(code, typed=self.typed(code)) or form, self.typed(code) or {})
        names = [name for name in shown.fields if form.cleaned_data.get(name)]
        return [(_called(shown, name), _answer_in_words(form, shown, name)) for name in names]

    def notes(self, code: str) -> list[str]:
        """Quiet notes on what a section says, to be read once more before it is recorded."""
        form = self.checked(code)
        return form.notes() if isinstance(form, DecisionsForm) else []


def _called(form: forms.Form, name: str) -> str:
    row = DecisionsForm.NAME.match(name)
    label = str(form[name].label)
    return f"Decision {int(row[2]) + 1}: {label[:1].lower()}{label[1:]}" if row else label


def _answer_in_words(form: forms.Form, shown: forms.Form, name: str) -> str:
    answer = form.cleaned_data[name]
    return day(answer) if isinstance(answer, date) else _in_words(shown, name)


def _in_words(form: forms.Form, name: str) -> str:
    value = form.initial[name]
    if isinstance(value, (list, tuple)):
        return " ".join(part for part in value if part)
    if isinstance(value, bool):
        return "Yes" if value else ""
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value or ""))
