"""Which returns have been read in."""

from django.conf import settings
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

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="one_return_a_year")]
