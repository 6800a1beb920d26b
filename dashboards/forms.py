"""What may be asked for in an address or a search box, as plain Python values."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from screens.fields import ChoiceField, DateField, TextField
from timescales.refusals import Refused

from .rules import Period, check_days, last_quarter, last_year, this_quarter, year_to_date

PERIODS = {
    "this-quarter": this_quarter,
    "last-quarter": last_quarter,
    "year-to-date": year_to_date,
    "last-year": last_year,
}
PERIOD_CHOICES = [
    ("this-quarter", "This quarter"),
    ("last-quarter", "Last quarter"),
    ("year-to-date", "Year to date (1 April to today)"),
    ("last-year", "Last year (1 April to 31 March)"),
    ("from-to", "From and to"),
]


class PeriodForm(forms.Form):
    """The period of the figures: a named one, or from one day to another."""

    period = ChoiceField(
        label="Period", choices=PERIOD_CHOICES, required=False, called="a period", widget=forms.Select
    )
    from_on = DateField(label="From", called="the first day", required=False)
    to_on = DateField(label="To", called="the last day", required=False)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Refuse a period that is not two days in order, up to today."""
        cleaned = super().clean() or {}
        if cleaned.get("period") == "from-to" and not self.errors:
            self._check_days(cleaned.get("from_on"), cleaned.get("to_on"))
        return cleaned

    def _check_days(self, first: date | None, last: date | None) -> None:
        if first is None:
            self.add_error("from_on", "Enter the first day")
        if last is None:
            self.add_error("to_on", "Enter the last day")
        if first and last:
            try:
                check_days(first, last, self.today)
            except Refused as refused:
                self.add_error(f"{refused.field}_on", refused.message)

    @property
    def chosen(self) -> Period:
        """The period asked for; this quarter where nothing, or nothing that can be read, was asked for."""
        name = self.cleaned_data.get("period") if self.is_valid() else ""
        if name == "from-to":
            return Period(self.cleaned_data["from_on"], self.cleaned_data["to_on"], "in this period")
        return PERIODS.get(name or "", this_quarter)(self.today)


class SearchForm(forms.Form):
    """A name or a reference."""

    query = TextField(label="Name or reference", called="a name or a reference", max_length=100)


class StoryFilter(forms.Form):
    """Which kinds of events the story shows."""

    kind = forms.ChoiceField(required=False)
