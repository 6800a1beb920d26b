"""How machines come in: hashed expiring tokens, cursor pages, and filters taken at their word."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import authentication, pagination, parsers, permissions
from rest_framework.exceptions import APIException, AuthenticationFailed, ParseError, ValidationError
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.requests import viewer_in
from accounts.roles import Permission
from accounts.services import find_token

if TYPE_CHECKING:
    from rest_framework.views import APIView  # importing it here would ask for this module again


HALF_A_LETTER = "This holds half of a surrogate pair, such as \\ud800 alone, which is no letter."


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
        return viewer_in(request).permits(Permission.USE_API)


class TooLarge(APIException):
    """The body is longer than anything the API asks for."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class JSONParser(parsers.JSONParser):
    """JSON up to LONGEST bytes; nesting too deep to follow is a broken body like any other.

    So is half of a surrogate pair, in a name or a value: neither the database nor an answer can hold it.
    """

    LONGEST = 2_500_000  # bytes

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The values sent; ParseError or TooLarge otherwise."""
        length = parser_context["request"].META.get("CONTENT_LENGTH") if parser_context else None
        if int(length or 0) > self.LONGEST:
            raise TooLarge(f"Send at most {self.LONGEST:,} bytes.")
        try:
            sent = super().parse(stream, media_type, parser_context)
            wrong = _half_letters(sent)
        except RecursionError:
            raise ParseError("The JSON is nested too deep.") from None
        if wrong:
            raise ValidationError(wrong)
        return sent


def _half_letters(sent: Any) -> Any:
    """The refusal of each text that holds half of a letter, at its place in what was sent; nothing for none."""
    if isinstance(sent, str):
        return [] if _is_whole(sent) else [HALF_A_LETTER]
    if isinstance(sent, list):
        found = [_half_letters(inner) for inner in sent]
        return found if any(found) else []
    if not isinstance(sent, dict):
        return []
    of_values = {name: wrong for name, inner in sent.items() if _is_whole(name) and (wrong := _half_letters(inner))}
    return of_values if all(map(_is_whole, sent)) else of_values | {"non_field_errors": [HALF_A_LETTER]}


def _is_whole(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


class CursorPagination(pagination.CursorPagination):
    """Pages that stay in place while rows are added, and never count.

    In the order of the uuids: a cursor tells nothing about anybody, and no row ever moves.
    """

    page_size = 50
    page_size_query_param = "page_size"
    page_size_query_description = "How many to give at once, 1 to 200."
    cursor_query_description = "Where to go on: taken from `next` or `previous` of another page."
    max_page_size = 200
    offset_cutoff = 1
    ordering = "uuid"

    def get_page_size(self, request: Request) -> int:
        """The number asked for; ValidationError for anything but 1 to `max_page_size`."""
        asked = request.query_params.get("page_size", str(self.page_size))
        size = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
        if not 1 <= size <= self.max_page_size:
            raise ValidationError({"page_size": f"Give a number from 1 to {self.max_page_size}."})
        return size

    def decode_cursor(self, request: Request) -> Any:
        """The place a cursor names; ValidationError for one this API never gave."""
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None:
                UUID(str(cursor.position))
        except (APIException, ValueError):
            raise ValidationError({"cursor": "Take the cursor from `next` or `previous`."}) from None
        return cursor

    def get_schema_operation_parameters(self, view: Any) -> Any:
        """Both parameters, with the limits of the size."""
        found = super().get_schema_operation_parameters(view)
        limits = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [{**one, "schema": limits} if one["name"] == "page_size" else one for one in found]


class FilterBackend(DjangoFilterBackend):
    """Filters by name; one misspelt is refused rather than passed over, since it would widen the answer."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        """Narrow the rows; ValidationError for a value or a name that is not a filter's."""
        filters = self.get_filterset_class(view, queryset)
        known = {*(filters.base_filters if filters else ()), "cursor", "page_size"}
        unknown = {name: "There is no such filter." for name in request.query_params if name not in known}
        if unknown:
            raise ValidationError(unknown)
        found: QuerySet = super().filter_queryset(request, queryset, view)
        return found
