"""Named reads of alerts and sweeps."""

from datetime import datetime
from typing import Self

from django.db import models

from children.querysets import VisibleQuerySet


class AlertQuerySet(VisibleQuerySet):
    """Reads of alerts."""

    def live(self) -> Self:
        """Not yet cleared."""
        return self.filter(cleared_at__isnull=True)

    def unsent(self) -> Self:
        """Live, and the mail about it has not gone."""
        return self.live().filter(sent_at__isnull=True)


class SweepQuerySet(models.QuerySet):
    """Reads of sweeps."""

    def last_finished_at(self) -> datetime | None:
        """When the last sweep ended, if there was one."""
        return self.order_by("-finished_at").values_list("finished_at", flat=True).first()
