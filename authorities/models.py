"""Local authorities, their services and teams, and what each has decided for itself."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from audit.constraints import pair

from .querysets import AuthorityQuerySet, CalendarDayQuerySet, PolicyQuerySet

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


class Service(models.Model):
    """A group of teams under one service manager."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "name"], name="service_named_once")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A social work team under one team manager, or the IRO team, which no social work service holds."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="teams")
    service = models.ForeignKey(Service, models.PROTECT, related_name="teams", null=True, blank=True)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "name"], name="team_named_once")]

    def __str__(self) -> str:
        return self.name


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
