"""Local authorities, their services and teams, and what each has decided for itself."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from audit.constraints import pair

from .querysets import AuthorityQuerySet, CalendarDayQuerySet, PlaceQuerySet, PolicyQuerySet

code_is_plain = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$",
    "An authority's code is 1 to 20 letters, digits or hyphens, such as E09000027.",
)


class Authority(models.Model):
    """A council with an IRO service of its own; every child, team and member of staff belongs to one."""

    code = models.CharField(max_length=20, unique=True, validators=[code_is_plain])
    name = models.CharField(max_length=120)
    is_demonstration = models.BooleanField(default=False)
    # The first day of the earliest year of returns held; null while none has been imported.
    history_from = models.DateField(null=True, blank=True)
    # The last day that the newest return read tells of, and the years to 31 March whose reviews none has told.
    returns_to_on = models.DateField(null=True, blank=True)
    years_without_reviews = ArrayField(models.PositiveSmallIntegerField(), null=True, blank=True)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "authorities"

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """What the authority has decided from a day on: margins before a date, words, the RAG rule.

    Days are working days. Nothing here may lengthen a statutory limit; those stand in `timescales`.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="policies")
    starts_on = models.DateField()
    booking_buffer_days = models.PositiveSmallIntegerField(default=3)
    first_unbooked_after_days = models.PositiveSmallIntegerField(default=5)
    later_unbooked_before_days = models.PositiveSmallIntegerField(default=20)
    first_due_soon_days = models.PositiveSmallIntegerField(default=5)
    later_due_soon_days = models.PositiveSmallIntegerField(default=15)
    response_due_soon_days = models.PositiveSmallIntegerField(default=2)
    is_rag_linked_to_ladder = models.BooleanField(default=False)
    words = models.JSONField(default=dict, blank=True)
    why = models.TextField(blank=True, db_default="")
    decided_at = models.DateTimeField(null=True, blank=True)  # null: with the authority itself, by a command
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["authority", "starts_on"], name="one_policy_from_a_day"),
            models.CheckConstraint(condition=pair("decided_at", "decided_by"), name="policy_decided_at_by"),
        ]

    @property
    def margins(self) -> dict[str, int]:
        """Every margin it sets, in working days, by the name of its column."""
        return {name: value for name, value in vars(self).items() if name.endswith("_days")}


def open_ones_named_once(name: str) -> models.UniqueConstraint:
    """No two open ones of an authority have the same name; nor one in other capitals, which the services refuse."""
    return models.UniqueConstraint(fields=["authority", "name"], condition=Q(ended_on__isnull=True), name=name)


class Service(models.Model):
    """A group of teams under one service manager; closed from a day on where it has an end."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.TextField(blank=True, default="", db_default="")

    objects = PlaceQuerySet.as_manager()
    kind = "service"

    class Meta:
        constraints = [open_ones_named_once("open_service_named_once")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A social work team under one team manager, or the IRO team, which no social work service holds.

    One outside the council (a provider) has managers on the ladder like any other.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="teams")
    service = models.ForeignKey(Service, models.PROTECT, related_name="teams", null=True, blank=True)
    name = models.CharField(max_length=120)
    is_outside = models.BooleanField(default=False, db_default=False)
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.TextField(blank=True, default="", db_default="")
    merged_into = models.ForeignKey("self", models.SET_NULL, related_name="merged", null=True, blank=True)

    objects = PlaceQuerySet.as_manager()
    kind = "team"

    class Meta:
        constraints = [
            open_ones_named_once("open_team_named_once"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(ended_on__isnull=False), name="merged_team_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def name_on(self, day: date | None) -> str:
        """What it was called on a day; its name now where none is given. Reads the former names fetched with it."""
        former = sorted((past.ended_on, past.name) for past in self.former_names.all())
        return next((name for ended_on, name in former if day and day < ended_on), self.name)


class FormerName(models.Model):
    """What a service or a team was called up to a day."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="former_names", null=True, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, related_name="former_names", null=True, blank=True)
    name = models.CharField(max_length=120)
    ended_on = models.DateField()  # the first day it was called otherwise

    class Meta:
        ordering = ["-ended_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=True, team__isnull=False) | Q(service__isnull=False, team__isnull=True),
                name="former_name_of_one",
            )
        ]


class CalendarDay(models.Model):
    """A day proclaimed or withdrawn as a bank holiday after the calendar library was released.

    Bank holidays are national, so the days hold for every authority on the installation.
    """

    on = models.DateField(unique=True)
    name = models.CharField(max_length=80)
    is_working = models.BooleanField(default=False)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        ordering = ["on"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="calendar_day_has_a_name")]
