"""Which reviews to list."""

from typing import Any

from django import forms

from screens.fields import ChoiceField, DateField
from timescales import Standing

OPEN = "OPEN"
STANDINGS = [
    (OPEN, "Not held yet"),
    *((one.value, one.label.capitalize()) for one in Standing if one is not Standing.CLOSED),
]


class FilterForm(forms.Form):
    """Reviews by where they stand, and by when they were held."""

    standing = ChoiceField(label="Standing", choices=[("", "Any"), *STANDINGS], required=False)
    held_from = DateField(label="Held from", called="the first day", required=False)
    held_to = DateField(label="Held to", called="the last day", required=False)

    def clean(self) -> dict[str, Any]:
        """Days held ask for reviews that were: with them, "Not held yet" is as if it had not been asked."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("held_from"), cleaned.get("held_to")
        if first and last and last < first:
            self.add_error("held_to", "The last day must be the first day or later")
        if (first or last) and cleaned.get("standing") == OPEN:
            cleaned["standing"] = ""
        return cleaned
