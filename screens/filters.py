"""What a list is narrowed by: one set of filters for its page, for the marks of those in force, and for the API."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Self

import django_filters
from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from .cells import short_day
from .components import Chip, ChipGroup
from .fields import PARTS, DateField, DateParts
from .paging import with_query

ONE_WORD = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NOT_OFFERED = {"invalid_choice": "Select one of the answers shown"}


class DayParts(DateParts):
    """Three boxes on a page; a machine writes the same day in one word."""

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> Any:
        """What was typed in the boxes, else the word."""
        typed = super().value_from_datadict(data, files, name)
        return data.get(name) if typed is None else typed


class DayField(DateField):
    """A day from three boxes, or written 2026-08-17."""

    widget = DayParts

    def to_python(self, value: Any) -> date | None:
        """The day, or None for nothing; ValidationError for any other word."""
        if not value or not isinstance(value, str):
            return super().to_python(value)
        try:
            return date.fromisoformat(value if ONE_WORD.fullmatch(value) else "")
        except ValueError:
            raise self._refusal("must be a real date, written as 2026-08-17", "unreal", list(PARTS)) from None


class DayFilter(django_filters.DateFilter):
    """Rows by a day."""

    field_class = DayField


class ChoiceFilter(django_filters.ChoiceFilter):
    """Rows by one of a few answers; any of them where none is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"empty_label": "Any", "error_messages": NOT_OFFERED, **kwargs})


class FilterSet(django_filters.FilterSet):
    """Filters of one noun. A value that cannot be used narrows nothing and is told at its field; the API refuses it.

    `defaults` are in force on a page whose address says nothing of them; a machine is given what it asks for.
    """

    defaults: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def of_page(cls, request: HttpRequest, rows: Any) -> Self:
        """Bound to the address of a page."""
        asked = request.GET.copy()
        for name, value in cls.defaults.items():
            asked.setdefault(name, value)
        return cls(asked, rows, request=request)

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Give a filter the answers that only this request knows.

        Its field may have been made already, without any: whoever writes the API's description asks the class for it,
        and each set begins as a copy of its class.
        """
        asked = self.filters[name]
        asked.extra["choices"] = choices
        vars(asked).pop("_field", None)

    @property
    def chosen(self) -> dict[str, Any]:
        """The values in force, by the name of their filter."""
        return {} if self.form.errors and not self.form.cleaned_data else _said(self.form.cleaned_data)

    def words(self, name: str) -> str:
        """The answer in force for one filter, as its list of answers says it; "" for none."""
        value = self.chosen.get(name)
        return "" if value is None else _in_words(self.form.fields[name], value)

    @property
    def chips(self) -> list[ChipGroup]:
        """Each filter the address asks for, in words, with the address of the list without it."""
        assert self.request is not None  # a page's set knows its request
        return list(self._chips(self.request.GET))

    def _chips(self, query: QueryDict) -> Iterator[ChipGroup]:
        for name in self.chosen:
            parts = [f"{name}_{part}" for part in PARTS]
            if name in query or any(part in query for part in parts):
                without: dict[str, str | None] = dict.fromkeys([name, *parts, "page"])
                without |= {name: ""} if name in self.defaults else {}
                field = self.form.fields[name]
                heading = "Only" if field.widget.is_hidden else str(field.label)
                yield ChipGroup(heading, [Chip(self.words(name), with_query(query, **without))])


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return short_day(value)
    answers = dict(getattr(field, "choices", ()))
    return str(answers.get(value, field.label))
