"""What an authority decides: its margins, what a rating leads to, its words."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from authorities.models import Policy
from authorities.rules import MARGINS, PolicyDecided, check_policy
from authorities.words import STANDARD
from screens.fields import ChoiceField, DateField, TextField, whole_number
from timescales.refusals import Refused

LONGEST_WORD = 40
ASKED = {
    "escalation": "What is a concern called, one of them?",
    "escalations": "And several of them?",
    "child_looked_after": "What is a looked-after child called, one of them?",
    "children_looked_after": "And several of them?",
}
CHALLENGES = {
    "yes": "An Amber or Red rating asks for a concern, or for the reason why none is raised",
    "no": "A rating stands by itself: a concern is raised apart",
}


class PracticeForm(forms.Form):
    """The whole policy from a day on, as it stands until it is changed."""

    starts_on = DateField(
        label="From what day?",
        help_text="Today or later. A policy that begins later takes effect by itself that day.",
        called="the day this begins",
    )
    ladder = ChoiceField(
        label="What does an Amber or Red rating lead to?",
        called="what a rating leads to",
        choices=list(CHALLENGES.items()),
        widget=forms.RadioSelect,
    )
    why = TextField(
        label="Why is it changed?", called="why it is changed", lines=2, max_length=1000, help_text="Kept with it."
    )

    def __init__(self, data: Any = None, *, now: Policy, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _shown(now))
        super().__init__(data, **kwargs)
        self.on = on
        self.fields |= {name: _margin_field(name) for name in MARGINS}
        self.fields |= {f"word_{key}": _word_field(key, asked) for key, asked in ASKED.items()}

    def margins(self) -> Iterator[BoundField]:
        """The boxes of the margins."""
        yield from (self[name] for name in MARGINS)

    def words(self) -> Iterator[BoundField]:
        """The boxes of the words."""
        yield from (self[f"word_{key}"] for key in ASKED)

    def clean(self) -> dict[str, Any]:
        """Hold what was typed to the rules, each refusal beside its box."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.decided = self._decided(cleaned)
            try:
                check_policy(self.decided, self.on)
            except Refused as refusal:
                self.refuse(refusal)
        return cleaned

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal beside the box it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    def _decided(self, cleaned: dict[str, Any]) -> PolicyDecided:
        words = {key: cleaned[f"word_{key}"].strip() for key in ASKED}
        return PolicyDecided(
            starts_on=cleaned["starts_on"],
            margins={name: whole_number(cleaned[name], 2) for name in MARGINS},
            is_rag_linked_to_ladder=cleaned["ladder"] == "yes",
            words={key: word for key, word in words.items() if word and word != STANDARD[key]},
            why=cleaned["why"].strip(),
        )


def _shown(now: Policy) -> dict[str, Any]:
    words = {f"word_{key}": now.words.get(key, STANDARD[key]) for key in ASKED}
    margins = {name: str(days) for name, days in now.margins.items()}
    return {**margins, **words, "ladder": "yes" if now.is_rag_linked_to_ladder else "no"}


def _margin_field(name: str) -> forms.Field:
    margin = MARGINS[name]
    return TextField(
        label=margin.asked,
        help_text=f"Working days, {margin.least} to {margin.most}.",
        called=margin.asked.lower(),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )


def _word_field(key: str, asked: str) -> forms.Field:
    return TextField(
        label=asked,
        help_text=f"Standard: {STANDARD[key]}. Left empty, the standard word is used.",
        called="the word",
        max_length=LONGEST_WORD,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
