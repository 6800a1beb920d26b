"""Append-only events: who looked at which record, and which act changed it.

The columns hold keys, not foreign keys: audit is the lowest room and must outlive what it tells about.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from .querysets import AccessEventQuerySet, BusinessEventQuerySet

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class AccessEvent(models.Model):
    """One reading of one or more children's records, written in the transaction of the reading."""

    class Action(models.TextChoices):
        VIEW = "VIEW", "opened"
        LIST = "LIST", "saw in a list"
        SEARCH = "SEARCH", "found by search"
        DOWNLOAD = "DOWNLOAD", "downloaded"
        DENIED = "DENIED", "was refused"

    at = models.DateTimeField()
    authority_id = models.BigIntegerField()
    actor_id = models.BigIntegerField()
    child_ids = ArrayField(models.BigIntegerField())
    action = models.CharField(max_length=8, choices=Action)
    what = models.CharField(max_length=80)  # the named page, e.g. "reviews:record"
    request_id = models.CharField(max_length=64, blank=True)

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["child_ids"], name="access_by_child"),
            models.Index(fields=["actor_id", "-at"], name="access_by_actor"),
            models.Index(fields=["authority_id", "-at"], name="access_by_authority"),
        ]
        triggers = [APPEND_ONLY]


class BusinessEvent(models.Model):
    """One act that changed something, with codes and keys only: never a name or free text."""

    at = models.DateTimeField()
    authority_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)  # null: a command or the clock
    child_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)  # e.g. "review.recorded"
    subject = models.CharField(max_length=60)  # e.g. "reviews.Review"
    subject_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    objects = BusinessEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["child_id", "-at"], name="business_by_child"),
            models.Index(fields=["authority_id", "-at"], name="business_by_authority"),
        ]
        triggers = [APPEND_ONLY]
