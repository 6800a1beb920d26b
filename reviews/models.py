"""Statutory reviews: each with its stored dates, what was recorded, what it decided and what its rating led to."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit.constraints import pair
from authorities.models import Authority
from children.models import CarePeriod, Child
from escalations.models import Escalation

from . import rules
from .querysets import DecisionQuerySet, DraftQuerySet, LinkQuerySet, ReviewQuerySet

HELD = Q(held_on__isnull=False)
OPEN = Q(held_on__isnull=True, cancelled_at__isnull=True)


@pghistory.track()
class Review(models.Model):
    """One statutory review: open with its last lawful day, held, or cancelled with a reason.

    Every date a list or the sweep needs is computed once, when the review is created, and stored.
    """

    class Cycle(models.TextChoices):
        CARE = "CARE", "looked-after"
        ADOPTION = "ADOPTION", "adoption"
        SHORT_BREAK = "SHORT_BREAK", "short-break"

    class Source(models.TextChoices):
        RECORDED = "RECORDED", "recorded here"
        RETURN = "RETURN", "from a return"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="reviews")
    child = models.ForeignKey(Child, models.PROTECT, related_name="reviews")
    care_period = models.ForeignKey(CarePeriod, models.PROTECT, related_name="reviews")
    cycle = models.CharField(max_length=11, choices=Cycle, default=Cycle.CARE)
    number = models.PositiveSmallIntegerField(null=True, blank=True)  # null: earlier history not held
    source = models.CharField(max_length=8, choices=Source, default=Source.RECORDED)

    # Why it is due when it is. `rule` names a rule of `timescales.reviews`, or NOT_KNOWN.
    rule = models.CharField(max_length=30)
    runs_from_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    last_safe_on = models.DateField(null=True, blank=True)
    book_by_on = models.DateField(null=True, blank=True)
    due_soon_on = models.DateField(null=True, blank=True)  # from this day it is due soon
    unbooked_on = models.DateField(null=True, blank=True)  # from this day it should have been booked

    booked_for_on = models.DateField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    held_on = models.DateField(null=True, blank=True)
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

    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    cancelled_reason = models.TextField(blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "cycle"], condition=OPEN, name="one_open_review_per_cycle"),
            models.UniqueConstraint(
                fields=["child", "cycle", "held_on"], condition=HELD, name="one_review_held_a_day"
            ),
            models.CheckConstraint(condition=pair("booked_at", "booked_by"), name="booked_at_by"),
            models.CheckConstraint(condition=pair("recorded_at", "recorded_by"), name="recorded_at_by"),
            models.CheckConstraint(
                # A return may tell that care ended: then nobody here decided it.
                condition=pair("cancelled_at", "cancelled_by")
                | Q(cancelled_at__isnull=False, cancelled_reason=rules.CARE_ENDED),
                name="cancelled_at_by",
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(recorded_at__isnull=False) | Q(source="RETURN"),
                name="held_is_recorded_or_returned",
            ),
            models.CheckConstraint(condition=Q(recorded_at__isnull=True) | HELD, name="recorded_implies_held"),
            models.CheckConstraint(condition=~(HELD & Q(cancelled_at__isnull=False)), name="held_is_not_cancelled"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancelled_reason=""),
                name="cancelled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(rag__in=rules.RAG_NEEDING_REASON) | ~Q(rag_reason=""), name="rag_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(runs_from_on__isnull=False, due_on__gte=F("runs_from_on")),
                name="due_never_before_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True)
                | Q(
                    last_safe_on__isnull=False,
                    book_by_on__isnull=False,
                    due_soon_on__isnull=False,
                    unbooked_on__isnull=False,
                ),
                name="due_with_its_other_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "due_on"], condition=OPEN, name="review_open_by_due"),
            models.Index(fields=["child"], condition=OPEN, name="review_open_by_child"),
            models.Index(fields=["child", "-held_on"], condition=HELD, name="review_held_by_child"),
            models.Index(fields=["authority", "held_on"], condition=HELD, name="review_held_by_day"),
        ]

    def __str__(self) -> str:
        return f"{rules.ordinal(self.number)} {self.get_cycle_display()} review"

    @property
    def is_open(self) -> bool:
        """Neither held nor cancelled."""
        return self.held_on is None and self.cancelled_at is None

    @property
    def is_recordable(self) -> bool:
        """Open, or cancelled only because care ended: it may have been held before that and not written up."""
        return self.is_open or (self.held_on is None and self.cancelled_reason == rules.CARE_ENDED)


@pghistory.track()
class Decision(models.Model):
    """One thing the review decided: what, for what outcome, by whom and by when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="decisions")
    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    owner = models.CharField(max_length=120)
    outcome = models.TextField()
    due_on = models.DateField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="decision_numbered_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(owner="") & ~Q(outcome=""), name="decision_is_whole"),
        ]
        indexes = [models.Index(fields=["child", "due_on"], name="decision_by_child")]


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
