"""What people type about a concern: raising it, answering, moving up, ending it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from escalations.models import Response, Stage
from escalations.rules import LONGEST, AnswerGiven, ConcernRaised, Seen, problems_of_answer
from screens.fields import ChoiceField, DateField, TextField

STALE = "This page was not whole. Open it again and answer there."


class Token(forms.UUIDField):
    """What makes a second click of the same form harmless."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(initial=uuid.uuid4, error_messages={"required": STALE, "invalid": STALE})


class SeenPosition(forms.IntegerField):
    """The rung the page showed, so that nobody acts on one they have not seen."""

    widget = forms.HiddenInput

    def __init__(self, *, required: bool = True) -> None:
        wrong = dict.fromkeys(["required", "invalid", "min_value", "max_value"], STALE)
        super().__init__(min_value=0, max_value=9999, required=required, error_messages=wrong)


class SeenForm(forms.Form):
    """Of acts decided on what the page showed of a concern: its rung, and whether that was answered."""

    position = SeenPosition()
    is_answered = forms.NullBooleanField(required=False, widget=forms.HiddenInput)

    @property
    def seen(self) -> Seen:
        """What the page showed."""
        return Seen(self.cleaned_data["position"], self.cleaned_data["is_answered"])


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
    def raised(self) -> ConcernRaised:
        """What a valid form says; its token makes a second click harmless."""
        typed = self.cleaned_data
        return ConcernRaised(typed["concern"], typed["sought"], uuid=typed["token"])


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
        """Check the answer is whole, by the rule the service applies again, and say all that is missing."""
        cleaned = super().clean() or self.cleaned_data
        if "answer" not in cleaned:
            return cleaned
        for problem in problems_of_answer(_given(cleaned), self.on):
            if problem.field not in self.errors:
                self.add_error(problem.field, problem.message)
        return cleaned

    @property
    def given(self) -> AnswerGiven:
        """What a valid form answers."""
        return _given(self.cleaned_data)


class MoveUpForm(SeenForm):
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


class ResolutionForm(SeenForm):
    """How the concern ended."""

    resolution = TextField(
        label="How was it resolved?",
        help_text="Say what changed for the child. This closes the concern.",
        lines=5,
        max_length=LONGEST,
        count=True,
        called="how it was resolved",
    )
    position = SeenPosition(required=False)


class PromiseForm(forms.Form):
    """What came of a promise."""

    what = ChoiceField(label="What came of it?", called="what came of it", widget=forms.RadioSelect)
    kept_on = DateField(label="What day was it done?", required=False, called="the day it was done")
    words = TextField(
        label="What shows it, or why?", lines=3, max_length=LONGEST, count=True, called="what shows it, or why"
    )

    def __init__(self, data: Any = None, *, may_release: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("KEPT", "It is done"), *([("RELEASED", "It is no longer needed")] if may_release else [])]
        self.initial.setdefault("what", "KEPT")

    def clean(self) -> dict[str, Any]:
        """Ask for the day of what is done."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == "KEPT" and not cleaned.get("kept_on") and "kept_on" not in self.errors:
            self.add_error("kept_on", "Enter the day it was done")
        return cleaned

    @property
    def day_kept(self) -> date | None:
        """The day a valid form says it was done; None where it is no longer needed."""
        found: date | None = self.cleaned_data["kept_on"] if self.cleaned_data["what"] == "KEPT" else None
        return found


def _given(cleaned: Mapping[str, Any]) -> AnswerGiven:
    """The answer so far; a part that is wrong counts as not given."""
    return AnswerGiven(
        answer=cleaned["answer"],
        action=cleaned.get("action") or "",
        action_due_on=cleaned.get("action_due_on"),
        reason=cleaned.get("reason") or "",
    )
