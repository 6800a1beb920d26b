"""Asking what another day would mean."""

from typing import Any

from django import forms

from screens.fields import DateField, DateParts


class MoveForm(forms.Form):
    """A day somebody is thinking of, in the address: nothing is changed by asking. `met` is the kind's own word."""

    moved_to = DateField(
        help_text="For example, 27 3 2027. Nothing is changed by asking.",
        called="the day",
        widget=DateParts(attrs={"data-label-size": "m"}),
    )

    def __init__(self, data: Any = None, *, met: str = "done", **kwargs: Any) -> None:
        asked = data if data and any(name.startswith("moved_to") for name in data) else None
        super().__init__(asked, **kwargs)
        self.fields["moved_to"].label = f"What if it is {met} on…?"
