"""The API's errors, as problem documents."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from authorities.rules import Refused


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """An error as a problem document (RFC 9457): type, title, status, detail, and errors by field."""
    if isinstance(error, Refused):
        error = exceptions.ValidationError({error.field or "non_field_errors": [error.message]})
    response = exception_handler(error, context)
    if response is None:
        return None
    body: dict[str, Any] = {"type": "about:blank", "title": response.status_text, "status": response.status_code}
    if isinstance(error, exceptions.ValidationError):
        body["detail"] = "Some of what was sent cannot be taken. See errors."
        body["errors"] = response.data
    elif isinstance(error, Http404):
        body["detail"] = "There is no such record, or it is outside what you may see."
    elif isinstance(error, PermissionDenied):
        body["detail"] = str(error) or "Your role may not do that."
    else:
        body["detail"] = (response.data or {}).get("detail", "")
    response.data = body
    response.content_type = "application/problem+json"
    return response
