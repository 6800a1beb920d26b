"""What every room's `api.py` builds on: bodies taken at their word, people, and lists whose reading is logged."""

from collections.abc import Mapping
from typing import Any, cast

from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.requests import log_reading, viewer_in
from accounts.viewers import Viewer


class Body(serializers.Serializer):
    """What is sent to act; a name it does not know is refused, since somebody meant something by it."""

    def to_internal_value(self, data: Any) -> Any:
        """The values, clean; ValidationError by field."""
        if isinstance(data, Mapping):
            unknown = {str(name): ["There is no such field."] for name in data if name not in self.fields}
            if unknown:
                raise ValidationError(unknown)
        return super().to_internal_value(data)


class PersonSerializer(serializers.Serializer):
    """A member of staff."""

    uuid = serializers.UUIDField()
    name = serializers.CharField(source="__str__")


def caller(request: Request) -> User:
    """Who is asking; the permission classes have let nobody else through."""
    return cast(User, request.user)


class Collection(viewsets.GenericViewSet):
    """Things about children: a list in pages, each page logged as one reading of the children on it."""

    http_method_names = ["get", "head", "post"]
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    child_key = "child_id"

    @property
    def viewer(self) -> Viewer:
        """Who is asking, at the moment of this request."""
        return viewer_in(self.request)

    def page(self, request: Request) -> Response:
        """One page of what the caller may see; its reading is logged."""
        rows: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        log_reading(request, (getattr(row, self.child_key) for row in rows))
        return self.get_paginated_response(self.shown(rows, many=True))

    def shown(self, rows: Any, **kwargs: Any) -> Any:
        """These rows as the answer holds them."""
        return self.get_serializer(rows, **kwargs).data


def sent(request: Request, body: type[Body]) -> dict[str, Any]:
    """What was sent, clean; ValidationError by field otherwise."""
    given = body(data=request.data)
    given.is_valid(raise_exception=True)
    clean: dict[str, Any] = given.validated_data
    return clean
