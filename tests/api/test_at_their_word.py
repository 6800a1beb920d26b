"""Every body the API takes, at every depth: a value of another type than the schema names is refused, not guessed."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from reviews.models import Decision
from tests.api.conftest import V1, answer_body, assert_problem, record_body
from tests.api.test_fuzz import COMPONENTS, OPERATIONS, SCHEMA, as_json_schema, whole
from tests.conftest import TODAY
from tests.making import make_decision, make_review

ANYTHING: tuple[Any, ...] = (
    0,
    1,
    -1,
    1.5,
    True,
    False,
    "",
    "1",
    "true",
    "x",
    [],
    ["x"],
    [0],
    {},
    {"x": "y"},
    {"x": 0},
)
HALF = "\ud800"  # half of a surrogate pair
ACTS = [path for path, method in OPERATIONS if method == "post" and "requestBody" in SCHEMA["paths"][path][method]]
MARKED = {"said": "DONE", "proof": "The letter came", "done_on": "2026-08-17", "seen": None}
EARLIER = {"decision": "0e0e7a51-94a8-4a3e-8d5a-1b6e1f4f6f52", **MARKED}
GOOD: dict[str, dict[str, Any]] = {
    "book": {"booked_for_on": "2026-08-26", "is_late_accepted": False},
    "record": record_body(
        rag_reason="", has_no_decisions=False, follow_up={"choice": "LEAVE", "reason": "x"}, last_time=[EARLIER]
    ),
    "respond": answer_body(reason=""),
    "move-up": {"position": 0, "stage": 1, "reason": "No answer"},
    "resolve": {"resolution": "It was done"},
    "mark": MARKED,
}


def act_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def shape_of(path: str) -> dict[str, Any]:
    return whole(SCHEMA["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"])


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value in a body, the body itself left out."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from places(one, (*path, key))


def changed(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The body with another value at one place."""
    copy = json.loads(json.dumps(body))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return copy


def fits(path: str, body: Any) -> bool:
    """Whether the schema allows the body."""
    shape = as_json_schema(shape_of(path)) | COMPONENTS
    return bool(jsonschema.Draft202012Validator(shape).is_valid(body))


def address(path: str, own: Any) -> str:
    if "/decisions/" in path:
        return path.replace("{uuid}", str(decided(own).uuid)).removeprefix(V1)
    row = own.review if "/reviews/" in path else own.escalation
    return path.replace("{uuid}", str(row.uuid)).removeprefix(V1)


def decided(own: Any) -> Decision:
    """A decision of an earlier review of the child's, made where there is none yet."""
    found = Decision.objects.filter(child=own.child).first()
    if found is None:
        before = make_review(own.child, held_on=TODAY, source="RETURN", participation="PN1", number=None)
        found = make_decision(before, text="Find a mentor", due_on=TODAY)
    return found


def test_every_act_of_the_schema_is_tried_with_every_field_it_has():
    assert {act_of(path) for path in ACTS} == set(GOOD)
    for path in ACTS:
        assert set(GOOD[act_of(path)]) == set(shape_of(path)["properties"]), path
        assert fits(path, GOOD[act_of(path)]), path


@pytest.mark.parametrize("path", ACTS, ids=act_of)
def test_what_the_schema_does_not_allow_is_refused_at_its_field(path, ada, meera, own):
    machine = meera if act_of(path) == "respond" else ada
    tried = 0
    for place in places(GOOD[act_of(path)]):
        for value in ANYTHING:
            body = changed(GOOD[act_of(path)], place, value)
            if not fits(path, body):
                tried += 1
                answer = machine.post(address(path, own), body)
                assert answer.status_code == 400, (place, value, answer.content)
                errors = json.loads(answer.content)["errors"]
                assert all(error["field"].startswith(str(place[0])) for error in errors), (place, value, errors)
    assert tried > 10 * len(GOOD[act_of(path)])


@pytest.mark.parametrize("path", ACTS, ids=act_of)
def test_half_a_letter_is_refused_in_a_name_as_in_a_value(path, ada, meera, own):
    machine = meera if act_of(path) == "respond" else ada
    good = GOOD[act_of(path)]
    bodies = [(HALF, ""), ([HALF], "0"), ({HALF: "1"}, ""), ({**good, HALF: "1"}, "")]
    bodies += [(changed(good, place, HALF), ".".join(map(str, place))) for place in places(good)]
    for body, field in bodies:
        told = assert_problem(machine.post(address(path, own), json.dumps(body)), 400, field)
        assert "surrogate" in told["errors"][0]["message"]


@pytest.mark.parametrize("depth", [100, 400, 900, 2000])
def test_a_body_nested_deep_is_no_500(depth, ada, own):
    for inner in ("0", json.dumps(HALF)):
        body = "[" * depth + inner + "]" * depth
        for sent in (body, f'{{"follow_up": {body}}}'):
            assert ada.post(f"/reviews/{own.review.uuid}/record/", sent).status_code == 400


@pytest.mark.parametrize("path", sorted({path for path, _ in OPERATIONS}))
def test_an_address_takes_only_the_methods_it_names(path, ada, own):
    named = {method.upper() for method in SCHEMA["paths"][path]} | {"HEAD"}
    where = path.replace("{uuid}", str(own.child.uuid)).removeprefix(V1)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"} - named:
        assert_problem(ada.ask(method, where, data="{}", content_type="application/json"), 405)
