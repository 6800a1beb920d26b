"""The API described for people: one page written by the server from the schema, without a script."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from accounts.requests import SignedInRequest, viewer_in
from accounts.roles import Permission

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """A parameter or a field: its name, what it holds, whether it must be sent, and what it means."""

    name: str
    kind: str
    is_required: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """One thing the API does."""

    method: str
    path: str
    anchor: str
    summary: str
    words: str
    parameters: list[Field]
    body: str
    answers: list[tuple[str, str, str]]  # status, what it means, component of the body


@require_safe
def docs(request: SignedInRequest) -> HttpResponse:
    """Every operation and every shape, for those who may use the API."""
    if not viewer_in(request).permits(Permission.USE_API):
        raise PermissionDenied("No role you hold may use the API.")
    schema = SchemaGenerator().get_schema(request=None, public=True)
    context = {"operations": list(operations(schema)), "shapes": list(shapes(schema))}
    return render(request, "api/docs.html", context)


def operations(schema: dict[str, Any]) -> Iterator[Operation]:
    """What the schema says of each operation, in the schema's order."""
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            if method in METHODS:
                yield Operation(
                    method=method.upper(),
                    path=path,
                    anchor=told["operationId"],
                    summary=told.get("summary", ""),
                    words=told.get("description", ""),
                    parameters=[_parameter(one) for one in told.get("parameters", [])],
                    body=_named(_content(told.get("requestBody", {}))),
                    answers=[
                        (status, answer.get("description") or "Done.", _named(_content(answer)))
                        for status, answer in sorted(told["responses"].items())
                    ],
                )


def shapes(schema: dict[str, Any]) -> Iterator[tuple[str, str, list[Field]]]:
    """Name, words and fields of each component of the schema; choices are told in their fields' words."""
    for name, told in schema["components"]["schemas"].items():
        if "properties" in told:
            needed = set(told.get("required", ()))
            fields = [
                Field(field, _kind(one, schema), field in needed, _words(one, schema))
                for field, one in told["properties"].items()
            ]
            yield name, told.get("description", ""), fields


def _parameter(told: dict[str, Any]) -> Field:
    kind = _kind(told["schema"], {})
    return Field(told["name"], kind, told.get("required", False), told.get("description", ""))


def _content(told: dict[str, Any]) -> dict[str, Any]:
    kinds: list[dict[str, Any]] = list(told.get("content", {}).values())
    found: dict[str, Any] = kinds[0]["schema"] if kinds else {}
    return found


def _named(told: dict[str, Any]) -> str:
    """The component a shape refers to; empty where it refers to none."""
    return str(told.get("$ref", "")).rpartition("/")[2]


def _resolved(told: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The shape itself where it refers to a set of choices, with what is said beside the reference."""
    inner = [told, *told.get("allOf", ()), *told.get("oneOf", ())]
    named = next((name for one in inner if (name := _named(one))), "")
    found = schema.get("components", {}).get("schemas", {}).get(named, {})
    return {**found, **told} if "enum" in found else told


def _kind(told: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a field holds, in words: "date", "text up to 2000 characters", "list of Decision"."""
    told = _resolved(told, schema)
    inner = [told, *told.get("allOf", ()), *told.get("oneOf", ())]
    named = next((name for one in inner if (name := _named(one))), "")
    if told.get("type") == "array":
        kind = f"list of {_kind(told['items'], schema)}"
    elif "enum" in told:
        kind = "one of " + ", ".join(str(value) for value in told["enum"] if value is not None)
    elif named:
        kind = named
    else:
        kind = str(told.get("format") or told.get("type", ""))
    longest = f" up to {told['maxLength']} characters" if "maxLength" in told else ""
    return f"{kind}{longest}{' or null' if told.get('nullable') else ''}"


def _words(told: dict[str, Any], schema: dict[str, Any]) -> str:
    return str(_resolved(told, schema).get("description", ""))
