"""The whole record as drafted so far: each section's form, what is complete, and the answers to record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from screens.cells import day

from .. import rules
from ..made import FollowUp, ReviewMade
from ..models import Review, ReviewDraft
from .follow_up import FollowUpForm, follow_up_form
from .sections import (
    DecisionsForm,
    DiscussionForm,
    MeetingForm,
    ParticipationForm,
    RatingForm,
    SectionForm,
)

FOLLOW_UP = "follow-up"
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
        Section("meeting", "The meeting", MeetingForm),
        Section("participation", "How the child took part", ParticipationForm),
        Section("discussion", "What was discussed", DiscussionForm),
        Section("rating", "Your rating", RatingForm),
        Section(FOLLOW_UP, "What follows your rating", None),
        Section("decisions", "Decisions", DecisionsForm),
    )
}


def as_typed(form: forms.Form, typed: Typed) -> forms.Form:
    """An unbound form showing what was typed, valid or not, without its errors."""
    data = MultiValueDict(typed)
    for name, field in form.fields.items():
        form.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name))
    return form


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
        """The sections this record asks for: no follow-up where the rating leads to nothing to choose."""
        return [section for section in SECTIONS.values() if section.code != FOLLOW_UP or self._has_follow_up()]

    def _has_follow_up(self) -> bool:
        return self.rag is None or self.form(FOLLOW_UP) is not None

    def can_start(self, code: str) -> bool:
        """Everything may be started at any time, but the follow-up waits for the rating."""
        return code != FOLLOW_UP or self.rag is not None

    def is_complete(self, code: str) -> bool:
        """Whether what was typed in a section can be recorded as it stands."""
        form = self.checked(code)
        return form is not None and form.is_bound and form.is_valid()

    def is_whole(self) -> bool:
        """Whether every section asked for is complete."""
        return all(self.can_start(section.code) and self.is_complete(section.code) for section in self.sections())

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
        more = {"typed": typed} if section.form is DecisionsForm else {}
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
        assert isinstance(form, SectionForm)
        assert form.is_valid()
        return form.answers

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
        if form is None or not form.is_valid():
            return []
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
