"""How machines come in: hashed expiring tokens and cursor pages."""

import hashlib
from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework import exceptions, pagination, permissions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from .access import permits
from .models import ApiToken, User
from .roles import Permission

if TYPE_CHECKING:
    from rest_framework.views import APIView  # importing it here would ask for this module again


def hash_token(token: str) -> str:
    """What is kept of a token: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`, for accounts of machines and people."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's account; None when no bearer token is sent. Raises AuthenticationFailed for a bad one."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise exceptions.AuthenticationFailed("Send one token: 'Authorization: Bearer TOKEN'.")
        hashed = hash_token(words[1].decode("latin-1"))
        token = (
            ApiToken.objects.usable(timezone.now())
            .select_related("user__authority")
            .filter(token_hash=hashed)
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed("The token is unknown, expired or revoked. Ask for a new one.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes an unauthenticated answer a 401."""
        return self.keyword


class MayUseApi(permissions.BasePermission):
    """Signed in, with a role that may use the API."""

    message = "Your role may not use the API."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether this account may call anything here at all; what it sees is scoped besides."""
        return bool(request.user.is_authenticated and permits(request.user, Permission.USE_API))


class CursorPagination(pagination.CursorPagination):
    """Pages that cost the same however far in, without a count."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "pk"
