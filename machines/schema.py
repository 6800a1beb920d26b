"""What every room's door tells of itself in the OpenAPI document: the key it wants, and the problems it answers."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from .problems import PROBLEM

WORDS = {
    HTTPStatus.BAD_REQUEST: "What was sent cannot be read, or a field of it cannot be used.",
    HTTPStatus.UNAUTHORIZED: "No token was sent, or one that is unknown, expired or revoked.",
    HTTPStatus.FORBIDDEN: "Your role does not do this.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or not for you: the two read the same.",
    HTTPStatus.NOT_ACCEPTABLE: "Only JSON is given.",
    HTTPStatus.CONFLICT: "Somebody else was first; `detail` says who and when. Nothing was changed.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too long.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Only JSON is taken.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A rule refuses it; `detail` says which and what to do. Nothing was changed.",
}
READING = (400, 401, 403, 406)
ACTING = (*READING, 404, 409, 413, 415, 422)


class ProblemFieldSerializer(serializers.Serializer):
    """One message about one field, by its path: `decisions.0.owner`."""

    field = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """What went wrong, as RFC 9457 lays down."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ProblemFieldSerializer(many=True)  # type: ignore[assignment]  # DRF's own `errors` is of bound ones


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer <token>`."""

    target_class = "machines.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The scheme as OpenAPI writes it."""
        return {"type": "http", "scheme": "bearer", "description": "A token from `manage.py issue_token`."}


def answers(good: Any, *problems: int) -> dict[Any, Any]:
    """The responses of an operation: 200 with `good`, and these problems."""
    found: dict[Any, Any] = {200: good}
    for status in problems:
        found[status, PROBLEM] = OpenApiResponse(ProblemSerializer, description=WORDS[HTTPStatus(status)])
    return found


def refuse_unknown_fields(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Say of every body what `machines.resources.Body` does: a field it does not know is refused."""
    for name, shape in result["components"]["schemas"].items():
        if name.endswith("BodyRequest"):
            shape["additionalProperties"] = False
    return result
