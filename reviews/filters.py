"""What reviews are listed by, on their page and in the API."""

from typing import Any

import django_filters
from django import forms

from accounts.requests import viewer_in
from duties.models import Duty
from screens.filters import ChoiceFilter, DayFilter, FilterSet
from timescales import Standing

from .querysets import DecisionQuerySet, ReviewQuerySet

OPEN = "OPEN"
LATE = "LATE"
HELD_NOT_KNOWN = "HELD_NOT_KNOWN"
STANDINGS = [
    (LATE, "Overdue, or booked too late"),
    *((one.value, one.label.capitalize()) for one in Standing if one is not Standing.CLOSED),
    (HELD_NOT_KNOWN, "Held, and due date not known"),
]


OWED = "OWED"
DECISION_STANDINGS = [
    (OWED, "Still owed"),
    ("OVERDUE", "Past its date"),
    ("NOT_YET", "Not yet past its date"),
    ("DONE", "Done"),
    ("NO_LONGER_RIGHT", "No longer right"),
    ("NOT_SAID", "Reviewed since, nothing said"),
]


class _Form(forms.Form):
    """What the filters must agree on."""

    def clean(self) -> dict[str, Any]:
        """Days held ask for reviews that were: with them, "Not held yet" is as if it had not been asked."""
        cleaned = super().clean() or {}
        for what in ("held", "due"):
            first, last = cleaned.get(f"{what}_from"), cleaned.get(f"{what}_to")
            if first and last and last < first:
                self.add_error(f"{what}_to", "The last day must be the first day or later")
        if (cleaned.get("held_from") or cleaned.get("held_to")) and cleaned.get("standing") == OPEN:
            cleaned["standing"] = ""
        return cleaned


class ReviewFilter(FilterSet):
    """Reviews by where they stand, and by when they were held or are due. A page lists those not held yet first."""

    defaults = {"standing": OPEN}

    child = django_filters.UUIDFilter(field_name="child__uuid", label="One child", widget=forms.HiddenInput)
    standing = ChoiceFilter(choices=[(OPEN, "Not held yet"), *STANDINGS], method="by_standing", label="Standing")
    held_from = DayFilter(field_name="held_on", lookup_expr="gte", label="Held from", called="the first day")
    held_to = DayFilter(field_name="held_on", lookup_expr="lte", label="Held to", called="the last day")
    due_from = DayFilter(field_name="duty__due_on", lookup_expr="gte", label="Due from", called="the first day")
    due_to = DayFilter(field_name="duty__due_on", lookup_expr="lte", label="Due to", called="the last day")

    class Meta:
        form = _Form

    def by_standing(self, rows: ReviewQuerySet, name: str, value: str) -> ReviewQuerySet:
        """Those that stand so today."""
        return rows.standing_at(value, viewer_in(self.request).on)


class DecisionFilter(FilterSet):
    """Decisions by what came of them, by who answers for them, and by their date. A page lists those owed first."""

    defaults = {"standing": OWED}

    child = django_filters.UUIDFilter(field_name="child__uuid", label="One child", widget=forms.HiddenInput)
    standing = ChoiceFilter(choices=DECISION_STANDINGS, method="by_standing", label="What came of it")
    whose = ChoiceFilter(
        choices=[("me", "Mine to do")], empty_label="Anybody", method="by_whose", label="Who answers for it"
    )
    due_from = DayFilter(field_name="duty__due_on", lookup_expr="gte", label="Due from", called="the first day")
    due_to = DayFilter(field_name="duty__due_on", lookup_expr="lte", label="Due to", called="the last day")

    def by_standing(self, rows: DecisionQuerySet, name: str, value: str) -> DecisionQuerySet:
        """Those of which that holds today."""
        return rows.standing_at(value, viewer_in(self.request).on)

    def by_whose(self, rows: DecisionQuerySet, name: str, value: str) -> DecisionQuerySet:
        """Those the reader answers for."""
        return rows.owed_by(self.request.user, Duty.objects.open())
