"""Pages through gunicorn with the connection pool, over one kept connection, signed in."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import BY_CODE
from bench.timing import Measure, compare
from returns.demonstration import logins

ROUNDS = 60
START_UP = 30  # seconds


def measure() -> list[Measure]:
    """The caseload of an IRO and the head of service's figures, each against the bare page of the same person."""
    with server() as port:
        return [
            page("caseload page against a bare page", "IRO", reverse("dashboards:caseload"), port),
            page("dashboard against a bare page", "HEAD_OF_SERVICE", reverse("dashboards:figures"), port),
        ]


def page(name: str, role: str, address: str, port: int) -> Measure:
    """One address against the bare page, as a person of this role."""
    cookie = signed_in(role)
    connection = HTTPConnection("127.0.0.1", port)
    return compare(
        name,
        lambda: get(connection, address, cookie),
        lambda: get(connection, "/bench/bare/", cookie),
        rounds=ROUNDS,
    )


def get(connection: HTTPConnection, address: str, cookie: str) -> bytes:
    """The page; anything but 200 ends the measurement."""
    connection.request("GET", address, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return body


def signed_in(role: str) -> str:
    """A session cookie of the demonstration's person in this role."""
    email = next(one["email"] for one in logins() if one["role"] == BY_CODE[role].name)
    client = Client()
    client.force_login(User.objects.get(username=email), backend=settings.AUTHENTICATION_BACKENDS[-1])
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


@contextmanager
def server() -> Iterator[int]:
    """gunicorn as `make run` starts it, on a free port; yields the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "iro_service.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "4", "--worker-class", "gthread", "--keep-alive", "30"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings", "DATABASE_POOL_SIZE": "4", "LOG_LEVEL": "WARNING"}
    process = subprocess.Popen([*command, "--log-level", "warning"], env=env)
    try:
        wait_for(port)
        yield port
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
