"""The API's errors, as problem documents (RFC 9457)."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.http import Http404, JsonResponse
from rest_framework import views
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.response import Response

from timescales.refusals import Conflict, Refused

log = structlog.get_logger(__name__)

PROBLEM = "application/problem+json"
NOT_FOUND = "There is no such thing, or not for you."


def problem(exc: Exception, context: dict[str, Any]) -> Response:
    """Every failure as application/problem+json with type, title, status, detail and errors by field path.

    Refused by a rule is 422, somebody else was first 409, out of scope 404 like unknown; anything unforeseen
    is logged and 500 without its words.
    """
    if isinstance(exc, ObjectDoesNotExist):
        exc = Http404()
    if isinstance(exc, SuspiciousOperation):
        exc = ParseError("The request is not one that can be read.")
    if isinstance(exc, Refused):
        return _refusal(exc)
    response = views.exception_handler(exc, context)
    if response is None:
        log.error("api_failed", exc_info=exc)
        views.set_rollback()
        return _document(HTTPStatus.INTERNAL_SERVER_ERROR, "The service failed. Nothing was changed.")
    status = HTTPStatus(response.status_code)
    kept = {name: response[name] for name in ("WWW-Authenticate", "Retry-After", "Allow") if name in response}
    if isinstance(exc, ValidationError):
        return _document(status, "Some of what was sent cannot be used.", list(_errors(exc.detail)), kept)
    detail = NOT_FOUND if status is HTTPStatus.NOT_FOUND else str(_words(response))
    return _document(status, detail, headers=kept)


def _refusal(exc: Refused) -> Response:
    views.set_rollback()
    status = HTTPStatus.CONFLICT if isinstance(exc, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
    errors = [{"field": exc.field, "message": exc.message}] if exc.field else []
    return _document(status, exc.message, errors)


def _words(response: Response) -> Any:
    data = response.data
    return data.get("detail", "") if isinstance(data, dict) else data


def _errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Each message with the path of its field, such as decisions.0.owner."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _errors(inner, path if name == "non_field_errors" else f"{path}.{name}".strip("."))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from _errors(inner, f"{path}.{number}".strip(".") if nested else path)
    else:
        yield {"field": path, "message": str(detail)}


def plain_problem(status: HTTPStatus) -> JsonResponse:
    """A problem document for an error met before or outside the API's own code."""
    detail = NOT_FOUND if status is HTTPStatus.NOT_FOUND else status.description
    return JsonResponse(_fields(status, detail, []), status=status.value, content_type=PROBLEM)


def _document(
    status: HTTPStatus,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    data = _fields(status, detail, errors or [])
    return Response(data, status=status.value, headers=headers, content_type=PROBLEM)


def _fields(status: HTTPStatus, detail: str, errors: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "errors": errors,
    }
