"""Named reads of people, holdings and tokens."""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import UserManager
from django.db import models

from . import roles


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


class PersonManager(UserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]  # dynamic base class
    """Creates users; reads as PersonQuerySet."""


class HoldingQuerySet(models.QuerySet):
    """Reads of holdings."""

    def live(self) -> Self:
        """Holdings without an end, of posts without an end."""
        return self.filter(ends_on__isnull=True, post__ends_on__isnull=True)

    def of_user(self, user_id: int) -> Self:
        """Live holdings of one person."""
        return self.live().filter(user_id=user_id)

    def granting(self, permission: roles.ChildPermission | str) -> Self:
        """Live holdings whose role includes this child permission."""
        return self.live().filter(post__role__in=roles.roles_granting(permission))


class TokenQuerySet(models.QuerySet):
    """Reads of tokens."""

    def usable(self, at: datetime) -> Self:
        """Tokens neither revoked nor expired, of active accounts."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)
