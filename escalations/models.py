"""A concern and its way up the authority's ladder."""

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts import roles
from audit.constraints import pair
from authorities.models import Authority
from children.models import Child
from duties.models import Duty
from timescales.words import counted

from .querysets import EscalationQuerySet, LadderQuerySet, ResponseQuerySet, StepQuerySet


class Ladder(models.Model):
    """An authority's local resolution process, from a day on. An open escalation stays on its own ladder."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="ladders")
    starts_on = models.DateField()
    name = models.CharField(max_length=120, default="Local resolution")
    why_longer = models.TextField(blank=True, db_default="")  # than guidance has the formal stages take
    decided_at = models.DateTimeField(null=True, blank=True)  # null: by a command or the demonstration
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = LadderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "starts_on"], name="one_ladder_from_a_day"),
            models.CheckConstraint(condition=pair("decided_at", "decided_by"), name="ladder_decided_at_by"),
        ]


class Stage(models.Model):
    """A rung: who answers there, any one of them, and within how many working days."""

    ladder = models.ForeignKey(Ladder, models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField()  # 0 is the lowest
    name = models.CharField(max_length=80)
    responder_roles = ArrayField(models.CharField(max_length=30), default=list, db_default=[])
    working_days = models.PositiveSmallIntegerField()
    is_formal = models.BooleanField(default=True)
    sign_off = models.CharField(max_length=120, blank=True, db_default="")  # asked for before it: advice, no bar

    class Meta:
        ordering = ["ladder", "position"]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "position"], name="one_stage_per_position"),
            models.CheckConstraint(condition=Q(working_days__gte=1), name="stage_has_days"),
            models.CheckConstraint(condition=~Q(responder_roles=[]), name="stage_asks_somebody"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_name(self) -> str:
        """Who answers, inside a sentence: "team manager", "social worker or team manager"."""
        return roles.any_of(self.responder_roles)

    @property
    def description(self) -> str:
        """The rung as a choice: its name, who answers unless the name says so, and in how many working days."""
        named = self.name if self.role_name.lower() in self.name.lower() else f"{self.name}: {self.role_name}"
        return f"{named}, {counted(self.working_days, 'working day')} to answer"


@pghistory.track()
class Escalation(models.Model):
    """A concern the IRO has raised about a child, where it stands now and how it ended."""

    class Status(models.TextChoices):
        OPEN = "OPEN", "open"
        RESOLVED = "RESOLVED", "resolved"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="escalations")
    child = models.ForeignKey(Child, models.PROTECT, related_name="escalations")
    ladder = models.ForeignKey(Ladder, models.PROTECT, related_name="escalations")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    concern = models.TextField()
    sought = models.TextField()  # what would settle it
    # The rung it stands on, kept beside the steps so that lists read one row.
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    raised_on = models.DateField()
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="raised_escalations")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    resolution = models.TextField(blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=pair("resolved_at", "resolved_by"), name="resolved_at_by"),
            models.CheckConstraint(
                condition=Q(status="OPEN", resolved_at__isnull=True)
                | (Q(status="RESOLVED", resolved_at__isnull=False) & ~Q(resolution="")),
                name="resolved_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["authority"], condition=Q(status="OPEN"), name="escalation_open"),
            models.Index(fields=["child"], condition=Q(status="OPEN"), name="escalation_open_by_child"),
        ]

    @property
    def answers(self) -> "list[Response]":
        """Every answer given so far, lowest rung first; no query where the steps were fetched with theirs."""
        return [step.response for step in self.steps.all() if hasattr(step, "response")]

    @property
    def reference(self) -> str:
        """What a mail or a letter may call it: no name in it."""
        return f"R-{self.uuid.hex[:6].upper()}"


@pghistory.track(exclude=["duty"])  # whose own history says when it was due
class Step(models.Model):
    """One rung reached: when, why, whose move, and when the answer is due."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="steps")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    duty = models.OneToOneField(Duty, models.PROTECT, related_name="step")  # the answer it asks for
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)  # why it moved up; blank on the first
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["escalation", "opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["escalation"], condition=Q(closed_at__isnull=True), name="one_open_step"),
            models.UniqueConstraint(fields=["escalation", "stage"], name="a_stage_once"),
            models.CheckConstraint(condition=pair("closed_at", "closed_by"), name="closed_at_by"),
        ]


@pghistory.track(exclude=["duty"])  # whose own history says by when it was promised
class Response(models.Model):
    """A manager's answer at one rung."""

    class Answer(models.TextChoices):
        ACCEPTED = "ACCEPTED", "Accept"
        PART_ACCEPTED = "PART_ACCEPTED", "Accept in part"
        CONTESTED = "CONTESTED", "Contest"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    step = models.OneToOneField(Step, models.PROTECT, related_name="response")
    answer = models.CharField(max_length=13, choices=Answer)
    action = models.TextField(blank=True)  # what will be done; needed unless contested
    action_due_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)  # needed unless accepted whole
    responded_on = models.DateField()
    responded_at = models.DateTimeField()
    responded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="responses")
    submission = models.UUIDField(unique=True)  # makes a second click harmless
    # The promise it makes, owed until it is kept or no longer needed, though the concern be resolved meanwhile.
    duty = models.OneToOneField(Duty, models.PROTECT, related_name="promise", null=True, blank=True)
    ended_words = models.TextField(
        blank=True, default="", db_default=""
    )  # what shows that it was kept, or why it is no longer needed
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=pair("ended_at", "ended_by"), name="promise_ended_at_by"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_words=""), name="promise_ended_with_words"
            ),
            models.CheckConstraint(
                condition=Q(answer="CONTESTED") | (~Q(action="") & Q(action_due_on__isnull=False)),
                name="acceptance_says_what_and_when",
            ),
            models.CheckConstraint(condition=Q(answer="ACCEPTED") | ~Q(reason=""), name="contest_says_why"),
        ]
