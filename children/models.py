"""The child, the time looked after, where and under what order, and who works with them."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.access import GroupObjectPermissionBase, UserObjectPermissionBase
from accounts.roles import ChildPermission
from authorities.models import Authority, Team

from . import codes
from .querysets import (
    AllocationQuerySet,
    CarePeriodQuerySet,
    ChildQuerySet,
    CorrectedFactQuerySet,
    EpisodeQuerySet,
)

ENDS_AFTER_START = Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))


def one_at_a_time(name: str) -> ExclusionConstraint:
    """Periods of one child never overlap; the end day belongs to the next period.

    A range over the child's key stands in for the btree_gist extension, which the bundled server lacks.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            (Func(F("child"), F("child"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
            (Func(F("starts_on"), F("ends_on"), Value("[)"), function="daterange"), RangeOperators.OVERLAPS),
        ],
    )


@pghistory.track()
class Child(models.Model):
    """The subject of the service."""

    class Sex(models.TextChoices):
        MALE = "M", "male"
        FEMALE = "F", "female"
        UNKNOWN = "U", "not known"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="children")
    reference = models.CharField(max_length=40)  # the authority's own identifier, as returned in SSDA903
    given_name = models.CharField(max_length=80, blank=True)  # blank where only a return is held
    family_name = models.CharField(max_length=80, blank=True)
    sort_name = models.CharField(max_length=200, editable=False)  # folded, since the database orders by byte
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex)
    ethnicity = models.CharField(max_length=4, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    is_mother = models.BooleanField(null=True)
    mother_child_born_on = models.DateField(null=True, blank=True)
    unaccompanied_until = models.DateField(null=True, blank=True)  # SSDA903 DUC; null: not unaccompanied

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "children"
        constraints = [models.UniqueConstraint(fields=["authority", "reference"], name="child_reference_once")]
        indexes = [models.Index(fields=["authority", "sort_name"], name="child_by_name")]
        default_permissions = ("view",)
        permissions = [(p.value, p.name) for p in ChildPermission if p is not ChildPermission.VIEW]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.reference

    @property
    def initials(self) -> str:
        """First letters of the names, or the reference where no name is held."""
        return "".join(part[0] for part in (self.given_name, self.family_name) if part) or self.reference


class ChildUserObjectPermission(UserObjectPermissionBase):
    """Guardian's row for one person, derived from the allocation it names."""

    content_object = models.ForeignKey(Child, models.PROTECT, related_name="user_grants")
    allocation = models.ForeignKey("Allocation", models.PROTECT, related_name="grants")


class ChildGroupObjectPermission(GroupObjectPermissionBase):
    """Guardian's row for the holders of a post, derived from the child's team and its service."""

    content_object = models.ForeignKey(Child, models.PROTECT, related_name="group_grants")


@pghistory.track()
class CarePeriod(models.Model):
    """One unbroken time looked after: consecutive episodes joined."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="care_periods")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason_ended = models.CharField(max_length=3, blank=True)

    objects = CarePeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_START, name="care_period_ends_after_start"),
            models.UniqueConstraint(fields=["child", "starts_on"], name="care_period_starts_once"),
            models.UniqueConstraint(fields=["child"], condition=Q(ends_on__isnull=True), name="one_open_care_period"),
            one_at_a_time("care_periods_never_overlap"),
        ]
        indexes = [
            models.Index(fields=["authority"], condition=Q(ends_on__isnull=True), name="care_period_open"),
            models.Index(fields=["authority", "starts_on", "ends_on"], name="care_period_by_day"),
        ]


@pghistory.track()
class Episode(models.Model):
    """One spell of the same legal status and placement, as SSDA903 returns it."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="episodes")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    care_period = models.ForeignKey(CarePeriod, models.PROTECT, related_name="episodes")
    starts_on = models.DateField()  # DECOM
    reason_started = models.CharField(max_length=1, choices=codes.EPISODE_STARTS)  # RNE
    legal_status = models.CharField(max_length=2, choices=codes.LEGAL_STATUSES)  # LS
    category_of_need = models.CharField(max_length=2, choices=codes.CATEGORIES_OF_NEED)  # CIN
    placement_type = models.CharField(max_length=3, blank=True)  # PLACE
    placement_provider = models.CharField(max_length=3, blank=True)  # PLACE_PROVIDER
    ends_on = models.DateField(null=True, blank=True)  # DEC
    reason_ended = models.CharField(max_length=3, blank=True)  # REC
    reason_place_changed = models.CharField(max_length=6, blank=True)  # REASON_PLACE_CHANGE
    home_postcode = models.CharField(max_length=8, blank=True)
    placement_postcode = models.CharField(max_length=8, blank=True)
    urn = models.CharField(max_length=10, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_START, name="episode_ends_after_start"),
            models.UniqueConstraint(fields=["child", "starts_on"], name="episode_starts_once"),
            one_at_a_time("episodes_never_overlap"),
        ]
        indexes = [
            models.Index(fields=["care_period"], condition=Q(ends_on__isnull=True), name="episode_open"),
            models.Index(
                fields=["authority", "ends_on"],
                condition=Q(legal_status__in=codes.SHORT_BREAK_STATUSES),
                name="episode_short_break",
            ),
        ]


@pghistory.track()
class MissingSpell(models.Model):
    """A time missing, or away without authorisation."""

    class Kind(models.TextChoices):
        MISSING = "M", "missing"
        AWAY = "A", "away without authorisation"

    child = models.ForeignKey(Child, models.PROTECT, related_name="missing_spells")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=1, choices=Kind)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_START, name="missing_spell_ends_after_start"),
            models.UniqueConstraint(fields=["child", "kind", "starts_on"], name="missing_spell_once"),
        ]


@pghistory.track()
class AdoptionPlacement(models.Model):
    """A placement for adoption, and why it ceased if it did."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="adoption_placements")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    starts_on = models.DateField()  # DATE_PLACED
    ends_on = models.DateField(null=True, blank=True)  # DATE_PLACED_CEASED
    reason_ended = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_START, name="adoption_placement_ends_after_start"),
            models.UniqueConstraint(fields=["child", "starts_on"], name="adoption_placement_once"),
        ]


@pghistory.track()
class Allocation(models.Model):
    """The IRO or the social worker of a child, from a day; live while it has no end."""

    class Kind(models.TextChoices):
        IRO = "IRO", "IRO"
        SOCIAL_WORKER = "SOCIAL_WORKER", "social worker"

    child = models.ForeignKey(Child, models.PROTECT, related_name="allocations")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=13, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="allocations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_START, name="allocation_ends_after_start"),
            models.UniqueConstraint(
                fields=["child", "kind"], condition=Q(ends_on__isnull=True), name="one_live_allocation"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "kind"], condition=Q(ends_on__isnull=True), name="allocation_live_by_user")
        ]


@pghistory.track()
class TeamAllocation(models.Model):
    """The team responsible for a child, from a day; live while it has no end."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="team_allocations")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="child_allocations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_START, name="team_allocation_ends_after_start"),
            models.UniqueConstraint(
                fields=["child"], condition=Q(ends_on__isnull=True), name="one_live_team_allocation"
            ),
        ]
        indexes = [models.Index(fields=["team"], condition=Q(ends_on__isnull=True), name="team_allocation_live")]


@pghistory.track()
class CorrectedFact(models.Model):
    """A dated correction of a fact about a child: who, why, and what each field it changed said and says since.

    The row it corrected says what is so; it may be gone (made by mistake), so none points at it. An act that moves
    a neighbour with it leaves one for each row it changed, of one moment.
    """

    class Kind(models.TextChoices):
        EPISODE = "EPISODE", "care"
        ALLOCATION = "ALLOCATION", "who works with the child"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="corrected_facts")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    before = models.JSONField()  # by the names of columns, its first day among them: days as ISO text, people by key
    after = models.JSONField()  # likewise; nothing where the row was made by mistake
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CorrectedFactQuerySet.as_manager()

    class Meta:
        verbose_name = "correction"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="fact_corrected_with_a_reason")]
        indexes = [models.Index(fields=["child", "kind"], name="corrected_fact_of_child")]
        triggers = [pgtrigger.ReadOnly(name="corrected_fact_stands")]
