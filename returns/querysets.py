"""Named reads of returns."""

from typing import Self

from django.db import models
from django.db.models import Max


class ReturnQuerySet(models.QuerySet):
    """Reads of returns."""

    def of(self, authority_id: int) -> Self:
        """The returns of one authority, newest year first."""
        return self.filter(authority_id=authority_id).order_by("-year")

    def latest_year(self, authority_id: int) -> int | None:
        """The newest year read in for an authority."""
        latest: int | None = self.filter(authority_id=authority_id).aggregate(latest=Max("year"))["latest"]
        return latest
