"""What has slipped or is about to, who is told, and whether it reached them."""

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from authorities.models import Authority
from children.models import Child
from duties import kinds
from duties.models import Duty

from .querysets import AlertQuerySet, SweepQuerySet


@pghistory.track()
class Alert(models.Model):
    """One duty, one person to be told, one standing, one due date. A repeat of the same is refused by its key.

    Without a recipient it stands all the same and is counted: nobody is there to be told. `standing` is a code of
    `duties.kinds.When`, text without choices like the duty's own kind.
    """

    # Given by the database too, since the sweep inserts rows itself.
    uuid = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="alerts")
    child = models.ForeignKey(Child, models.PROTECT, related_name="alerts")
    duty = models.ForeignKey(
        Duty, models.PROTECT, related_name="alerts", db_index=False
    )  # `alert_once` begins with it
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="alerts", null=True, blank=True
    )
    standing = models.CharField(max_length=30)
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
                fields=["duty", "recipient", "standing", "due_on"], nulls_distinct=False, name="alert_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "due_on"],
                condition=Q(cleared_at__isnull=True),
                name="alert_live_by_recipient",
            ),
            models.Index(fields=["authority"], condition=Q(cleared_at__isnull=True), name="alert_live_by_authority"),
            models.Index(
                fields=["raised_at"],
                condition=Q(cleared_at__isnull=True, sent_at__isnull=True),
                name="alert_unsent",
            ),
        ]

    @property
    def code(self) -> str:
        """What machines call it, REVIEW_OVERDUE; made of its own codes where the table of kinds has it no more."""
        notice = kinds.notice(self.duty.kind, self.standing)
        return notice.code if notice else f"{self.duty.kind}_{self.standing}"

    @property
    def label(self) -> str:
        """What has happened, in words: "review overdue"."""
        notice = kinds.notice(self.duty.kind, self.standing)
        return notice.label if notice else self.code.replace("_", " ").lower()


class Sweep(models.Model):
    """One finished look at what an authority owes, and what it found. Sweeps of before looked at every authority."""

    # No index of its own: `sweep_latest` begins with it.
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="sweeps", null=True, db_index=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    raised = models.PositiveIntegerField()
    cleared = models.PositiveIntegerField()

    objects = SweepQuerySet.as_manager()

    class Meta:
        get_latest_by = "finished_at"
        indexes = [models.Index(fields=["authority", "-finished_at"], name="sweep_latest")]
