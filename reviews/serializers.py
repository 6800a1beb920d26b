"""Reviews as machines are told of them, and what machines send to book and record one."""

from typing import Any

from rest_framework import serializers

from children.serializers import ChildNameSerializer
from machines.resources import Body, PersonSerializer
from timescales import Standing
from timescales.standing import standing

from .forms.sections import LONG_TEXT, MOST_DECISIONS, SHORT_TEXT
from .made import DecisionMade
from .models import Review
from .rules import DECISION_OWNER_LENGTH, PARTICIPATION_CHOICES, RAG_CHOICES

STANDINGS = [(code.value, code.label) for code in Standing if code is not Standing.CLOSED]
SAID = ("participation", "rag", "record")  # what VIEW alone does not open
UNREAD = "Null until recorded, and null where your role does not read what this child's record says."


class ReviewSerializer(serializers.Serializer):
    """A review with its stored dates. The context holds today as `on` and `read`: children whose record is read."""

    uuid = serializers.UUIDField()
    child = ChildNameSerializer()
    title = serializers.CharField(source="__str__", help_text="As a screen calls it: 'Second looked-after review'.")
    cycle = serializers.ChoiceField(Review.Cycle.choices)
    number = serializers.IntegerField(allow_null=True, help_text="Null: earlier history is not held.")
    rule = serializers.CharField(source="duty.rule", help_text="The statutory limit it is due under.")
    runs_from_on = serializers.DateField(
        source="duty.runs_from_on", allow_null=True, help_text="The day the limit runs from."
    )
    due_on = serializers.DateField(source="duty.due_on", allow_null=True, help_text="Null: not known.")
    last_safe_on = serializers.DateField(
        source="duty.last_safe_on", allow_null=True, help_text="The last working day up to then."
    )
    book_by_on = serializers.DateField(source="duty.act_by_on", allow_null=True)
    booked_for_on = serializers.DateField(source="duty.planned_for_on", allow_null=True)
    held_on = serializers.DateField(allow_null=True)
    standing = serializers.SerializerMethodField(help_text="Where it is against its date today.")
    recorded_at = serializers.DateTimeField(allow_null=True)
    recorded_by = PersonSerializer(allow_null=True)
    cancelled_at = serializers.DateTimeField(source="duty.closed_at", allow_null=True)
    participation = serializers.ChoiceField(PARTICIPATION_CHOICES, allow_null=True, help_text=UNREAD)
    rag = serializers.ChoiceField(RAG_CHOICES, allow_null=True, help_text=f"The IRO's rating. {UNREAD}")

    def get_standing(self, review: Review) -> Standing:
        """Where the duty stands; the due date itself is still in time."""
        duty, on = review.duty, self.context["on"]
        return standing(duty.due_on, review.held_on, on, duty.due_soon_on or on)

    def to_representation(self, instance: Review) -> dict[str, Any]:
        """The review; what its record says only for those who may read it."""
        shown: dict[str, Any] = super().to_representation(instance)
        is_read = instance.held_on is not None and instance.child_id in self.context["read"]
        said = [name for name in SAID if name in shown]
        return shown | {name: shown[name] or None if is_read else None for name in said}


class DecisionSerializer(serializers.Serializer):
    """One thing the review decided."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    outcome = serializers.CharField(help_text="What will be different for the child when the job is done.")
    owner = serializers.CharField()
    due_on = serializers.DateField(source="duty.due_on")


class RecordSerializer(serializers.Serializer):
    """What a review's record says."""

    childs_views = serializers.CharField()
    discussion = serializers.CharField()
    rag_reason = serializers.CharField()
    decisions = DecisionSerializer(many=True)


class WholeReviewSerializer(ReviewSerializer):
    """One review with its record."""

    record = RecordSerializer(source="*", allow_null=True, help_text=UNREAD)


class BookingBodySerializer(Body):
    """The day to book a review for."""

    booked_for_on = serializers.DateField()
    is_late_accepted = serializers.BooleanField(default=False, help_text="Needed to book a day after the due date.")


class DecisionBodySerializer(Body):
    """One thing the review decided, whole."""

    text = serializers.CharField(max_length=SHORT_TEXT)
    outcome = serializers.CharField(max_length=SHORT_TEXT)
    owner = serializers.CharField(max_length=DECISION_OWNER_LENGTH)
    due_on = serializers.DateField(help_text="Not before the review was held.")


class RecordBodySerializer(Body):
    """What recording a review takes."""

    token = serializers.UUIDField(help_text="Of your making, one for each record: sent again, nothing is doubled.")
    held_on = serializers.DateField(help_text="The day it was completed; not in the future.")
    participation = serializers.ChoiceField(
        PARTICIPATION_CHOICES, help_text="PN0 under four years of age, PN1 to PN7 from the fourth birthday."
    )
    childs_views = serializers.CharField(max_length=LONG_TEXT, allow_blank=True, default="")
    discussion = serializers.CharField(max_length=LONG_TEXT)
    rag = serializers.ChoiceField(RAG_CHOICES, help_text="The IRO's rating.")
    rag_reason = serializers.CharField(
        max_length=SHORT_TEXT, allow_blank=True, default="", help_text="Needed for AMBER and RED."
    )
    decisions = serializers.ListField(child=DecisionBodySerializer(), default=list, max_length=MOST_DECISIONS)
    has_no_decisions = serializers.BooleanField(default=False, help_text="Needed where there are none.")
    follow_up = serializers.DictField(
        child=serializers.CharField(max_length=LONG_TEXT, allow_blank=True),
        default=dict,
        help_text="What follows an AMBER or RED rating where the authority links ratings to its ladder; otherwise"
        " leave it out. `choice` says which way, and the way says what else is needed: INFORMAL `sought`;"
        " FORMAL `stage` (its position) and `sought`; LINK `escalation` (its uuid, open, of the same child);"
        " LEAVE `reason`. INFORMAL and FORMAL also take `concern`; left out, it is the reason for the rating.",
    )

    def validate_decisions(self, rows: list[dict[str, Any]]) -> list[DecisionMade]:
        """The decisions as the service takes them."""
        return [DecisionMade(**row) for row in rows]
