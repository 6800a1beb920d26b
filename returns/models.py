"""Which returns have been read in, what each says of every child, and what in it could not be held."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from authorities.models import Authority

from .querysets import ReturnQuerySet


class Return(models.Model):
    """One year's SSDA903 of an authority as it was last read in: the year to 31 March, and the rows counted."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="returns")
    year = models.PositiveSmallIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )  # null: an operator at the command line
    read = models.PositiveIntegerField()
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    read_to_on = models.DateField(null=True)  # the last day it tells of; null: read before returns were kept
    tables = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # of which rows are kept

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="one_return_a_year")]


class ReturnedChild(models.Model):
    """What one return says of one child: by table, its rows by column, as they were checked.

    Kept so that a return sent again can take back what it said, and that years give one result in any order: what
    stands is worked out from all of them (`combining`). No history: the rows it leads to have theirs.
    """

    of = models.ForeignKey(Return, models.PROTECT, related_name="children")
    reference = models.CharField(max_length=40)
    rows = models.JSONField(encoder=DjangoJSONEncoder)
    is_withdrawn = models.BooleanField(default=False)  # the return sent again names the child no more

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "reference"], name="returned_child_once")]


class ReturnProblem(models.Model):
    """A row of a return that did not land, or a cell of one that was left blank: where, and why."""

    of = models.ForeignKey(Return, models.PROTECT, related_name="problems")
    is_row = models.BooleanField()  # the whole row did not land
    file = models.CharField(max_length=255)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=100, blank=True)
    reason = models.TextField()

    class Meta:
        ordering = ["of", "file", "row", "pk"]


class Feed(models.Model):
    """The file of an authority's children: when it was last read, and what became of its rows."""

    authority = models.OneToOneField(Authority, models.PROTECT, related_name="feed")
    first_read_at = models.DateTimeField()
    read_at = models.DateTimeField()
    counts = models.JSONField(default=dict)  # rows by outcome


class FedChild(models.Model):
    """What the file said of one child when it last landed, by column.

    Kept to tell, where the file and what is held here differ, which of the two has changed. No history: the rows it
    leads to have theirs.
    """

    of = models.ForeignKey(Feed, models.PROTECT, related_name="children")
    reference = models.CharField(max_length=40)
    said = models.JSONField()
    # The first days of the episodes that came by it: a return that tells of those days has the last word.
    episodes = ArrayField(models.DateField(), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "reference"], name="fed_child_once")]
