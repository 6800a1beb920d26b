"""One row for everything owed about a child by a day."""

import uuid
from collections.abc import Mapping
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.roles import ChildPermission
from authorities.models import Authority
from children.models import Child

from . import rules
from .kinds import find, kinds_with
from .querysets import DutyQuerySet

OPEN = Q(met_on__isnull=True, closed_on__isnull=True)
DATED = Q(due_on__isnull=False)


@pghistory.track()
class Duty(models.Model):
    """Something owed about a child: by whom, from when, by when, and when it was met or stopped being owed.

    Its dates are worked out once, when it comes to be owed, and again only by `services.redate`. What it is about
    (a review, a rung, a decision) holds the key to it and keeps no date of its own. `kind` and `rule` are text
    without choices, so that a new kind is a row of `kinds` and no migration.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="duties")
    child = models.ForeignKey(Child, models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=30)
    series = models.CharField(max_length=30, blank=True)  # of a series one is open at a time; blank: any number
    rule = models.CharField(max_length=40)
    why_not_known = models.CharField(max_length=30, blank=True, db_default="")  # a code, where the rule is NOT_KNOWN
    allowed = models.PositiveIntegerField(null=True, blank=True)  # the amount, where each duty has its own

    runs_from_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    last_safe_on = models.DateField(null=True, blank=True)
    act_by_on = models.DateField(null=True, blank=True)
    plan_by_on = models.DateField(null=True, blank=True)
    due_soon_on = models.DateField(null=True, blank=True)
    tell_from_on = models.DateField(null=True, blank=True)

    planned_for_on = models.DateField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    owed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    owed_by_roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    owed_by_words = models.CharField(max_length=120, blank=True)
    not_owed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    about = models.UUIDField(null=True, blank=True)  # names the page it is worked on

    met_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)  # the day it stopped being owed
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    closed_reason = models.TextField(blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(
                fields=["child", "kind", "series"], condition=OPEN & ~Q(series=""), name="one_open_duty_of_a_series"
            ),
            models.CheckConstraint(
                condition=(DATED & ~Q(rule="NOT_KNOWN")) | (~DATED & Q(rule="NOT_KNOWN")),
                name="duty_dated_unless_not_known",
            ),
            models.CheckConstraint(
                condition=~DATED
                | Q(
                    runs_from_on__isnull=False,
                    due_on__gte=F("runs_from_on"),
                    last_safe_on__isnull=False,
                    act_by_on__isnull=False,
                    due_soon_on__isnull=False,
                ),
                name="duty_due_with_its_other_dates",
            ),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True) | Q(closed_on__isnull=True), name="duty_met_or_closed"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_at__isnull=True, closed_by__isnull=True, closed_reason="")
                | (
                    Q(closed_on__isnull=False, closed_at__isnull=False)
                    & ~Q(closed_reason="")
                    & (Q(closed_by__isnull=False) | Q(closed_reason__in=rules.NOBODY_DECIDED))
                ),
                name="duty_closed_by_and_why",
            ),
            models.CheckConstraint(
                condition=Q(planned_at__isnull=True, planned_by__isnull=True)
                | Q(planned_at__isnull=False, planned_by__isnull=False, planned_for_on__isnull=False),
                name="duty_planned_at_by",
            ),
            models.CheckConstraint(
                condition=Q(owed_by__isnull=False) | ~Q(owed_by_roles=[]) | ~Q(owed_by_words=""),
                name="duty_has_an_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["child", "kind", "due_on"], condition=OPEN, name="duty_open_by_child"),
            models.Index(fields=["authority", "kind", "due_on"], condition=OPEN, name="duty_open_by_due"),
            models.Index(
                fields=["authority", "tell_from_on"],
                condition=OPEN & Q(tell_from_on__isnull=False),
                name="duty_open_by_tell",
            ),
            models.Index(
                fields=["authority"], condition=OPEN & Q(planned_for_on__gt=F("due_on")), name="duty_planned_too_late"
            ),
            models.Index(fields=["owed_by"], condition=OPEN & Q(owed_by__isnull=False), name="duty_open_by_owner"),
            models.Index(
                fields=["authority", "kind", "runs_from_on"],
                include=["met_on", "closed_on", "due_on", "child"],
                name="duty_on_a_day",
            ),
            models.Index(fields=["child", "kind", "met_on"], name="duty_by_child"),
        ]

    def __str__(self) -> str:
        kind = find(self.kind)
        rule = kind.rule(self.rule) if kind else None
        return rule.title if rule else (kind.words if kind else self.kind).replace("_", " ").capitalize()

    @classmethod
    def plain_history(cls, values: Mapping[str, Any]) -> frozenset[str]:
        """Of a row's history, what may be read without reading the record: the days of a kind that asks no more."""
        is_plain = values.get("kind") in kinds_with(ChildPermission.VIEW)
        return frozenset({"due_on", "planned_for_on", "met_on"}) if is_plain else frozenset()

    @classmethod
    def history_name(cls, values: Mapping[str, Any]) -> str:
        """What a row of history is about: "due date of the review"."""
        kind = find(str(values.get("kind")))
        return f"due date of the {kind.words}" if kind else "due date"

    @property
    def is_open(self) -> bool:
        """Neither met nor closed."""
        return self.met_on is None and self.closed_on is None
