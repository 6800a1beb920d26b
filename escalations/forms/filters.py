"""What a list of concerns shows."""

from collections.abc import Sequence
from typing import Any

from django import forms

from screens.fields import ChoiceField

STATUSES = [("", "Open"), ("resolved", "Resolved"), ("all", "Open and resolved")]


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

    @property
    def caption(self) -> str:
        """What the list then holds: "Open concerns", "Resolved concerns at Stage 1"."""
        stage = self.chosen.get("stage", "")
        return f"{dict(STATUSES)[self.chosen.get('status', '')]} concerns{f' at {stage}' if stage else ''}"
