"""What follows an Amber or Red rating, as the IRO chooses it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from authorities.models import Policy
from escalations import permissions
from escalations.models import Escalation, Stage
from escalations.rules import LONGEST
from screens.fields import ChoiceField, TextField

from ..made import FollowUp, Way
from ..models import Review
from ..rules import RAG_NEEDING_REASON


def follow_up_form(
    *, review: Review, rag: str, data: Mapping[str, Any] | None, on: date, rag_reason: str = ""
) -> "FollowUpForm | None":
    """What to choose after this rating; None where nothing is. The concern begins as the rating's reason.

    Nothing is to choose after Green, where the authority does not link ratings to its ladder, or where
    it has no ladder that day.
    """
    if rag not in RAG_NEEDING_REASON:
        return None
    if not Policy.objects.in_force(review.authority_id, on).is_rag_linked_to_ladder:
        return None
    stages = permissions.stages_now(review.authority_id, on)
    if not stages:
        return None
    return FollowUpForm(
        data,
        prefix="follow_up",
        stages=stages,
        escalations=list(Escalation.objects.open().of_child(review.child_id).with_its_people()),
        concern=rag_reason or review.rag_reason,
    )


class FollowUpForm(forms.Form):
    """After an Amber or Red rating: what happens to the concern."""

    template_name = "reviews/follow_up.html"

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
            Way.INFORMAL: f"Open {informal[0].name} with the {informal[0].role_name}" if informal else "",
            Way.LINK: "Link the review to a concern already open" if escalations else "",
            Way.FORMAL: "Go straight to a formal stage" if formal else "",
            Way.LEAVE: "Leave it without raising a concern",
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
        asked: dict[str, dict[str, str]] = {
            Way.INFORMAL: {"sought": "Enter what would settle it"},
            Way.FORMAL: {"stage": "Select which formal stage", "sought": "Enter what would settle it"},
            Way.LINK: {"escalation": "Select which concern it is part of"},
            Way.LEAVE: {"reason": "Enter why you are not raising a concern"},
        }
        needed = asked.get(str(choice), {})
        for name, words in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        kept = {"choice", *needed, *(["concern"] if choice in (Way.INFORMAL, Way.FORMAL) else [])}
        others = [name for name in self.fields if name not in kept]
        return {**cleaned, **dict.fromkeys(others, "")} if choice else cleaned

    @property
    def chosen(self) -> FollowUp:
        """What a valid form says. A field FollowUp does not know raises TypeError: nothing is left out in silence."""
        cleaned = self.cleaned_data
        stage, escalation = cleaned["stage"], cleaned["escalation"]
        keys = {"stage": int(stage) if stage else None, "escalation": UUID(escalation) if escalation else None}
        return FollowUp(**{**cleaned, **keys})

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _named(escalation: Escalation) -> str:
    start = escalation.concern[:80] + ("…" if len(escalation.concern) > 80 else "")
    return f"{escalation.reference}, at {escalation.stage.name}: {start}"
