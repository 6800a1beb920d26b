"""Named reads of people, holdings and tokens."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.apps import apps
from django.contrib.auth.models import UserManager
from django.db import models


class PersonQuerySet(models.QuerySet):
    """Reads of people."""

    def of(self, authority_id: int) -> Self:
        """Active members of staff of one authority."""
        return self.filter(authority_id=authority_id, is_active=True)

    def with_role(self, *codes: str) -> Self:
        """People who hold a live post with one of these roles."""
        return self.filter(
            holdings__ends_on__isnull=True,
            holdings__post__ends_on__isnull=True,
            holdings__post__role__in=codes,
        ).distinct()

    def by_name(self) -> Self:
        """Family name first."""
        return self.order_by("last_name", "first_name", "pk")

    def with_posts(self, holdings: "HoldingQuerySet") -> Self:
        """With `live_holdings` fetched: of these, the ones each person holds now, in one query more."""
        live = holdings.live().select_related("post__team", "post__service").order_by("starts_on")
        return self.prefetch_related(models.Prefetch("holdings", live, to_attr="live_holdings"))


class PersonManager(UserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]  # dynamic base class
    """Creates users; reads as PersonQuerySet."""


class PostQuerySet(models.QuerySet):
    """Reads of posts."""

    def of(self, authority_id: int) -> Self:
        """Posts of one authority."""
        return self.filter(authority_id=authority_id)

    def live(self) -> Self:
        """Posts that the establishment has now, filled or not."""
        return self.filter(ends_on__isnull=True)

    def with_holders(self, holdings: "HoldingQuerySet") -> Self:
        """With place and `live_holdings` fetched: of these, who fills each now, in one query more."""
        live = holdings.filter(ends_on__isnull=True).select_related("user")
        held = models.Prefetch("holdings", live, to_attr="live_holdings")
        return self.select_related("team", "service").prefetch_related(held)

    def fte(self) -> Decimal:
        """What they come to in full-time posts."""
        return self.aggregate(fte=models.Sum("fte"))["fte"] or Decimal(0)

    def vacant(self) -> Self:
        """Live posts that nobody fills."""
        holdings = apps.get_model("accounts", "Holding").objects.filter(ends_on__isnull=True)
        return self.live().exclude(models.Exists(holdings.filter(post=models.OuterRef("pk"))))


class HoldingQuerySet(models.QuerySet):
    """Reads of holdings."""

    def live(self) -> Self:
        """Holdings without an end, of posts without an end."""
        return self.filter(ends_on__isnull=True, post__ends_on__isnull=True)

    def of_user(self, user_id: int) -> Self:
        """Live holdings of one person."""
        return self.live().filter(user_id=user_id)


class TokenQuerySet(models.QuerySet):
    """Reads of tokens."""

    def usable(self, at: datetime) -> Self:
        """Tokens neither revoked nor expired, of active accounts."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)

    def with_hash(self, token_hash: str) -> Self:
        """The token with this hash, if there is one, with its account and authority."""
        return self.filter(token_hash=token_hash).select_related("user__authority")
