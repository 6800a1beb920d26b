"""An alert as machines are told of it."""

from rest_framework import serializers

from children.serializers import ChildNameSerializer

from .models import Alert


class AlertSerializer(serializers.Serializer):
    """One thing that has slipped or is about to, about a review or about an escalation."""

    uuid = serializers.UUIDField()
    kind = serializers.ChoiceField(Alert.Kind.choices)
    child = ChildNameSerializer()
    review = serializers.UUIDField(source="review.uuid", default=None, allow_null=True)
    escalation = serializers.UUIDField(source="step.escalation.uuid", default=None, allow_null=True)
    due_on = serializers.DateField(help_text="The day the alert is about.")
    raised_at = serializers.DateTimeField()
