"""How machines come in: hashed expiring tokens and cursor pages."""

from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework import authentication, pagination, permissions
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from .access import permits
from .models import ApiToken, User
from .roles import Permission
from .services import find_token

if TYPE_CHECKING:
    from rest_framework.views import APIView  # importing it here would ask for this module again


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`: a token that is neither expired nor revoked, of an active account."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The account and its token; None when the request carries no bearer token at all."""
        words = authentication.get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the token as one word: Authorization: Bearer TOKEN.")
        found = find_token(token=words[1], at=timezone.now())
        if found is None:
            raise AuthenticationFailed("The token is unknown, has expired or has been revoked.")
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        """What a refused caller is asked for."""
        return "Bearer"


class MayUseApi(permissions.BasePermission):
    """Signed in, and in a role that may use the API. Which children is asked again for each of them."""

    message = "No role you hold may use the API."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return bool(request.user.is_authenticated) and permits(request.user, Permission.USE_API)


class CursorPagination(pagination.CursorPagination):
    """Pages that stay in place while rows are added, and never count. A view may name its own `ordering`."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"
