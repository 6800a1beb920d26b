"""Escalations as machines are told of them, and what machines send to act on one."""

from rest_framework import serializers

from accounts import roles
from children.serializers import ChildNameSerializer
from machines.resources import Body, PersonSerializer

from .models import Escalation, Response
from .rules import LONGEST


class StageSerializer(serializers.Serializer):
    """A rung of the ladder."""

    position = serializers.IntegerField(help_text="0 is the lowest.")
    name = serializers.CharField()
    responder_roles = serializers.ListField(
        child=serializers.ChoiceField(roles.RESPONDERS), help_text="Who answers there: any one of them."
    )
    working_days = serializers.IntegerField(help_text="Within how many working days.")
    is_formal = serializers.BooleanField()


class EscalationSerializer(serializers.Serializer):
    """A concern and where it stands now."""

    uuid = serializers.UUIDField()
    reference = serializers.CharField(help_text="What a letter may call it: no name in it.")
    child = ChildNameSerializer()
    status = serializers.ChoiceField(Escalation.Status.choices)
    stage = StageSerializer(help_text="The rung it stands on, or stood on when it was resolved.")
    concern = serializers.CharField()
    sought = serializers.CharField(help_text="What would settle it.")
    raised_on = serializers.DateField()
    raised_by = PersonSerializer()
    response_due_on = serializers.DateField(allow_null=True, help_text="Null: no answer is awaited.")
    resolved_at = serializers.DateTimeField(allow_null=True)


class ResponseSerializer(serializers.Serializer):
    """A manager's answer at one rung."""

    answer = serializers.ChoiceField(Response.Answer.choices)
    action = serializers.CharField()
    action_due_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    responded_on = serializers.DateField()
    responded_by = PersonSerializer()


class StepSerializer(serializers.Serializer):
    """One rung reached, and its answer."""

    stage = StageSerializer()
    opened_on = serializers.DateField()
    opened_by = PersonSerializer()
    reason = serializers.CharField(help_text="Why it moved up; empty on the first.")
    response_due_on = serializers.DateField(source="duty.due_on")
    response = ResponseSerializer(allow_null=True, default=None)


class LinkedReviewSerializer(serializers.Serializer):
    """A review whose rating opened the concern, or was linked to it."""

    uuid = serializers.UUIDField(source="review.uuid")
    held_on = serializers.DateField(source="review.held_on", allow_null=True)
    is_origin = serializers.BooleanField()


class WholeEscalationSerializer(EscalationSerializer):
    """One concern with every rung reached, each answer and how it ended."""

    steps = StepSerializer(many=True, help_text="The lowest first.")
    stages = StageSerializer(many=True, source="ladder.stages.all", help_text="The whole ladder it is on.")
    reviews = LinkedReviewSerializer(many=True, source="links.with_reviews")
    resolved_by = PersonSerializer(allow_null=True)
    resolution = serializers.CharField(help_text="Empty while it is open.")


class PositionField(serializers.IntegerField):
    """The position of a stage on the ladder."""

    def __init__(self, help_text: str) -> None:
        super().__init__(min_value=0, max_value=9999, help_text=help_text)


SEEN = "The position of the stage it stands on as you last read it: nobody acts on a rung they have not seen."


class AnswerBodySerializer(Body):
    """A manager's answer."""

    submission = serializers.UUIDField(help_text="Of your making, one for each: sent again, nothing is doubled.")
    position = PositionField(SEEN)
    answer = serializers.ChoiceField(Response.Answer.choices)
    action = serializers.CharField(
        max_length=LONGEST, allow_blank=True, default="", help_text="What will be done; needed unless contested."
    )
    action_due_on = serializers.DateField(
        allow_null=True, default=None, help_text="Today or later; needed unless contested."
    )
    reason = serializers.CharField(
        max_length=LONGEST, allow_blank=True, default="", help_text="Needed unless accepted whole."
    )


class MoveUpBodySerializer(Body):
    """Which higher rung, and why."""

    position = PositionField(SEEN)
    stage = PositionField("The position of the stage it goes to; rungs between may be left out.")
    reason = serializers.CharField(max_length=LONGEST)


class ResolutionBodySerializer(Body):
    """How the concern ended."""

    resolution = serializers.CharField(max_length=LONGEST)
