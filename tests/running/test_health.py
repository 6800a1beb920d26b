"""What monitors are told, when all is well and when something is not."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from alerts.services import sweep
from authorities.models import Authority
from children.models import Child
from iro_service.health import REDIS_ANSWERS_WITHIN
from tests.conftest import Place

AN_AGE = 15.0  # seconds; without limits of its own the service would wait for ever


def checks(client: Client) -> tuple[int, dict]:
    response = client.get("/health/ready")
    return response.status_code, response.json()["checks"]


@pytest.fixture
def owing(place: Place, make_child: Callable[..., Child]) -> Authority:
    """An authority that owes a child a review."""
    make_child()
    return place.authority


@pytest.fixture
def swept(owing: Authority) -> None:
    """Its dates have just been looked at."""
    sweep(authority=owing, at=timezone.now(), on=timezone.localdate())


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_live_asks_nobody_and_needs_no_database(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_when_all_is_there(client: Client, swept: None) -> None:
    status, found = checks(client)
    assert status == 200
    assert set(found) == {"redis", "database", "migrations", "last_sweep", "oldest_unsent", "without_address"}
    assert found["last_sweep"]["age_seconds"] < 60


def test_not_ready_before_the_first_sweep_or_long_after_the_last(client: Client, owing: Authority) -> None:
    assert checks(client)[1]["last_sweep"] == {"is_ok": False, "age_seconds": None}
    sweep(authority=owing, at=timezone.now() - timedelta(minutes=6), on=timezone.localdate())
    status, found = checks(client)
    assert (status, found["last_sweep"]["is_ok"]) == (503, False)


def test_one_authority_left_behind_is_not_hidden_by_the_others(
    client: Client, swept: None, elsewhere: Place, make_child: Callable[..., Child]
) -> None:
    assert checks(client)[1]["last_sweep"]["is_ok"], "an authority that owes nothing can wait"
    make_child(home=elsewhere)
    assert checks(client)[1]["last_sweep"] == {"is_ok": False, "age_seconds": None}


def test_without_redis_ready_says_so_within_two_seconds_and_live_still_answers(
    client: Client, swept: None, settings: Settings, tmp_path: Path
) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    started = time.monotonic()
    status, found = checks(client)
    assert time.monotonic() - started < AN_AGE
    assert REDIS_ANSWERS_WITHIN <= 1
    assert (status, found["redis"], found["database"]) == (503, {"is_ok": False}, {"is_ok": True})
    assert client.get("/health/live").status_code == 200


def test_a_redis_that_accepts_and_never_answers_is_down_too(
    client: Client, swept: None, settings: Settings, silent_server: int
) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{silent_server}/0"
    started = time.monotonic()
    assert checks(client)[0] == 503
    assert time.monotonic() - started < AN_AGE


def test_without_the_database_ready_says_so_and_live_still_answers(
    swept: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(connections.settings["default"], "HOST", str(tmp_path))
    with ThreadPoolExecutor(1) as elsewhere:  # a thread opens a connection of its own
        status, found = elsewhere.submit(checks, Client()).result()
        assert elsewhere.submit(Client().get, "/health/live").result().status_code == 200
    assert status == 503
    assert [name for name, finding in found.items() if finding["is_ok"]] == ["redis"]
