"""Every operation of the schema, sent what nobody thought of: never a 5xx, never a stranger's record, and every
answer as the schema says."""

import json
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import jsonschema
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import V1, Machine
from tests.conftest import LONG_AGO, TODAY
from tests.making import make_decision, make_review

SCHEMA = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = [(path, method) for path, methods in SCHEMA["paths"].items() for method in methods]
ROLES = ("iro", "iro_manager", "team_manager", "social_worker", "head")
TAMPERED = ("1", "0" * 36, "x" * 300, "../..", "\N{PILE OF POO}", "%", "' or 1=1")
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.text(max_size=8)
    | st.just("\x00")
    | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def whole(shape: dict[str, Any]) -> dict[str, Any]:
    """The shape a reference stands for."""
    name = shape.get("$ref", "").rpartition("/")[2]
    return SCHEMA["components"]["schemas"][name] if name else shape


def good(shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values the schema allows."""
    inner = whole(shape.get("allOf", [shape])[0])
    if "enum" in inner:
        return st.sampled_from(inner["enum"])
    if inner["type"] == "array":
        return st.lists(good(inner["items"]), max_size=2)
    if inner["type"] == "object":
        return body(inner) if "properties" in inner else st.dictionaries(st.sampled_from(WAYS), st.text(max_size=5))
    return {
        ("string", "date"): st.dates().map(str) | st.sampled_from(["2026-08-17", "2026-09-01"]),
        ("string", "uuid"): st.uuids().map(str),
        ("string", None): st.text(min_size=inner.get("minLength", 0), max_size=20) | st.just("x" * 20_001),
        ("integer", None): st.integers(0, 6),
        ("boolean", None): st.booleans(),
    }[inner["type"], inner.get("format")]


WAYS = ["choice", "stage", "sought", "reason", "escalation", "concern"]


def body(shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Bodies whose fields are good, or one of which is anything at all."""
    fields = {name: good(told) for name, told in shape["properties"].items()}
    needed = {name: fields[name] for name in shape.get("required", ())}
    more = {name: one for name, one in fields.items() if name not in needed}
    right = st.fixed_dictionaries(needed, optional=more)
    return right | st.builds(lambda whole, name, junk: {**whole, name: junk}, right, st.sampled_from([*fields]), JUNK)


def as_json_schema(shape: Any) -> Any:
    """OpenAPI 3.0 in the words of JSON Schema: `nullable` becomes null among what may be."""
    if isinstance(shape, list):
        return [as_json_schema(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    said = {name: as_json_schema(one) for name, one in shape.items() if name != "nullable"}
    return {"anyOf": [{"type": "null"}, said]} if shape.get("nullable") is True else said


COMPONENTS = {"components": as_json_schema(SCHEMA["components"])}


def assert_as_told(told: dict[str, Any], answer: Any) -> None:
    """The status is one the operation names, and the body has the shape it names."""
    contents = told["responses"][str(answer.status_code)]["content"]
    shape = as_json_schema(contents[answer["Content-Type"].partition(";")[0]]["schema"])
    jsonschema.validate(json.loads(answer.content), {**shape, **COMPONENTS})


MUCH = settings(max_examples=25, suppress_health_check=list(HealthCheck))


def test_whatever_is_sent_the_answer_is_one_the_schema_names(own, strangers, foreign, place, swept):
    machines = {role: Machine(place.people[role]) for role in ROLES}
    subjects = {"own": own, "strangers": strangers, "foreign": foreign}
    for one in subjects.values():
        before = make_review(one.child, rule="NOT_KNOWN", held_on=LONG_AGO, source="RETURN")
        make_decision(before, text="Find a mentor", due_on=TODAY)
    statuses = {}
    for operation in OPERATIONS:
        seen = statuses.setdefault(operation, set())
        MUCH(given(st.data())(lambda data: seen.add(send(data, operation, machines, subjects))))()  # noqa: B023
    assert len(statuses) == sum(len(methods) for methods in SCHEMA["paths"].values()) >= 12
    assert {operation for operation, seen in statuses.items() if 200 in seen} >= {
        operation for operation in OPERATIONS if operation[1] == "get"
    }


def send(data: Any, operation: tuple[str, str], machines: Any, subjects: Any) -> int:
    """One request, judged; its changes are taken back. The status it was answered with."""
    path, method = operation
    told = SCHEMA["paths"][path][method]
    role = data.draw(st.sampled_from(ROLES))
    whose = data.draw(st.sampled_from([*subjects, "own", "unknown", "tampered"])) if "{uuid}" in path else "own"
    address = path.replace("{uuid}", named(data, path, subjects.get(whose), whose)).removeprefix(V1)
    with transaction.atomic():
        ask = read if method == "get" else act
        answer = ask(machines[role], address, data, told)
        transaction.set_rollback(True)
    is_theirs = whose == "own" or (whose == "strangers" and role in ("iro_manager", "head"))
    assert is_theirs or answer.status_code in (400, 404), answer.content
    assert_as_told(told, answer)
    return int(answer.status_code)


def named(data: Any, path: str, subject: Any, whose: str) -> str:
    """What stands in the address for whose record is asked for."""
    if whose == "tampered":
        return quote(data.draw(st.sampled_from(TAMPERED)), safe="")
    if subject is None:
        return str(uuid4())
    row = {"children": subject.child, "reviews": subject.review, "escalations": subject.escalation}
    kind = path.split("/")[3]
    row |= {"decisions": subject.child.decisions.get()} if kind == "decisions" else {}
    return str(row[kind].uuid) if kind in row else ""


def act(machine: Machine, address: str, data: Any, told: dict[str, Any]) -> Any:
    """An act with a good body, one with a field that is not, or anything at all."""
    sent = {}
    if "requestBody" in told:
        shape = whole(told["requestBody"]["content"]["application/json"]["schema"])
        sent = data.draw(body(shape) | body(shape) | JUNK)
    return machine.ask("post", address, data=json.dumps(sent), content_type="application/json")


def read(machine: Machine, address: str, data: Any, told: dict[str, Any]) -> Any:
    """A reading, with one of the operation's parameters, or one it does not know, holding anything.

    The others hold what the schema gives as an example, so that a reading which asks for something is answered too.
    """
    asked = [one for one in told["parameters"] if one["in"] == "query"]
    names = [one["name"] for one in asked]
    examples = {one["name"]: next(iter(one["examples"].values()))["value"] for one in asked if "examples" in one}
    name = data.draw(st.sampled_from(["", *names, *(["surprise"] if names else [])]))
    value = data.draw(st.text(max_size=10) | st.sampled_from(["MET", "OPEN", "me", "5", "2026-08-17", str(uuid4())]))
    query = urlencode(examples | ({name: value.encode("utf-8", "replace")} if name else {}))
    return machine.ask("get", f"{address}?{query}" if query else address)
