"""Named reads of the audit trail."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q


class AccessEventQuerySet(models.QuerySet):
    """Reads of access events."""

    def of_child(self, child_id: int) -> Self:
        """Every reading of this child's record, newest first."""
        return self.filter(child_ids__contains=[child_id]).order_by("-at", "-pk")


class BusinessEventQuerySet(models.QuerySet):
    """Reads of business events."""

    def of_subject(self, subject: str, subject_id: int) -> Self:
        """Acts on one row; `subject` is its model's label."""
        return self.filter(subject=subject, subject_id=subject_id)

    def of_subjects(self, subjects: Iterable[tuple[str, int]]) -> Self:
        """Acts on any of some rows, each by its model's label and key."""
        asked = Q()
        for subject, key in subjects:
            asked |= Q(subject=subject, subject_id=key)
        return self.filter(asked)

    def of_child(self, child_id: int) -> Self:
        """Every act about this child, newest first."""
        return self.filter(child_id=child_id).order_by("-at", "-pk")
