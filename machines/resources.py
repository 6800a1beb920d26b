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

# What JSON may hold for a field of each class, the first that fits; the framework alone would take 0 for false, 1 for
# "1", and a number for a uuid.
JSON_OF: tuple[tuple[tuple[type[serializers.Field], ...], tuple[type, ...], str], ...] = (
    ((serializers.BooleanField,), (bool,), "Send true or false."),
    ((serializers.IntegerField, serializers.FloatField), (int, float), "Send a number."),
    ((serializers.ListField,), (list,), "Send a list."),
    ((serializers.DictField, serializers.Serializer), (dict,), "Send an object with fields."),
    ((serializers.Field,), (str,), "Send text."),
)


class Body(serializers.Serializer):
    """What is sent to act, taken at its word.

    A name it does not know is refused, since somebody meant something by it; so is a value of another type than the
    schema names, since the sender's program has gone wrong.
    """

    def to_internal_value(self, data: Any) -> Any:
        """The values, clean; ValidationError by field, every field that is wrong at once."""
        wrong: dict[str, Any] = {}
        if isinstance(data, Mapping):
            wrong = {str(name): ["There is no such field."] for name in data if name not in self.fields}
            wrong |= _of_another_type(self.fields, data)
        try:
            clean = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError(cast(dict[str, Any], error.detail) | wrong) from error
        if wrong:
            raise ValidationError(wrong)
        return clean


def _of_another_type(fields: Mapping[str, serializers.Field], data: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: _why_not_taken(fields[name], value) for name, value in data.items() if name in fields}
    return {name: why for name, why in found.items() if why}


def _why_not_taken(field: serializers.Field, value: Any) -> Any:
    """Why a value is not of its field's type: None where it is; null is for the field itself to judge."""
    if value is None:
        return None
    types, words = next((types, words) for classes, types, words in JSON_OF if isinstance(field, classes))
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        return [words]
    if isinstance(field, serializers.DictField) and isinstance(value, dict):
        return _of_another_type(dict.fromkeys(value, field.child), value)
    return None


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
