"""Named reads of children and what hangs on them.

What is fetched beside a row is handed in, so that this module need not know the models that are made of it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Prefetch, Q, QuerySet

from accounts.access import visible
from accounts.roles import ChildPermission
from accounts.viewers import Viewer

from .codes import SHORT_BREAK_STATUSES


class VisibleQuerySet(models.QuerySet):
    """A queryset of Child, or of anything with a `child`, that knows who may see what."""

    def visible_to(self, viewer: Viewer, permission: ChildPermission = ChildPermission.VIEW) -> Self:
        """Only what this person may see, or may do `permission` to."""
        return visible(viewer, self, permission)

    def of_authority(self, authority_id: int) -> Self:
        """Only what is one authority's."""
        return self.filter(authority_id=authority_id)


class ChildQuerySet(VisibleQuerySet):
    """Reads of children."""

    def looked_after(self) -> Self:
        """Children with an open care period."""
        return self.filter(care_periods__ends_on__isnull=True, care_periods__isnull=False)

    def matching(self, text: str) -> Self:
        """Children whose reference is, or whose name contains, every word of the text."""
        words = Q()
        for word in text.casefold().split():
            words &= Q(sort_name__contains=word)
        return self.filter(Q(reference__iexact=text.strip()) | words)

    def with_people(self, allocations: "AllocationQuerySet", teams: QuerySet[Any]) -> Self:
        """With `live_allocations` and `live_teams` fetched, of these the live ones: two queries more."""
        people, team = allocations.live().select_related("user"), teams.filter(ends_on__isnull=True)
        return self.prefetch_related(
            Prefetch("allocations", people, to_attr="live_allocations"),
            Prefetch("team_allocations", team.select_related("team__service"), to_attr="live_teams"),
        )

    def with_care_periods(self, periods: "CarePeriodQuerySet") -> Self:
        """With `care_periods` fetched, of these, the latest first, in one query more."""
        return self.prefetch_related(Prefetch("care_periods", periods.order_by("-starts_on")))


class CarePeriodQuerySet(VisibleQuerySet):
    """Reads of care periods."""

    def open(self) -> Self:
        """Periods without an end."""
        return self.filter(ends_on__isnull=True)

    def with_episodes(self, episodes: "EpisodeQuerySet") -> Self:
        """Newest first, with `episodes` fetched, of these, the latest first, in one query more."""
        return self.order_by("-starts_on").prefetch_related(Prefetch("episodes", episodes.order_by("-starts_on")))

    def open_on(self, day: date) -> Self:
        """Periods open that day: begun by then, and not ended or ended later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class EpisodeQuerySet(VisibleQuerySet):
    """Reads of episodes."""

    def of_open_period(self) -> Self:
        """Episodes of the care period that is open now."""
        return self.filter(care_period__ends_on__isnull=True)

    def short_breaks(self) -> Self:
        """Episodes of the modified regime for short breaks."""
        return self.filter(legal_status__in=SHORT_BREAK_STATUSES)


class AllocationQuerySet(VisibleQuerySet):
    """Reads of allocations."""

    def live(self) -> Self:
        """Allocations without an end."""
        return self.filter(ends_on__isnull=True)

    def newest_first(self) -> Self:
        """Live ones first, then by when they began, with their people."""
        return self.select_related("user").order_by(F("ends_on").desc(nulls_first=True), "-starts_on", "-pk")


class CorrectedFactQuerySet(VisibleQuerySet):
    """Reads of corrections of facts."""

    def of_kind(self, kind: str) -> Self:
        """Of episodes, or of allocations."""
        return self.filter(kind=kind)

    def with_who(self) -> Self:
        """With who made each, the newest first, in the same query."""
        return self.select_related("corrected_by").order_by("-pk")

    def of_episodes(self, child_ids: Iterable[int]) -> Self:
        """Of these children's episodes, in the order they were made, with who made each."""
        rows = self.filter(child__in=list(child_ids), kind="EPISODE")
        return rows.select_related("corrected_by").order_by("pk")
