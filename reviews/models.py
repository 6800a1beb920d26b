"""Statutory reviews: each with its duty, what was recorded, what it decided and what its rating led to."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.constraints import pair
from authorities.models import Authority
from children.models import CarePeriod, Child
from duties.models import Duty
from duties.rules import CARE_ENDED
from escalations.models import Escalation
from screens.cells import day

from . import rules
from .constraints import HELD, HELD_IS_MET, OTHER_REVIEW_WHERE_MOVED
from .querysets import (
    CorrectionQuerySet,
    DecisionQuerySet,
    DraftQuerySet,
    LinkQuerySet,
    OutcomeQuerySet,
    ReviewQuerySet,
)


@pghistory.track(exclude=["duty"])  # whose own history says when it was due
class Review(models.Model):
    """One statutory review: open, held, or cancelled with a reason. Its duty holds when it is due, and why."""

    class Cycle(models.TextChoices):
        CARE = "CARE", "looked-after"
        ADOPTION = "ADOPTION", "adoption"
        SHORT_BREAK = "SHORT_BREAK", "short-break"

    class Source(models.TextChoices):
        RECORDED = "RECORDED", "recorded here"
        RETURN = "RETURN", "from a return"
        FOUND = "FOUND", "found in the child's file"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="reviews")
    child = models.ForeignKey(Child, models.PROTECT, related_name="reviews")
    care_period = models.ForeignKey(CarePeriod, models.PROTECT, related_name="reviews")
    duty = models.OneToOneField(Duty, models.PROTECT, related_name="review")  # its dates, and how it ended
    cycle = models.CharField(max_length=11, choices=Cycle, default=Cycle.CARE)
    number = models.PositiveSmallIntegerField(null=True, blank=True)  # null: earlier history not held
    source = models.CharField(max_length=8, choices=Source, default=Source.RECORDED)

    held_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True, db_default="")  # of one FOUND: where its day stands
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recorded_reviews", null=True, blank=True
    )
    record_token = models.UUIDField(null=True, blank=True, unique=True)  # makes a second click harmless
    participation = models.CharField(max_length=3, choices=rules.PARTICIPATION_CHOICES, blank=True)
    childs_views = models.TextField(blank=True)
    discussion = models.TextField(blank=True)
    rag = models.CharField(max_length=5, choices=rules.RAG_CHOICES, blank=True)
    rag_reason = models.TextField(blank=True)
    escalations = models.ManyToManyField(Escalation, through="EscalationReview", related_name="reviews")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "cycle", "held_on"], condition=HELD, name="one_review_held_a_day"
            ),
            models.CheckConstraint(condition=pair("recorded_at", "recorded_by"), name="recorded_at_by"),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True)
                | Q(recorded_at__isnull=False)
                | Q(source="RETURN")
                | (Q(source="FOUND") & ~Q(evidence="")),
                name="held_is_recorded_returned_or_found",
            ),
            models.CheckConstraint(condition=Q(recorded_at__isnull=True) | HELD, name="recorded_implies_held"),
            models.CheckConstraint(
                condition=~Q(rag__in=rules.RAG_NEEDING_REASON) | ~Q(rag_reason=""), name="rag_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["child", "-held_on"], condition=HELD, name="review_held_by_child"),
            models.Index(fields=["authority", "held_on"], condition=HELD, name="review_held_by_day"),
        ]
        triggers = [HELD_IS_MET]

    def __str__(self) -> str:
        is_told_by_day = self.number is None and self.held_on is not None
        return f"{self.name} of {day(self.held_on)}" if is_told_by_day else self.name

    @property
    def name(self) -> str:
        """What it is called where its day stands beside it."""
        name = f"{self.get_cycle_display()} review"
        if self.number is None and self.held_on is not None:
            return f"{name[:1].upper()}{name[1:]}"
        return f"{rules.ordinal(self.number)} {name}"

    @classmethod
    def plain_history(cls, values: Mapping[str, Any]) -> frozenset[str]:
        """Of a row's history, what may be read without reading the record."""
        return frozenset({"held_on", "number", "cycle"})

    @property
    def is_open(self) -> bool:
        """Neither held nor cancelled."""
        return self.duty.is_open

    @property
    def is_recordable(self) -> bool:
        """Open, held and not written up, or closed because care ended: it may have been held before that."""
        is_closed_by_care = self.held_on is None and self.duty.closed_reason == CARE_ENDED
        return self.is_open or self.is_to_write_up or is_closed_by_care

    @property
    def is_recorded_here(self) -> bool:
        """Held, and somebody has written up here what was said and decided."""
        return self.held_on is not None and self.recorded_at is not None

    @property
    def is_of_another_child(self) -> bool:
        """Cancelled, since what was recorded here was about another child and stands with that one."""
        return self.duty.closed_reason == rules.ANOTHER_CHILD

    @property
    def is_to_write_up(self) -> bool:
        """Held, as a return says, and nobody has recorded here what was said and decided."""
        return self.source == self.Source.RETURN and self.held_on is not None and self.recorded_at is None


@pghistory.track(exclude=["duty"])  # whose own history says when it was due
class Decision(models.Model):
    """One thing the review decided: what, for what outcome, by whom and by when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="decisions")
    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    duty = models.OneToOneField(Duty, models.PROTECT, related_name="decision")  # by when, and whether it is done
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    owner = models.CharField(max_length=120)
    outcome = models.TextField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="decision_numbered_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(owner="") & ~Q(outcome=""), name="decision_is_whole"),
        ]

    def __str__(self) -> str:
        review = str(self.review)  # not in its own words: they may hold a name, which a title gives away
        return f"Decision {self.number} of the {review[:1].lower()}{review[1:]}"

    @property
    def last_said(self) -> "DecisionOutcome | None":
        """What was said of it last, if anything; no query where outcomes were fetched with it."""
        said = list(self.outcomes.all())
        return said[-1] if said else None


@pghistory.track()
class DecisionOutcome(models.Model):
    """What somebody said came of a decision. Rows are added, never changed: the last one said is what holds."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="outcomes")
    said = models.CharField(max_length=15, choices=rules.OUTCOME_CHOICES)
    proof = models.TextField()  # what shows it, or why
    done_on = models.DateField(null=True, blank=True)
    at_review = models.ForeignKey(  # the later review that asked; null between reviews
        Review, models.PROTECT, related_name="outcomes_said", null=True, blank=True
    )
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = "what came of a decision"
        ordering = ["decision", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(proof=""), name="outcome_with_words"),
            models.CheckConstraint(
                condition=Q(said="DONE", done_on__isnull=False) | (~Q(said="DONE") & Q(done_on__isnull=True)),
                name="done_on_a_day",
            ),
        ]


class ReviewDraft(models.Model):
    """What one person has typed for one review so far. Working text: the record replaces it, so no history.

    Kept after the review is recorded by somebody else, so that nobody's text is lost.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_drafts")
    token = models.UUIDField(default=uuid.uuid4, unique=True)  # becomes the review's record_token
    sections = models.JSONField(default=dict)  # section code → fields as typed, version, page saved from
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "author"], name="one_draft_per_author")]


@pghistory.track()
class Correction(models.Model):
    """A dated correction of a review, its record or its booking: who, why, and what each field it changed said.

    A record that was about another child leaves two, one with each child; each names the other's review.
    """

    class Kind(models.TextChoices):
        CHANGED = "CHANGED", "corrected"
        NOT_HELD = "NOT_HELD", "did not take place"
        UNBOOKED = "UNBOOKED", "booking taken away"
        GONE = "GONE", "was about another child"
        COME = "COME", "came from another child's record"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CHANGED)
    reason = models.TextField()
    other_review = models.ForeignKey(Review, models.PROTECT, related_name="+", null=True, blank=True)
    before = models.JSONField()  # by the names of columns, the review's or its duty's: days as ISO text
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="corrected_with_a_reason"),
            models.CheckConstraint(condition=OTHER_REVIEW_WHERE_MOVED, name="other_review_where_moved"),
        ]
        triggers = [pgtrigger.ReadOnly(name="correction_stands")]

    def __str__(self) -> str:
        review = str(self.review)
        return f"Correction of the {review[:1].lower()}{review[1:]}"

    @property
    def is_of_all(self) -> bool:
        """Whether it took the whole record away: the review did not take place, or was about another child."""
        return self.kind in (self.Kind.NOT_HELD, self.Kind.GONE)

    @property
    def held_on_before(self) -> date | None:
        """The day the review was said to have been held, where this corrected it."""
        return date.fromisoformat(self.before["held_on"]) if "held_on" in self.before else None


# The two tables below began in the escalations room and keep its name: a table is not renamed for a tidier house.
@pghistory.track(meta={"db_table": "escalations_escalationreviewevent"})
class EscalationReview(models.Model):
    """A review whose rating opened an escalation, or was linked to one already open."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="links")
    review = models.ForeignKey(Review, models.PROTECT, related_name="escalation_links")
    is_origin = models.BooleanField()
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = LinkQuerySet.as_manager()

    class Meta:
        db_table = "escalations_escalationreview"
        constraints = [models.UniqueConstraint(fields=["escalation", "review"], name="review_linked_once")]


@pghistory.track(meta={"db_table": "escalations_leftunescalatedevent"})
class LeftUnescalated(models.Model):
    """An Amber or Red review the IRO chose not to escalate, and why."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    review = models.OneToOneField(Review, models.PROTECT, related_name="left_unescalated")
    reason = models.TextField()
    left_at = models.DateTimeField()
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        db_table = "escalations_leftunescalated"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="left_with_a_reason")]
