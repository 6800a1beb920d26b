"""Named reads of ladders, escalations and steps."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F

from accounts.access import Viewer, roles_of
from accounts.roles import ChildPermission
from children.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from .models import Ladder


class LadderQuerySet(models.QuerySet["Ladder"]):
    """Reads of ladders."""

    def in_force(self, authority_id: int, on: date) -> "Ladder | None":
        """The authority's ladder in force that day, if it has one."""
        return self.filter(authority_id=authority_id, starts_on__lte=on).order_by("-starts_on").first()


class EscalationQuerySet(VisibleQuerySet):
    """Reads of escalations."""

    def open(self) -> Self:
        """Not yet resolved."""
        return self.filter(status="OPEN")

    def awaiting_response(self) -> Self:
        """Open, and the answer has not come."""
        return self.open().filter(response_due_on__isnull=False)

    def waiting_for(self, user: Viewer) -> Self:
        """Those this person is asked to answer now: own role's rung, own children, not raised by them."""
        mine = self.awaiting_response().filter(stage__responder_role__in=roles_of(user))
        return mine.exclude(raised_by_id=user.pk).visible_to(user, ChildPermission.RESPOND)

    def answered(self) -> Self:
        """Open, with an answer the IRO has not yet acted on."""
        return self.open().filter(response_due_on__isnull=True)

    def by_due(self) -> Self:
        """Earliest response date first; those not waiting at the end."""
        return self.order_by(F("response_due_on").asc(nulls_last=True), "raised_on", "pk")


class StepQuerySet(VisibleQuerySet):
    """Reads of steps."""

    def open(self) -> Self:
        """The rung an escalation stands on now."""
        return self.filter(closed_at__isnull=True)
