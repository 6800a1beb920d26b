"""Form fields that speak the way the design system does."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from screens.cells import day

PARTS = ("day", "month", "year")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
SEPARATORS = re.compile(r"[\s.,]+")


# Buttons, and hidden fields that say which page this was: what nobody types. By the last part of a prefixed name.
NEVER_TYPED = frozenset(
    {
        *("change", "csrfmiddlewaretoken", "do", "is_answered", "page", "position", "remove", "seen", "seen_for_on"),
        *("submission", "token", "version"),
    }
)


# What a page that shows a change before it is made posts beside the form itself.
CONTROLS = frozenset({"csrfmiddlewaretoken", "do", "remove", "seen", "shown"})


def carried(posted: QueryDict) -> list[tuple[str, str]]:
    """Name and text of what was posted of a form, for the page that comes between, to carry along unseen."""
    return [(name, text) for name, texts in posted.lists() if name not in CONTROLS for text in texts]


def answers_of(form: forms.Form) -> list[tuple[str, str]]:
    """Each answer of a valid form with its question, in words, to give back to the person who typed it."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "", []) or field.widget.is_hidden:
            continue
        found.append((str(field.label), _in_words(field, value)))
    return found


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    words = dict(cast(list[tuple[str, str]], field.choices)) if isinstance(field, forms.ChoiceField) else {}
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(str(words.get(one, one)) for one in chosen)


def is_typed(name: str) -> bool:
    """Whether a person fills in the field of this name."""
    plain = name.rpartition("-")[2]
    return plain not in NEVER_TYPED and not plain.startswith("seen_")


def as_typed(form: forms.Form, typed: Mapping[str, list[str]]) -> forms.Form:
    """An unbound form showing what was typed, valid or not, without its errors; hidden fields stay as they are."""
    data = MultiValueDict(typed)
    for name, field in form.fields.items():
        if not field.widget.is_hidden:
            form.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name))
    return form


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _named(label: Any, otherwise: str) -> str:
    """A label to speak of in an error; a question ("Where was it held?") cannot be the subject of one."""
    words = str(label or "")
    return otherwise if not words or words.endswith("?") else words


def _joined(parts: list[str]) -> str:
    return " and ".join(f"a {part}" for part in parts) if len(parts) < 3 else "a day, a month and a year"


def month_number(typed: str) -> int | None:
    """The month (1 to 12) typed as a number, a name or three letters of it or more; None if no month."""
    word = SEPARATORS.sub("", typed).lower()
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= 12 else None
    if word == "sept":
        return 9
    named = [number for number, name in enumerate(MONTHS, start=1) if len(word) >= 3 and name.startswith(word)]
    return named[0] if named else None


def whole_number(typed: str, digits: int) -> int | None:
    """The number typed in at most this many plain digits; None for anything else."""
    word = typed.strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) <= digits else None


class DateParts(forms.Widget):
    """Three boxes: day, month, year, posted as `<name>_day`, `<name>_month`, `<name>_year`."""

    template_name = "screens/widgets/date.html"
    use_fieldset = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> tuple[str, ...] | None:
        """What was typed in the three boxes, or None when none of them was posted."""
        if self.value_omitted_from_data(data, files, name):
            return None
        return tuple(str(data.get(f"{name}_{part}") or "").strip() for part in PARTS)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-day" if id_ else id_

    def boxes(self, name: str, value: Any, auto_id: str, wrong: set[str]) -> list[dict[str, Any]]:
        """Each box with its label, name, id, typed text and width in characters."""
        typed = parts_of(value)
        return [
            {
                "label": _capital(part),
                "name": f"{name}_{part}",
                "id": f"{auto_id}-{part}",
                "value": text,
                "width": {"day": 2, "month": 4, "year": 4}[part],
                "is_wrong": part in wrong,
                # a month may be typed by name, which a keypad of digits would forbid
                "is_number": part != "month",
            }
            for part, text in zip(PARTS, typed, strict=True)
        ]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["boxes"] = self.boxes(name, value, (attrs or {}).get("id") or f"id_{name}", set())
        return context

    def format_value(self, value: Any) -> Any:
        return value


def parts_of(value: Any) -> tuple[str, ...]:
    """The texts of the three boxes for a date, a moment, an ISO text, typed parts, or nothing."""
    if isinstance(value, str) and value:
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return (value, "", "")
    if isinstance(value, date):
        return (str(value.day), str(value.month), str(value.year))
    if isinstance(value, (list, tuple)) and len(value) == 3:
        return tuple(str(part) for part in value)
    return ("", "", "")


class DateField(forms.Field):
    """A day, typed in three boxes; says which box is missing or wrong and keeps what was typed.

    `called` names it in errors: "the date of the review" gives "The date of the review must include a month".
    """

    widget = DateParts

    def __init__(self, *, called: str | None = None, **kwargs: Any) -> None:
        self._has_own_words = "required" in (kwargs.get("error_messages") or {})
        super().__init__(**kwargs)
        self._called = called

    @property
    def called(self) -> str:
        return self._called or _named(self.label, "the date")

    def to_python(self, value: Any) -> date | None:
        """The day, or None for empty boxes; ValidationError whose `params["parts"]` names the wrong boxes."""
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        typed = parts_of(value)
        if not any(typed):
            return None
        self._refuse_missing(typed)
        return self._day(typed)

    def validate(self, value: Any) -> None:
        if self._has_own_words:
            super().validate(value)
        elif self.required and value is None:
            called = self.called[:1].lower() + self.called[1:]
            raise ValidationError(f"Enter {called}", code="required")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True when the boxes say another day than the form was opened with, or no real day."""
        return tuple(parts_of(initial)) != tuple(parts_of(data)) and self._differs(initial, data)

    def _differs(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _refuse_missing(self, typed: tuple[str, ...]) -> None:
        missing = [part for part, text in zip(PARTS, typed, strict=True) if not text]
        if missing:
            raise self._refusal(f"must include {_joined(missing)}", "incomplete", missing)

    def _day(self, typed: tuple[str, ...]) -> date:
        day, month, year = whole_number(typed[0], 2), month_number(typed[1]), whole_number(typed[2], 4)
        if month is None:
            raise self._refusal("must have a month from 1 to 12, or its name", "month", ["month"])
        if year is None or len(typed[2].strip()) != 4:
            raise self._refusal("must have a year of 4 numbers, such as 2026", "year", ["year"])
        if day is None:
            raise self._refusal("must have a day from 1 to 31", "day", ["day"])
        try:
            return date(year, month, day)
        except ValueError:
            raise self._refusal("must be a real date", "unreal", ["day", "month", "year"]) from None

    def _refusal(self, words: str, code: str, parts: list[str]) -> ValidationError:
        return ValidationError(f"{_capital(self.called)} {words}", code=code, params={"parts": parts})


class TextField(forms.CharField):
    """Plain text. Too long or unkeepable text is refused with its length, never cut.

    `lines` above 1 gives a text area; `count` shows how many characters are left. Line ends count as one
    character, as the person sees them.
    """

    def __init__(self, *, called: str | None = None, lines: int = 1, count: bool = False, **kwargs: Any) -> None:
        if lines > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        # Our own words for both checks, so Django's two validators are not asked for.
        self.most: int | None = kwargs.pop("max_length", None)
        self._has_own_words = "required" in (kwargs.get("error_messages") or {})
        super().__init__(**kwargs)
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]
        self._called = called
        self.counted_length = self.most if count else None

    @property
    def called(self) -> str:
        return self._called or _named(self.label, "your answer")

    def to_python(self, value: Any) -> str:
        """The text with line ends as one character and the blanks at both ends gone."""
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: Any) -> None:
        """Refuse no text where it is required, a NUL character, or more than `max_length` characters."""
        if self.required and value in self.empty_values and not self._has_own_words:
            called = self.called[:1].lower() + self.called[1:]
            raise ValidationError(f"Enter {called}", code="required")
        super().validate(value)
        if "\x00" in value:
            raise ValidationError(
                f"{_capital(self.called)} holds a character that cannot be kept (NUL); take it out",
                code="null_characters_not_allowed",
            )
        if self.most is not None and len(value) > self.most:
            limit = f"must be {self.most:,} characters or fewer; you typed {len(value):,}"
            raise ValidationError(f"{_capital(self.called)} {limit}", code="max_length")


class ChoiceField(forms.ChoiceField):
    """One of a few answers; "Select {called}" when none was chosen."""

    def __init__(self, *, called: str | None = None, **kwargs: Any) -> None:
        words = kwargs.setdefault("error_messages", {})
        words.setdefault("required", f"Select {called or 'an answer'}")
        words.setdefault("invalid_choice", "Select one of the answers shown")
        super().__init__(**kwargs)


class MultipleChoiceField(forms.MultipleChoiceField):
    """Any of a few answers; "Select {called}" when one is needed and none was chosen."""

    def __init__(self, *, called: str | None = None, **kwargs: Any) -> None:
        words = kwargs.setdefault("error_messages", {})
        words.setdefault("required", f"Select {called or 'at least one answer'}")
        words.setdefault("invalid_choice", "Select from the answers shown")
        super().__init__(**kwargs)
