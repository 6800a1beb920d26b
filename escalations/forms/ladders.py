"""Setting a ladder: its rungs as numbered rows, from which day, and why it is longer than guidance has it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from accounts.roles import RESPONDERS
from screens.fields import DateField, MultipleChoiceField, TextField, whole_number
from timescales.refusals import Refused

from ..rules import LONGEST_STAGE, MOST_RUNGS, LadderDecided, Rung, check_ladder, check_start

PARTS = ("name", "roles", "days", "formal", "sign_off")
NAME = re.compile(r"^(name|roles|days|formal|sign_off)_(\d{1,2})$")


class LadderForm(forms.Form):
    """A ladder. The rungs are plain numbered fields, as many as were posted; a blank one is left out."""

    ladder_name = TextField(
        label="What is this process called?",
        called="what the process is called",
        max_length=120,
        initial="Local resolution",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    starts_on = DateField(
        label="From what day?",
        help_text="Today or later. What is open by then stays on the ladder it began on.",
        called="the day the ladder begins",
    )
    why_longer = TextField(
        label="If the formal stages take more than 20 working days: why?",
        help_text="IRO Handbook, paragraph 6.2, has the formal process take no more than 20 working days.",
        called="why the formal stages take longer",
        lines=2,
        max_length=1000,
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.on = on
        self.row_count = max(1, row_count(data or self.initial))
        for number in range(self.row_count):
            self.fields |= _row_fields(number)

    def rows(self) -> Iterator[dict[str, BoundField]]:
        """The fields of each rung under their plain names."""
        for number in range(self.row_count):
            yield {part: self[f"{part}_{number}"] for part in PARTS}

    def clean(self) -> dict[str, Any]:
        """Ask of each rung begun what the rules ask, each refusal beside the box it is about."""
        cleaned = super().clean() or self.cleaned_data
        self.begun = [number for number in range(self.row_count) if self._is_begun(number, cleaned)]
        if not self.errors:
            self.decided = self._decided(cleaned)
            self._check(self.decided)
        return cleaned

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal beside the box it is about; its rung's number is among those that were begun."""
        part, _, number = (refusal.field or "").rpartition("_")
        name = f"{part}_{self.begun[int(number)]}" if part in PARTS and number.isdigit() else refusal.field
        self.add_error(name if name in self.fields else None, refusal.message)

    def _check(self, decided: LadderDecided) -> None:
        try:
            check_start(decided.starts_on, self.on)
            check_ladder(decided.stages, frozenset(code for code, _ in RESPONDERS), decided.why_longer)
        except Refused as refusal:
            self.refuse(refusal)

    def _is_begun(self, number: int, cleaned: Mapping[str, Any]) -> bool:
        names = [f"{part}_{number}" for part in PARTS]
        return any(cleaned.get(name) or name in self.errors for name in names)

    def _decided(self, cleaned: Mapping[str, Any]) -> LadderDecided:
        rungs = tuple(self._rung(number, cleaned) for number in self.begun)
        return LadderDecided(cleaned["ladder_name"], cleaned["starts_on"], rungs, cleaned["why_longer"])

    def _rung(self, number: int, cleaned: Mapping[str, Any]) -> Rung:
        return Rung(
            name=cleaned[f"name_{number}"],
            responder_roles=tuple(cleaned[f"roles_{number}"]),
            working_days=whole_number(cleaned[f"days_{number}"], 3) or 0,
            is_formal=cleaned[f"formal_{number}"],
            sign_off=cleaned[f"sign_off_{number}"],
        )


def _row_fields(number: int) -> dict[str, forms.Field]:
    called = f"stage {number + 1}"
    return {
        f"name_{number}": TextField(
            label="Name",
            called=f"the name of {called}",
            max_length=80,
            required=False,
            widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        ),
        f"roles_{number}": MultipleChoiceField(
            label="Who answers?",
            help_text="Any one of those ticked may give the answer.",
            called=f"who answers at {called}",
            choices=RESPONDERS,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        f"days_{number}": TextField(
            label="Working days to answer",
            called=f"the working days of {called}",
            help_text=f"1 to {LONGEST_STAGE}.",
            max_length=20,
            required=False,
            widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        ),
        f"formal_{number}": forms.BooleanField(label="It is a formal stage", required=False),
        f"sign_off_{number}": TextField(
            label="Whose agreement is asked for before it, if anybody's?",
            help_text="Advice to the IRO. It never stops a concern from going up.",
            called=f"whose agreement {called} asks for",
            max_length=120,
            required=False,
            widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        ),
    }


def initial_of(rungs: Iterable[Any]) -> dict[str, Any]:
    """What the boxes show of these rungs: of an example, or the stages of a ladder."""
    shown: dict[str, Any] = {}
    for number, rung in enumerate(rungs):
        shown |= {
            f"name_{number}": rung.name,
            f"roles_{number}": list(rung.responder_roles),
            f"days_{number}": str(rung.working_days),
            f"formal_{number}": rung.is_formal,
            f"sign_off_{number}": rung.sign_off,
        }
    return shown


def row_count(names: Iterable[str]) -> int:
    """How many rows these names hold, up to MOST_RUNGS."""
    return min(max((int(match[2]) + 1 for name in names if (match := NAME.match(name))), default=0), MOST_RUNGS)


def with_row_added(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same fields with a blank row after the last; unchanged where there are MOST_RUNGS."""
    count = max(1, row_count(fields))
    return dict(fields) if count >= MOST_RUNGS else {**fields, f"name_{count}": [""]}


def without_row(fields: Mapping[str, list[str]], gone: int) -> dict[str, list[str]]:
    """The same fields without one row, the rows after it moved up."""
    kept: dict[str, list[str]] = {}
    for name, texts in fields.items():
        match = NAME.match(name)
        number = int(match[2]) if match else -1
        if match and number > gone:
            kept[f"{match[1]}_{number - 1}"] = texts
        elif number != gone:
            kept[name] = texts
    return kept
