"""What has slipped or is about to, who is told, and whether it reached them."""

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from authorities.models import Authority
from children.models import Child
from escalations.models import Step
from reviews.models import Review

from .querysets import AlertQuerySet, SweepQuerySet


@pghistory.track()
class Alert(models.Model):
    """One thing to tell one person about one date. A repeat of the same is refused by its key."""

    class Kind(models.TextChoices):
        REVIEW_UNBOOKED = "REVIEW_UNBOOKED", "review not booked"
        REVIEW_DUE_SOON = "REVIEW_DUE_SOON", "review due soon"
        REVIEW_OVERDUE = "REVIEW_OVERDUE", "review overdue"
        RESPONSE_DUE = "RESPONSE_DUE", "response due"
        RESPONSE_OVERDUE = "RESPONSE_OVERDUE", "response overdue"

    # Given by the database too, since the sweep inserts rows itself.
    uuid = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="alerts")
    child = models.ForeignKey(Child, models.PROTECT, related_name="alerts")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=16, choices=Kind)
    review = models.ForeignKey(Review, models.PROTECT, related_name="alerts", null=True, blank=True)
    step = models.ForeignKey(Step, models.PROTECT, related_name="alerts", null=True, blank=True)
    due_on = models.DateField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)  # set only after the mail was handed over
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)  # after a failure, not before this moment
    last_error = models.CharField(max_length=200, blank=True)  # the kind of failure, never an address

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "review", "step", "due_on"],
                nulls_distinct=False,
                name="alert_once",
            ),
            models.CheckConstraint(
                condition=Q(review__isnull=False, step__isnull=True) | Q(review__isnull=True, step__isnull=False),
                name="alert_about_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "due_on"],
                condition=Q(cleared_at__isnull=True),
                name="alert_live_by_recipient",
            ),
            models.Index(fields=["review"], condition=Q(cleared_at__isnull=True), name="alert_live_by_review"),
            models.Index(fields=["step"], condition=Q(cleared_at__isnull=True), name="alert_live_by_step"),
            models.Index(
                fields=["raised_at"],
                condition=Q(cleared_at__isnull=True, sent_at__isnull=True),
                name="alert_unsent",
            ),
        ]


class Sweep(models.Model):
    """One finished look at every stored date, and what it found."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    raised = models.PositiveIntegerField()
    cleared = models.PositiveIntegerField()

    objects = SweepQuerySet.as_manager()

    class Meta:
        get_latest_by = "finished_at"
        indexes = [models.Index(fields=["-finished_at"], name="sweep_latest")]
