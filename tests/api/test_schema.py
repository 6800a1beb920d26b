"""The description of the API: whole, without a warning, and readable by people without a script."""

from io import StringIO

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

from tests.access.routes import MACHINES
from tests.api.conftest import assert_problem


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_is_valid_and_nothing_in_it_is_guessed(db):
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", "/dev/null", stderr=StringIO())


def test_every_address_is_in_it(schema):
    named = {path.removeprefix("/api/v1/").replace("{uuid}/", "").strip("/") for path in schema["paths"]}
    assert len(schema["paths"]) == len(set(MACHINES) - {"api:schema"})
    assert {"children", "reviews", "escalations", "alerts", "reviews/record", "escalations/respond"} <= named


def test_every_operation_tells_of_its_problems(schema):
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            wanted = {"200", "400", "401", "403", "406"}
            wanted |= {"404"} if "{uuid}" in path else set()
            wanted |= {"409", "413", "415", "422"} if method == "post" else set()
            assert set(told["responses"]) == wanted, path
            assert told["summary"]
            assert told["description"]
            assert told["security"] == [{"token": []}, {"cookieAuth": []}]


def test_no_whole_number_names_a_row(schema):
    numbers = {
        (name, field)
        for name, shape in schema["components"]["schemas"].items()
        for field, told in shape.get("properties", {}).items()
        if (field == "id" or field.endswith("_id")) and told.get("type") != "string"
    }
    assert numbers == set()


def test_it_is_served_as_json(ada, db):
    answer = ada.get("/schema/")
    assert answer.json()["info"]["title"] == "IRO service"
    assert_problem(ada.get("/schema/nothing/"), 404)


def test_the_documentation_names_every_operation_and_shape(schema, signed_in, place):
    page = signed_in(place.people["iro"]).get("/api/v1/docs/").content.decode()
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            assert f"{method.upper()} {path}" in page
            assert f'id="{told["operationId"]}"' in page
    for name, shape in schema["components"]["schemas"].items():
        if "properties" in shape:
            assert f'id="shape-{name}"' in page
    assert "text up to 20000 characters" in page or "string up to 20000 characters" in page
    assert "<script>" not in page
    assert "style=" not in page


def test_the_documentation_is_for_those_who_may_use_the_api(signed_in, place):
    assert signed_in(place.people["director"]).get("/api/v1/docs/").status_code == 403
