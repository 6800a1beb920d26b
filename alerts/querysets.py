"""Named reads of alerts and sweeps."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.access import Viewer
from children.querysets import VisibleQuerySet

LATE = ("REVIEW_OVERDUE", "RESPONSE_OVERDUE")
REVIEW_STILL_OPEN = Q(
    review__held_on__isnull=True, review__cancelled_at__isnull=True, review__due_on=F("due_on")
) & ~Q(kind="REVIEW_UNBOOKED", review__booked_for_on__isnull=False)
STEP_STILL_OPEN = Q(step__isnull=False, step__closed_at__isnull=True, step__response__isnull=True)


class AlertQuerySet(VisibleQuerySet):
    """Reads of alerts."""

    def live(self) -> Self:
        """Not yet cleared."""
        return self.filter(cleared_at__isnull=True)

    def current(self) -> Self:
        """Live, and not overtaken since the last sweep by a recorded review or an answer."""
        return self.live().filter(REVIEW_STILL_OPEN | STEP_STILL_OPEN)

    def of(self, user: Viewer) -> Self:
        """What this person is to see in the product now: their own alerts, about children they may see."""
        return self.filter(recipient_id=user.pk).current().visible_to(user)

    def late(self) -> Self:
        """Past the day."""
        return self.filter(kind__in=LATE)

    def coming(self) -> Self:
        """Not yet past the day."""
        return self.exclude(kind__in=LATE)

    def with_subjects(self) -> Self:
        """With the child, the review and the escalation of each, in the same query."""
        return self.select_related("child", "review", "step__escalation", "step__stage")

    def unsent(self) -> Self:
        """Live, and the mail about it has not gone."""
        return self.live().filter(sent_at__isnull=True)

    def without_address(self) -> Self:
        """Unsent, to people who have no e-mail address."""
        return self.unsent().filter(recipient__email="")

    def to_send(self, at: datetime) -> Self:
        """Unsent and still true, to people with an address, and not waiting for another attempt."""
        waited = Q(retry_at__isnull=True) | Q(retry_at__lte=at)
        return self.current().unsent().filter(waited, recipient__is_active=True).exclude(recipient__email="")

    def recipients(self) -> list[int]:
        """Keys of the people these are for, longest waiting first."""
        waiting = self.values("recipient").annotate(since=models.Min("raised_at")).order_by("since", "recipient")
        return [row["recipient"] for row in waiting]

    def claimed(self, recipient_id: int, at: datetime) -> Self:
        """One person's alerts to send, locked for this transaction; those locked by another are left to it."""
        mine = self.to_send(at).filter(recipient_id=recipient_id).order_by("pk").prefetch_related("recipient")
        return mine.select_for_update(of=("self",), skip_locked=True, no_key=True)

    def oldest_unsent_at(self) -> datetime | None:
        """Since when the longest-waiting mail has been waiting, of those that can be sent."""
        waiting = self.current().unsent().exclude(recipient__email="")
        return waiting.aggregate(since=models.Min("raised_at"))["since"]

    def addressless(self) -> int:
        """How many people have alerts and no e-mail address."""
        return self.without_address().aggregate(people=models.Count("recipient", distinct=True))["people"]


class SweepQuerySet(models.QuerySet):
    """Reads of sweeps."""

    def last_finished_at(self) -> datetime | None:
        """When the last sweep ended, if there was one."""
        return self.order_by("-finished_at").values_list("finished_at", flat=True).first()
