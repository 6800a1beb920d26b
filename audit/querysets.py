"""Named reads of the audit trail."""

from typing import Self

from django.db import models


class AccessEventQuerySet(models.QuerySet):
    """Reads of access events."""

    def of_child(self, child_id: int) -> Self:
        """Every reading of this child's record, newest first."""
        return self.filter(child_ids__contains=[child_id]).order_by("-at", "-pk")


class BusinessEventQuerySet(models.QuerySet):
    """Reads of business events."""

    def of_child(self, child_id: int) -> Self:
        """Every act about this child, newest first."""
        return self.filter(child_id=child_id).order_by("-at", "-pk")
