"""Named reads of duties: where each stands, and whose it is."""

from datetime import date
from typing import Any, Self

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.access import visible
from accounts.models import Holding, User
from accounts.roles import BY_CODE, ChildPermission, Scope
from accounts.viewers import Viewer
from children.models import Allocation, Child, TeamAllocation
from children.querysets import VisibleQuerySet
from timescales import Standing
from timescales.standing import RELAXED_FROM, RELAXED_RULES, RELAXED_TO

from .kinds import kinds_with

# What may hold a duty, each with what it is called by: for `select_related`.
HOLDERS = ("review", "step__stage", "decision__review")
IS_OPEN = {"met_on__isnull": True, "closed_on__isnull": True}


def standing_on(on: date, duty: str = "") -> Case:
    """The standing of a duty that day from its stored dates, as `timescales.standing.standing` says it of one.

    `duty` leads to the duty from the rows asked about: "duty__" from a review.
    """

    def where(**conditions: Any) -> Q:
        return Q(**{f"{duty}{name}": value for name, value in conditions.items()})

    due_on = F(f"{duty}due_on")
    return Case(
        When(where(closed_on__isnull=False), then=Value(Standing.CLOSED)),
        When(where(due_on__isnull=True), then=Value(Standing.NOT_KNOWN)),
        When(where(met_on__lte=due_on), then=Value(Standing.MET)),
        When(where(met_on__isnull=False) & relaxed(duty), then=Value(Standing.MET_RELAXED)),
        When(where(met_on__isnull=False), then=Value(Standing.MET_LATE)),
        When(where(due_on__lt=on), then=Value(Standing.OVERDUE)),
        When(where(planned_for_on__gt=due_on), then=Value(Standing.BOOKED_TOO_LATE)),
        When(where(due_soon_on__gt=on), then=Value(Standing.NOT_DUE)),
        When(where(planned_for_on__gte=on), then=Value(Standing.BOOKED)),
        default=Value(Standing.DUE_SOON),
        output_field=CharField(),
    )


def standing_as_of(day: date) -> Case:
    """The standing of a duty at the end of a day: as `standing_on`, but that what ended later had not ended yet."""
    is_closed, is_met = Q(closed_on__lte=day), Q(met_on__lte=day)
    return Case(
        When(is_closed, then=Value(Standing.CLOSED)),
        When(due_on__isnull=True, then=Value(Standing.NOT_KNOWN)),
        When(is_met & Q(met_on__gt=F("due_on")), then=Value(Standing.MET_LATE)),
        When(is_met, then=Value(Standing.MET)),
        When(due_on__lt=day, then=Value(Standing.OVERDUE)),
        When(due_soon_on__lte=day, then=Value(Standing.DUE_SOON)),
        default=Value(Standing.NOT_DUE),
        output_field=CharField(),
    )


def _by(day: date, name: str) -> Case:
    return Case(When(Q(**{f"{name}__lte": day}), then=F(name)), default=None)


def relaxed(duty: str = "") -> Q:
    """That a duty is a review which the coronavirus regulations count as in time; `duty` as in `standing_on`."""
    within = {f"{duty}due_on__range": (RELAXED_FROM, RELAXED_TO), f"{duty}rule__in": RELAXED_RULES}
    return Q(**within)


def owed_on(day: date, duty: str = "") -> Q:
    """That a duty with a date was owed that day: it ran by then, and was neither met nor closed by then.

    `duty` leads to the duty from the rows asked about, as in `standing_on`. Ended later is said apart from never
    ended, so that an index of what is open serves the second.
    """

    def where(**conditions: Any) -> Q:
        return Q(**{f"{duty}{name}": value for name, value in conditions.items()})

    ended_later = where(met_on__gt=day) | where(closed_on__gt=day)
    return where(runs_from_on__lte=day) & (where(**IS_OPEN) | ended_later)


class WithDutyQuerySet(VisibleQuerySet):
    """A queryset of what holds the key to its duty.

    Told that both bear one authority, PostgreSQL reads the duties of that authority. Untold, it reads every open
    duty of the nation for one council's list.
    """

    def visible_to(self, viewer: Viewer, permission: ChildPermission = ChildPermission.VIEW) -> Self:
        """Only what this person may see, or may do `permission` to."""
        return super().visible_to(viewer, permission).filter(duty__authority=F("authority"))

    def of_authority(self, authority_id: int) -> Self:
        """Only what is one authority's."""
        return super().of_authority(authority_id).filter(duty__authority=F("authority"))


class DutyQuerySet(VisibleQuerySet):
    """Reads of duties."""

    def visible_to(self, viewer: Viewer, permission: ChildPermission | None = None) -> Self:
        """What this person may know of: each kind asks its own permission, unless one is named."""
        if permission is not None:
            return super().visible_to(viewer, permission)
        readable = visible(viewer, Child.objects.all(), ChildPermission.READ_RECORD)
        plain = Q(kind__in=kinds_with(ChildPermission.VIEW))
        return super().visible_to(viewer).filter(plain | Q(child__in=readable))

    def open(self) -> Self:
        """Neither met nor closed."""
        return self.filter(**IS_OPEN)

    def dated(self) -> Self:
        """Open, with a due date."""
        return self.open().filter(due_on__isnull=False)

    def of(self, child_id: int) -> Self:
        """Of one child."""
        return self.filter(child=child_id)

    def of_kind(self, kind: str) -> Self:
        """Of one kind, by its code."""
        return self.filter(kind=kind)

    def overdue(self, on: date) -> Self:
        """Open, and past the due date that day."""
        return self.open().filter(due_on__lt=on)

    def due_soon(self, on: date) -> Self:
        """Open, not past the due date, within the margin before it, and not planned for a day to come."""
        is_work = Q(planned_for_on__isnull=True) | Q(planned_for_on__lt=on)
        return self.open().filter(is_work, due_on__gte=on, due_soon_on__lte=on)

    def booked_too_late(self, on: date) -> Self:
        """Open, not past the due date, and planned for a day after it."""
        return self.open().filter(due_on__gte=on, planned_for_on__gt=F("due_on"))

    def to_arrange(self, on: date) -> Self:
        """Open, not planned, and to be planned by that day."""
        return self.open().filter(planned_for_on__isnull=True, plan_by_on__lte=on)

    def standing(self, on: date) -> Self:
        """With `standing`: the code of timescales.Standing that day."""
        return self.annotate(standing=standing_on(on))

    def as_of(self, day: date) -> Self:
        """Those there were on a day, also a past one, each with `standing`, and when it had ended, as it was then.

        Worked out from what was met and closed by then: every course of reviews has its last duty, closed the day
        care ended. One without a date began with its care, or when the one before it in its series was met.
        """
        one_before: QuerySet[Any] = QuerySet(self.model).filter(
            child=OuterRef("child"), kind=OuterRef("kind"), series=OuterRef("series"),
            met_on__gt=day, met_on__lt=OuterRef("ends_on"),
        )  # fmt: skip
        undated = Q(runs_from_on__isnull=True, review__care_period__starts_on__lte=day) & ~Exists(one_before)
        ended = {"ends_on": Coalesce("met_on", "closed_on", Value(date.max))}
        rows = self.annotate(**ended).filter(Q(runs_from_on__lte=day) | undated)
        then = {"met_by_then_on": _by(day, "met_on"), "closed_by_then_on": _by(day, "closed_on")}
        return rows.annotate(**then, standing=standing_as_of(day))

    def owed_by(self, user: User) -> Self:
        """What this person owes now: in their own name, or by a post they hold that reaches the child."""
        mine = Q(owed_by=user.pk)
        for holding in Holding.objects.of_user(user.pk).select_related("post"):
            mine |= Q(owed_by_roles__contains=[holding.post.role]) & _reached_by(holding)
        return self.filter(mine).exclude(not_owed_by=user.pk)

    def by_due(self) -> Self:
        """Earliest due date first; those without one at the end."""
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


def _reached_by(holding: Holding) -> Q:
    post = holding.post
    teams = TeamAllocation.objects.filter(child=OuterRef("child"), ends_on__isnull=True)
    match BY_CODE[post.role].scope:
        case Scope.ALLOCATED:
            mine = Allocation.objects.live().filter(child=OuterRef("child"), kind=post.role, user=holding.user_id)
            return Q(Exists(mine))
        case Scope.TEAM:
            return Q(Exists(teams.filter(team=post.team_id)))
        case Scope.SERVICE:
            return Q(Exists(teams.filter(team__service=post.service_id)))
        case Scope.AUTHORITY:
            return Q(authority=post.authority_id)
    return Q(pk__in=[])
