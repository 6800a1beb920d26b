"""An alert, and a sweep, as machines are told of them."""

from uuid import UUID

from rest_framework import serializers

from children.serializers import ChildNameSerializer
from duties import kinds

from . import sql
from .models import Alert


def codes() -> list[tuple[str, str]]:
    """Code and words of every notice in the table of kinds."""
    return [(notice.code, notice.label) for _, notice in sql.notices()]


class AlertSerializer(serializers.Serializer):
    """One thing that has slipped or is about to: a duty, where it stands, and the day it was due by."""

    uuid = serializers.UUIDField()
    kind = serializers.ChoiceField(codes(), source="code")
    child = ChildNameSerializer()
    duty = serializers.UUIDField(source="duty.uuid")
    review = serializers.SerializerMethodField(help_text="The review it is worked on, if that is one.")
    escalation = serializers.SerializerMethodField(help_text="The escalation it is worked on, if that is one.")
    due_on = serializers.DateField(help_text="The day the alert is about.")
    raised_at = serializers.DateTimeField()

    def get_review(self, alert: Alert) -> UUID | None:
        return _about(alert, "reviews:review")

    def get_escalation(self, alert: Alert) -> UUID | None:
        return _about(alert, "escalations:escalation")


def _about(alert: Alert, page: str) -> UUID | None:
    """What the duty is worked on, where that is on this page."""
    kind = kinds.find(alert.duty.kind)
    return alert.duty.about if kind and kind.page == page else None


class DaySerializer(serializers.Serializer):
    """The day asked about."""

    on = serializers.DateField(
        required=False, input_formats=["%Y-%m-%d"], help_text="A day, as 2026-08-17; today where none is given."
    )


class SweptSerializer(serializers.Serializer):
    """What a look at everything an authority owes found."""

    checked = serializers.IntegerField(help_text="Open duties of the authority.")
    raised = serializers.IntegerField(help_text="Alerts that come with it.")
    cleared = serializers.IntegerField(help_text="Alerts that go with it.")
    by_kind = serializers.DictField(
        child=serializers.IntegerField(), help_text="Alerts that stand after it, by kind."
    )
    without_recipient = serializers.IntegerField(help_text="Of those, alerts that nobody can be told of.")
