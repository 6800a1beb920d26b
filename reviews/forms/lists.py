"""Which reviews to list."""

from django import forms

from screens.fields import ChoiceField, DateField
from timescales import Standing

OPEN = "OPEN"
STANDINGS = [
    (OPEN, "Not held yet"),
    *((standing.value, standing.label.capitalize()) for standing in Standing),
]


class FilterForm(forms.Form):
    """Reviews by where they stand, and by when they were held."""

    standing = ChoiceField(label="Standing", choices=[("", "Any"), *STANDINGS], required=False)
    held_from = DateField(label="Held from", called="the first day", required=False)
    held_to = DateField(label="Held to", called="the last day", required=False)
