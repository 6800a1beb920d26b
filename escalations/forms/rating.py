"""What a rating leads to, as the IRO chooses it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from escalations.models import Escalation, Stage
from screens.fields import ChoiceField, TextField

from .acts import LONGEST


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


def _named(escalation: Escalation) -> str:
    start = escalation.concern[:80] + ("…" if len(escalation.concern) > 80 else "")
    return f"{escalation.reference}, at {escalation.stage.name}: {start}"
