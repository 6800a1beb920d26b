"""Pages through gunicorn with the connection pool, over one kept connection, signed in.

Each page of each person is measured three ways in turn: beside NEIGHBOURS authorities, alone, and as a bare page.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import BY_CODE
from bench.neighbours import NEIGHBOURS, database
from bench.timing import Measure, in_turn
from children.models import Child
from returns.demonstration import logins

ROUNDS = 20
START_UP = 60  # seconds
ROLES = ("IRO", "SOCIAL_WORKER", "TEAM_MANAGER", "HEAD_OF_SERVICE")
# What a page may cost, in bare pages; the lists have no goal of their own yet.
GOALS = {"home": 3.0, "caseload": 2.5, "child": 2.5, "reviews list": None, "escalations list": None, "figures": 2.5}
GROWTH = 1.2  # what a page may cost beside other authorities, in the same page alone
CHILD = re.compile(r"/children/([0-9a-f-]{36})/")


@dataclass(frozen=True)
class Person:
    """Somebody of the demonstration authority, signed in to both databases: the second is a copy."""

    role: str
    cookie: str


def people() -> list[Person]:
    """One person of each role with a session; before the second database is made."""
    return [Person(role, signed_in(role)) for role in ROLES]


def signed_in(role: str) -> str:
    """A session cookie of the demonstration's person in this role."""
    email = next(one["email"] for one in logins() if one["role"] == BY_CODE[role].name)
    client = Client()
    client.force_login(User.objects.get(username=email), backend=settings.AUTHENTICATION_BACKENDS[-1])
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def measure(everybody: list[Person]) -> Iterator[Measure]:
    """Every page that each person may open."""
    with server(settings.DATABASES["default"]["NAME"]) as alone, server(database()) as beside:
        for person in everybody:
            yield from pages_of(person, alone, beside)


def pages_of(person: Person, alone: HTTPConnection, beside: HTTPConnection) -> Iterator[Measure]:
    """The pages of one person, each against the bare page and against itself without neighbours."""
    addresses = {
        "home": reverse("dashboards:home"),
        "caseload": reverse("dashboards:caseload"),
        "reviews list": reverse("reviews:list"),
        "escalations list": reverse("escalations:list"),
        "figures": reverse("dashboards:figures"),
    }
    child = CHILD.search(ask(beside, addresses["caseload"], person)[1].decode())
    if child is None:
        raise RuntimeError(f"The caseload of {person.role} shows no child.")
    addresses["child"] = child.group()
    bare = f"/bench/bare/{Child.objects.get(uuid=child[1]).pk}/"
    for name, goal in GOALS.items():
        address = addresses[name]
        if ask(beside, address, person)[0] == 403:
            continue
        with_neighbours, by_itself, nothing = in_turn(
            lambda: page(beside, address, person),  # noqa: B023 - called before the loop goes on
            lambda: page(alone, address, person),  # noqa: B023
            lambda: page(beside, bare, person),
            rounds=ROUNDS,
        )
        title = f"{name}, {BY_CODE[person.role].name}"
        yield Measure(f"{title}: against a bare page", with_neighbours * 1000, nothing * 1000, "ms", goal)
        grown = f"{title}: with {NEIGHBOURS} authorities beside, against alone"
        yield Measure(grown, with_neighbours * 1000, by_itself * 1000, "ms", GROWTH)


def page(connection: HTTPConnection, address: str, person: Person) -> None:
    """Read a page; anything but 200 ends the measurement."""
    status, _ = ask(connection, address, person)
    if status != 200:
        raise RuntimeError(f"{address} answered {status}")


def ask(connection: HTTPConnection, address: str, person: Person) -> tuple[int, bytes]:
    """Status and body of a page."""
    connection.request("GET", address, headers={"Cookie": person.cookie})
    answer: HTTPResponse = connection.getresponse()
    return answer.status, answer.read()


@contextmanager
def server(name: str) -> Iterator[HTTPConnection]:
    """gunicorn as `make run` starts it, on a free port and this database; yields a connection to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "iro_service.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "4", "--worker-class", "gthread", "--keep-alive", "300"]
    env = os.environ | {"DATABASE_POOL_SIZE": "4", "BENCH_DATABASE": name}
    process = subprocess.Popen([*command, "--log-level", "warning"], env=env)
    try:
        wait_for(port)
        yield HTTPConnection("127.0.0.1", port)
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Return once the server answers; raises TimeoutError when it does not."""
    until = time.monotonic() + START_UP
    while time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/health/live")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"gunicorn did not answer on port {port} within {START_UP} seconds")
