"""A duty as machines and operators are told of it."""

from datetime import date

from django.db.models import F
from rest_framework import serializers

from timescales import Standing

from .querysets import DutyQuerySet


def as_shown(rows: DutyQuerySet, on: date) -> DutyQuerySet:
    """Of these duties those there were that day, with all that is shown of each as it stood then, in one query."""
    return rows.as_of(on).select_related("child").annotate(number=F("review__number"))


class DutySerializer(serializers.Serializer):
    """Something owed about a child by a day. Its rows hold `standing`, on the day asked about."""

    uuid = serializers.UUIDField()
    child = serializers.CharField(source="child.reference", help_text="The child's reference.")
    kind = serializers.CharField(help_text="What is owed: REVIEW, RESPONSE, DECISION …")
    series = serializers.CharField(help_text="Of a series one is open at a time: CARE, ADOPTION or SHORT_BREAK.")
    number = serializers.IntegerField(allow_null=True, help_text="1 for a first review. Null: not known, or none.")
    rule = serializers.CharField(help_text="The limit it is due under.")
    runs_from_on = serializers.DateField(allow_null=True, help_text="The day the limit runs from.")
    due_on = serializers.DateField(allow_null=True, help_text="Null: not known.")
    planned_for_on = serializers.DateField(allow_null=True)
    met_on = serializers.DateField(source="met_by_then_on", allow_null=True)
    closed_on = serializers.DateField(
        source="closed_by_then_on", allow_null=True, help_text="The day it stopped being owed."
    )
    standing = serializers.ChoiceField([code.value for code in Standing])
