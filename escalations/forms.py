"""What people type about a concern: raising it, answering, moving up, ending it."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms

from screens.cells import day
from screens.fields import ChoiceField, DateField, TextField

from .models import Escalation, Response, Stage
from .rules import Refused, check_answer

LONGEST = 4000  # characters of one text
STALE = "This page was not whole. Open it again and answer there."


STATUSES = [("", "Open"), ("resolved", "Resolved"), ("all", "Open and resolved")]


class Token(forms.UUIDField):
    """What makes a second click of the same form harmless."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(initial=uuid.uuid4, error_messages={"required": STALE, "invalid": STALE})


class SeenPosition(forms.IntegerField):
    """The rung the page showed, so that nobody acts on one they have not seen."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        wrong = dict.fromkeys(["required", "invalid", "min_value", "max_value"], STALE)
        super().__init__(min_value=0, max_value=9999, error_messages=wrong)


class RatingForm(forms.Form):
    """After an Amber or Red rating: what happens to the concern."""

    INFORMAL, LINK, FORMAL, LEAVE = "INFORMAL", "LINK", "FORMAL", "LEAVE"

    template_name = "escalations/follow_up.html"

    choice = ChoiceField(
        label="What happens to the concern behind this rating?",
        called="what happens to the concern behind this rating",
        widget=forms.RadioSelect(attrs={"data-label-size": "m"}),
    )
    stage = ChoiceField(label="Which formal stage?", required=False, widget=forms.RadioSelect)
    concern = TextField(
        label="What is the concern?",
        help_text="Leave it empty to use the reason you gave for the rating.",
        lines=4,
        max_length=LONGEST,
        required=False,
    )
    sought = TextField(label="What would settle it?", lines=3, max_length=LONGEST, required=False)
    escalation = ChoiceField(label="Which concern is it part of?", required=False, widget=forms.RadioSelect)
    reason = TextField(label="Why are you not raising a concern?", lines=3, max_length=LONGEST, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        stages: Sequence[Stage],
        escalations: Sequence[Escalation] = (),
        concern: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        informal = [stage for stage in stages if not stage.is_formal]
        formal = [stage for stage in stages if stage.is_formal]
        offered = {
            self.INFORMAL: f"Open {informal[0].name} with the {informal[0].role_name}" if informal else "",
            self.LINK: "Link the review to a concern already open" if escalations else "",
            self.FORMAL: "Go straight to a formal stage" if formal else "",
            self.LEAVE: "Leave it without raising a concern",
        }
        self._choices("choice", [(code, label) for code, label in offered.items() if label])
        self._choices("stage", [(str(stage.position), stage.description) for stage in formal])
        self._choices("escalation", [(str(row.uuid), _named(row)) for row in escalations])
        self.initial.setdefault("choice", next(code for code, label in offered.items() if label))
        self.initial.setdefault("concern", concern)
        if len(escalations) == 1:
            self.initial.setdefault("escalation", str(escalations[0].uuid))

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way needs, and drop what belongs to the others."""
        cleaned = super().clean() or self.cleaned_data
        choice = cleaned.get("choice")
        needed = {
            self.INFORMAL: {"sought": "Enter what would settle it"},
            self.FORMAL: {"stage": "Select which formal stage", "sought": "Enter what would settle it"},
            self.LINK: {"escalation": "Select which concern it is part of"},
            self.LEAVE: {"reason": "Enter why you are not raising a concern"},
        }.get(str(choice), {})
        for name, words in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        kept = {"choice", *needed, *(["concern"] if choice in (self.INFORMAL, self.FORMAL) else [])}
        others = [name for name in self.fields if name not in kept]
        return {**cleaned, **dict.fromkeys(others, "")} if choice else cleaned

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class ConcernForm(forms.Form):
    """A concern raised between reviews, at any stage."""

    stage = ChoiceField(label="Where does it start?", called="where it starts", widget=forms.RadioSelect)
    concern = TextField(
        label="What is the concern?", lines=5, max_length=LONGEST, count=True, called="what the concern is"
    )
    sought = TextField(
        label="What would settle it?",
        help_text="Say what will be different for the child, so that both of you can tell when it is done.",
        lines=4,
        max_length=LONGEST,
        count=True,
        called="what would settle it",
    )
    token = Token()

    def __init__(self, data: Any = None, *, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.stages = {str(stage.position): stage for stage in stages}
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, stage.description) for key, stage in self.stages.items()]
        self.initial.setdefault("stage", next(iter(self.stages), None))

    @property
    def chosen(self) -> Stage:
        """The stage chosen."""
        return self.stages[self.cleaned_data["stage"]]

    @property
    def words(self) -> dict[str, Any]:
        """What `services.raise_concern` takes of what was typed."""
        typed = self.cleaned_data
        return {"concern": typed["concern"], "sought": typed["sought"], "uuid": typed["token"]}


class AnswerForm(forms.Form):
    """A manager's answer at one rung."""

    answer = ChoiceField(
        label="What is your answer?",
        called="whether you accept, accept in part or contest",
        choices=Response.Answer.choices,
        widget=forms.RadioSelect(attrs={"data-label-size": "m"}),
    )
    action = TextField(
        label="What will be done?",
        lines=4,
        max_length=LONGEST,
        count=True,
        required=False,
        called="what will be done",
    )
    action_due_on = DateField(
        label="By what day?",
        help_text="Today or later, for example 27 3 2027.",
        required=False,
        called="the day it will be done by",
    )
    reason = TextField(
        label="Why?",
        help_text="If you accept in part, say what you do not accept. The IRO and later managers read this.",
        lines=4,
        max_length=LONGEST,
        count=True,
        required=False,
        called="the reason",
    )
    submission = Token()
    position = SeenPosition()

    def __init__(self, data: Any = None, *, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.on = on

    def clean(self) -> dict[str, Any]:
        """Check the answer is whole, by the rule the service applies again."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            check_answer(cleaned["answer"], cleaned["action"], cleaned["action_due_on"], cleaned["reason"], self.on)
        except Refused as refused:
            self.add_error(refused.field, refused.message)
        return cleaned

    @property
    def words(self) -> dict[str, Any]:
        """What `services.respond` takes of what was typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "position"}


class MoveUpForm(forms.Form):
    """Which higher rung, and why."""

    stage = ChoiceField(
        label="Which stage does it go to?",
        help_text="You may leave out stages where a higher one is right.",
        called="which stage it goes to",
        widget=forms.RadioSelect,
    )
    reason = TextField(
        label="Why does it move up?",
        help_text="The manager who is asked next reads this first.",
        lines=4,
        max_length=LONGEST,
        count=True,
        called="why it moves up",
    )
    position = SeenPosition()

    def __init__(self, data: Any = None, *, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.stages = {str(stage.position): stage for stage in stages}
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, stage.description) for key, stage in self.stages.items()]
        self.initial.setdefault("stage", next(iter(self.stages), None))

    @property
    def chosen(self) -> Stage:
        """The stage chosen."""
        return self.stages[self.cleaned_data["stage"]]


class ResolutionForm(forms.Form):
    """How the concern ended."""

    resolution = TextField(
        label="How was it resolved?",
        help_text="Say what changed for the child. This closes the concern.",
        lines=5,
        max_length=LONGEST,
        count=True,
        called="how it was resolved",
    )


class FilterForm(forms.Form):
    """What the list of escalations shows."""

    status = ChoiceField(
        label="Status",
        required=False,
        choices=STATUSES,
        widget=forms.RadioSelect,
    )
    stage = ChoiceField(label="Stage", required=False, widget=forms.Select)
    waiting = forms.BooleanField(label="Waiting for me", required=False)

    def __init__(self, data: Any, *, stages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any stage"), *((name, name) for name in stages)]

    @property
    def chosen(self) -> dict[str, str]:
        """What `EscalationQuerySet.chosen` takes; nothing where the address was made up."""
        return {name: self.cleaned_data[name] for name in ("status", "stage")} if self.is_valid() else {}

    @property
    def is_mine_only(self) -> bool:
        """Whether only what waits for the reader is shown."""
        return self.is_valid() and self.cleaned_data["waiting"]


def _named(escalation: Escalation) -> str:
    start = escalation.concern[:80] + ("…" if len(escalation.concern) > 80 else "")
    return f"{escalation.reference}, at {escalation.stage.name}: {start}"


def typed(form: forms.Form) -> list[tuple[str, str]]:
    """Each answer of a valid form with its question, in words, to give back to the person who typed it."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "") or isinstance(field.widget, forms.HiddenInput):
            continue
        if isinstance(field, forms.ChoiceField):
            value = dict(cast(list[tuple[str, str]], field.choices)).get(value, value)
        found.append((str(field.label), day(value) if isinstance(value, date) else str(value)))
    return found
