"""Named reads of alerts and sweeps."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils.timezone import localtime

from accounts.models import User
from authorities.models import Authority
from children.querysets import VisibleQuerySet
from duties import kinds
from duties.models import Duty
from duties.querysets import HOLDERS

from . import sql
from .rules import last_morning

STILL_OWED = Q(duty__met_on__isnull=True, duty__closed_on__isnull=True, duty__due_on=F("due_on"))
STILL_TO_ARRANGE = ~Q(standing=kinds.When.TO_ARRANGE) | Q(duty__planned_for_on__isnull=True)
# A booking made since the alert was raised is the work it asked for.
STILL_TO_DO = (
    ~Q(standing=kinds.When.DUE_SOON) | Q(duty__planned_for_on__isnull=True) | Q(duty__planned_at__lt=F("raised_at"))
)
STILL_TOO_LATE = ~Q(standing=kinds.When.PLANNED_LATE) | Q(duty__planned_for_on__gt=F("due_on"))
LATE = (kinds.When.OVERDUE, kinds.When.PLANNED_LATE)


def gathered() -> Q:
    """Alerts that go with the one mail of the morning, as the table of kinds says."""
    found = Q(pk__in=[])
    for kind, notice in sql.notices():
        if notice.is_gathered:
            found |= Q(duty__kind=kind.code, standing=notice.when)
    return found


class AlertQuerySet(VisibleQuerySet):
    """Reads of alerts."""

    def live(self) -> Self:
        """Not yet cleared."""
        return self.filter(cleared_at__isnull=True)

    def current(self) -> Self:
        """Live, and not overtaken since the last sweep: still owed by that day, and not planned meanwhile."""
        return self.live().filter(STILL_OWED, STILL_TO_ARRANGE, STILL_TO_DO, STILL_TOO_LATE)

    def of(self, user: User) -> Self:
        """This person's own that still hold, by one index. Whoever lists them begins at `visible_to`.

        Counted as it stands it can be a minute behind the list: a child that just left the person is still in it.
        """
        return self.filter(recipient_id=user.pk).current()

    def late(self) -> Self:
        """Past the day, or planned for a day past it."""
        return self.filter(standing__in=LATE)

    def coming(self) -> Self:
        """Not yet past the day."""
        return self.exclude(standing__in=LATE)

    def coded(self, code: str) -> Self:
        """Of one notice of the table of kinds, by its code; none where it has no such notice."""
        of_code = Q(pk__in=[])
        for kind, notice in sql.notices():
            if notice.code == code:
                of_code |= Q(duty__kind=kind.code, standing=notice.when)
        return self.filter(of_code)

    def with_duty(self) -> Self:
        """With the child and the duty of each, and what holds the duty, in the same query."""
        return self.select_related("child", "duty", *(f"duty__{holder}" for holder in HOLDERS))

    def unreached(self, authority_id: int) -> Iterable[dict[str, Any]]:
        """An authority's that nobody can be told of, counted by `kind`, `standing` and `owed_by_roles`; no child."""
        rows = self.filter(authority=authority_id, recipient__isnull=True).current()
        counted = rows.values("standing", kind=F("duty__kind"), owed_by_roles=F("duty__owed_by_roles"))
        return counted.annotate(often=Count("pk")).order_by("kind", "standing", "owed_by_roles")

    def unsent(self) -> Self:
        """Live, to somebody, and the mail about it has not gone."""
        return self.live().filter(sent_at__isnull=True, recipient__isnull=False)

    def without_address(self) -> Self:
        """Unsent, to people who have no e-mail address."""
        return self.unsent().filter(recipient__email="")

    def to_send(self, at: datetime) -> Self:
        """Unsent and still true, to people with an address, and not waiting for another attempt or the morning."""
        waited = Q(retry_at__isnull=True) | Q(retry_at__lte=at)
        ready = self.current().unsent().filter(waited, recipient__is_active=True).exclude(recipient__email="")
        return ready.exclude(gathered(), raised_at__gte=last_morning(localtime(at)))

    def recipients(self) -> list[int]:
        """Keys of the people these are for, longest waiting first."""
        waiting = self.values("recipient").annotate(since=models.Min("raised_at")).order_by("since", "recipient")
        return [row["recipient"] for row in waiting]

    def claimed(self, recipient_id: int, at: datetime) -> Self:
        """One person's alerts to send, locked for this transaction; those locked by another are left to it."""
        mine = self.to_send(at).filter(recipient_id=recipient_id).order_by("pk").prefetch_related("recipient", "duty")
        return mine.select_for_update(of=("self",), skip_locked=True, no_key=True)

    def oldest_unsent_at(self, at: datetime) -> datetime | None:
        """Since when the longest-waiting mail could have been sent; those that are gathered wait for the morning."""
        morning = last_morning(localtime(at))
        waiting = self.current().unsent().exclude(recipient__email="").exclude(gathered(), raised_at__gte=morning)
        since = Case(When(gathered(), then=Value(morning)), default=F("raised_at"))
        return waiting.aggregate(since=models.Min(since))["since"]

    def addressless(self) -> int:
        """How many people have alerts and no e-mail address."""
        return self.without_address().aggregate(people=models.Count("recipient", distinct=True))["people"]


class SweepQuerySet(models.QuerySet):
    """Reads of sweeps."""

    def last_finished_at(self, authority_id: int) -> datetime | None:
        """When the last sweep of an authority ended, if there was one."""
        return (
            self.filter(authority=authority_id).order_by("-finished_at").values_list("finished_at", flat=True).first()
        )

    def authorities(self) -> Any:
        """Every authority with `swept_at`, the longest unlooked-at first: none waits for ever behind the others."""
        last = self.filter(authority=OuterRef("pk")).order_by("-finished_at").values("finished_at")[:1]
        every = Authority.objects.annotate(swept_at=Subquery(last))
        return every.order_by(F("swept_at").asc(nulls_first=True), "pk")

    def last_of_each(self) -> list[datetime | None]:
        """When the last sweep of each authority that is owed anything ended, longest ago first; None for never."""
        owing = self.authorities().filter(Exists(Duty.objects.open().filter(authority=OuterRef("pk"))))
        return [authority.swept_at for authority in owing]
