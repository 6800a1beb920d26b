"""Named reads of authorities and their policies."""

from datetime import date
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, FilteredRelation, Q

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


class CalendarDayQuerySet(models.QuerySet):
    """Reads of proclaimed days."""

    def working_calendar(self) -> WorkingCalendar:
        """England's working days with every proclaimed day laid over them."""
        rows = self.order_by("on").values_list("on", "name", "is_working")
        return england(tuple(CalendarAddition(on=on, name=name, is_working=works) for on, name, works in rows))
