"""Named reads of authorities and their policies."""

from datetime import date
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from timescales import CalendarAddition, WorkingCalendar, england

Policy = TypeVar("Policy", bound=models.Model, covariant=True)


class AuthorityQuerySet(models.QuerySet):
    """Reads of authorities."""

    def as_list(self) -> list[dict[str, Any]]:
        """Code and name of each, in order of code."""
        return list(self.order_by("code").values("code", "name"))

    def with_words(self, authority_id: int, on: date) -> Any:
        """One authority with `words`: its own words in force that day, or None where it has none."""
        begun = FilteredRelation("policies", condition=Q(policies__starts_on__lte=on))
        found = self.filter(pk=authority_id).alias(policy=begun).annotate(words=F("policy__words"))
        return found.order_by(F("policy__starts_on").desc(nulls_last=True))[:1].get()


class PolicyQuerySet(models.QuerySet[Policy]):
    """Reads of dated policies."""

    def newest(self, authority_id: int) -> Policy | None:
        """The policy decided last, whether it has begun or not."""
        return self.filter(authority_id=authority_id).order_by("-pk").first()

    def of_authority(self, authority_id: int) -> Self:
        """Every policy of an authority with who decided it, the latest first."""
        return self.filter(authority_id=authority_id).select_related("decided_by").order_by("-starts_on")

    def in_force(self, authority_id: int, on: date) -> Policy:
        """The policy of the authority in force that day.

        Before the first policy began, the first one answers, so that imported history can be dated.
        Raises Policy.DoesNotExist when the authority was made without `services.add_authority`.
        """
        mine = self.filter(authority_id=authority_id)
        found = mine.filter(starts_on__lte=on).order_by("-starts_on").first()
        return found or mine.earliest("starts_on")


class PlaceQuerySet(models.QuerySet):
    """Reads of services and of teams."""

    def of(self, authority_id: int) -> Self:
        """Those of one authority."""
        return self.filter(authority_id=authority_id)

    def open(self) -> Self:
        """Those that have not been closed."""
        return self.filter(ended_on__isnull=True)

    def by_name(self) -> Self:
        """In order of their names."""
        return self.order_by("name", "pk")

    def with_counts(self) -> Self:
        """Teams with their service, `children_now` and `posts_now`: how many are with each, in the same query."""
        counts = {"children_now": self._live("child_allocations"), "posts_now": self._live("posts")}
        return self.select_related("service").annotate(**counts)

    def _live(self, what: str) -> Coalesce:
        """How many rows without an end hang on each."""
        rows = self.model._default_manager.filter(pk=OuterRef("pk"), **{f"{what}__ends_on__isnull": True})
        return Coalesce(Subquery(rows.order_by().values("pk").annotate(often=Count(what)).values("often")), 0)

    def with_teams(self) -> Self:
        """Services with `teams_now`: how many open teams each has."""
        return self.annotate(teams_now=Count("teams", filter=Q(teams__ended_on__isnull=True)))


class CalendarDayQuerySet(models.QuerySet):
    """Reads of proclaimed days."""

    def working_calendar(self) -> WorkingCalendar:
        """England's working days with every proclaimed day laid over them."""
        rows = self.order_by("on").values_list("on", "name", "is_working")
        return england(tuple(CalendarAddition(on=on, name=name, is_working=works) for on, name, works in rows))
