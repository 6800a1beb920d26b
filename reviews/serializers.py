"""Reviews as machines are told of them, and what machines send to book and record one."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from children.serializers import ChildNameSerializer
from duties.cells import duty_standing
from machines.resources import Body, PersonSerializer
from timescales import Standing

from .forms.sections import LONG_TEXT, MOST_DECISIONS, SHORT_TEXT
from .made import DecisionMade, OutcomeSaid
from .models import DecisionOutcome, Review
from .rules import DECISION_OWNER_LENGTH, OUTCOME_CHOICES, PARTICIPATION_CHOICES, PROOF_LENGTH, RAG_CHOICES

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
        return duty_standing(duty, on)

    def to_representation(self, instance: Review) -> dict[str, Any]:
        """The review; what its record says only for those who may read it."""
        shown: dict[str, Any] = super().to_representation(instance)
        is_read = instance.held_on is not None and instance.child_id in self.context["read"]
        said = [name for name in SAID if name in shown]
        return shown | {name: shown[name] or None if is_read else None for name in said}


class OutcomeSerializer(serializers.Serializer):
    """What somebody said came of a decision; the last one said is what holds."""

    uuid = serializers.UUIDField()
    said = serializers.ChoiceField(OUTCOME_CHOICES)
    proof = serializers.CharField(help_text="What shows it, or why.")
    done_on = serializers.DateField(allow_null=True)
    said_at = serializers.DateTimeField()
    said_by = PersonSerializer()


class DecisionSerializer(serializers.Serializer):
    """One thing the review decided, and what was said to have come of it, in the order it was said."""

    uuid = serializers.UUIDField()
    number = serializers.IntegerField()
    text = serializers.CharField()
    outcome = serializers.CharField(help_text="What will be different for the child when the job is done.")
    owner = serializers.CharField()
    due_on = serializers.DateField(source="duty.due_on")
    met_on = serializers.DateField(source="duty.met_on", allow_null=True, help_text="The day it was done.")
    closed_on = serializers.DateField(
        source="duty.closed_on", allow_null=True, help_text="The day it stopped being owed without being done."
    )
    outcomes = OutcomeSerializer(many=True)


class OwnDecisionSerializer(DecisionSerializer):
    """A decision in a list of its own."""

    child = ChildNameSerializer()
    review = serializers.UUIDField(source="review.uuid")


class RecordSerializer(serializers.Serializer):
    """What a review's record says."""

    childs_views = serializers.CharField()
    discussion = serializers.CharField()
    rag_reason = serializers.CharField()
    decisions = serializers.SerializerMethodField()

    @extend_schema_field(DecisionSerializer(many=True))
    def get_decisions(self, review: Review) -> list[dict[str, Any]]:
        """What it decided, in three queries however much that is."""
        rows = review.decisions.with_duties().with_outcomes(DecisionOutcome.objects.all())
        return list(DecisionSerializer(rows, many=True).data)


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


class OutcomeBodySerializer(Body):
    """What came of a decision."""

    said = serializers.ChoiceField(OUTCOME_CHOICES)
    proof = serializers.CharField(max_length=PROOF_LENGTH, help_text="What shows it, or why it is not done.")
    done_on = serializers.DateField(required=False, help_text="Needed for DONE: from the day of the review to today.")
    seen = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="The outcome said last when you looked, null for none: 409 where somebody has said more since.",
    )


class LastTimeBodySerializer(OutcomeBodySerializer):
    """What came of a decision made at an earlier review."""

    decision = serializers.UUIDField()


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
    last_time = serializers.ListField(
        child=LastTimeBodySerializer(),
        default=list,
        max_length=MOST_DECISIONS,
        help_text="What came of decisions of earlier reviews. One of which nothing was ever said is owed no more.",
    )
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

    def validate_last_time(self, rows: list[dict[str, Any]]) -> dict[UUID, OutcomeSaid]:
        """The outcomes as the service takes them; ValidationError for two of one decision."""
        said = {row.pop("decision"): OutcomeSaid(**row) for row in rows}
        if len(said) < len(rows):
            raise serializers.ValidationError("A decision is answered twice.")
        return said
