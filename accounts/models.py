"""People who sign in, the posts they hold, and the tokens machines use."""

import uuid

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import F, Q

from authorities.models import Authority, Service, Team

from . import roles
from .querysets import HoldingQuerySet, PersonManager, PostQuerySet, TokenQuerySet


class User(AbstractUser):
    """A member of staff, or a service account. Signs in with the work e-mail address as username."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="staff")
    is_service_account = models.BooleanField(default=False)
    registration_number = models.CharField(max_length=20, blank=True, default="", db_default="")  # with the regulator
    registration_until_on = models.DateField(null=True, blank=True)  # the day it has to be renewed by

    REQUIRED_FIELDS = ["email", "authority"]

    objects = PersonManager()  # type: ignore[misc]  # django-stubs types the inherited manager as UserManager

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Post(models.Model):
    """A place in the establishment: a role, in a team, a service or the whole authority, with its hours."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=roles.CHOICES)
    team = models.ForeignKey(Team, models.PROTECT, related_name="posts", null=True, blank=True)
    service = models.ForeignKey(Service, models.PROTECT, related_name="posts", null=True, blank=True)
    title = models.CharField(max_length=120, blank=True)
    fte = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    hours = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)  # a week, where it is known
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # The group whose guardian rows open the children of the post's team or service; null for every other scope.
    group = models.ForeignKey(Group, models.PROTECT, related_name="posts", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fte__gt=0, fte__lte=1), name="post_fte_up_to_one"),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0, hours__lte=60), name="post_hours_of_a_week"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        place = {roles.Scope.SERVICE: self.service}.get(roles.BY_CODE[self.role].scope, self.team)
        return f"{self.title or self.get_role_display()}{f', {place}' if place else ''}"


class Holding(models.Model):
    """Who fills a post, from a day; live while it has no end."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_agency = models.BooleanField(default=False, db_default=False)  # employed by an agency, not by the council

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(ends_on__isnull=True), name="one_live_holder_of_a_post"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="holding_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(ends_on__isnull=True), name="holding_live_by_user")]


class ApiToken(models.Model):
    """A machine's key to the API. Only its hash is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()


class HeldPost(models.Model):
    """What somebody had typed when their session ran out, kept for them until they are back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="held_posts")
    path = models.TextField()
    fields = models.JSONField()
    held_at = models.DateTimeField()


class PageDraft(models.Model):
    """What somebody has typed on a page so far and not sent. Working text, like a review's draft: no history."""

    user = models.ForeignKey(User, models.CASCADE, related_name="page_drafts")
    path = models.CharField(max_length=200)
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="one_draft_of_a_page")]


class CacheEntry(models.Model):
    """A row of Django's database cache: used codes and counted guesses, which live for minutes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
