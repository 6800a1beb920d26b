"""kill -9 of each part of a running service in turn: nothing acknowledged is lost, nobody is told twice."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from iro_service import embedded_places, embedded_postgresql, embedded_redis, processes
from iro_service.embedded_places import PROJECT

PATIENCE = 120.0  # seconds for any one thing to happen on a busy machine
CSRF = "c" * 32
WORDS = {"web": "gunicorn", "worker": " worker ", "beat": " beat "}
DIRECT = urllib.request.ProxyHandler({})


class KeepRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer: it says the write was taken."""

    def redirect_request(self, *said: Any) -> None:
        return None


BROWSER = urllib.request.build_opener(DIRECT, KeepRedirects)


@dataclass
class Service:
    """A whole service in a folder of its own, with one IRO at work in it."""

    var: Path
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name not in ("DEMONSTRATION", processes.MARK)},
            "IRO_VAR": str(self.var),
            "PORT": str(self.port),
            "DEMONSTRATION": "false",
            "SECURE_SSL": "false",
            "SWEEP_SECONDS": "1",
            "WEB_CONCURRENCY": "1",
        }

    def scene(self, word: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.running.scene", word]
        done = subprocess.run(command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def status(self, path: str, data: dict[str, str] | None = None) -> int:
        """What the web answers; 0 when nobody does."""
        cookies = "; ".join(f"{name}={value}" for name, value in {**self.cookies, "csrftoken": CSRF}.items())
        request = urllib.request.Request(
            f"http://localhost:{self.port}{path}",
            urllib.parse.urlencode(data).encode() if data else None,
            {"Cookie": cookies, "X-CSRFToken": CSRF},
        )
        try:
            with BROWSER.open(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def book(self, review: str) -> bool:
        """Book a review as the IRO does in a browser; True once the service has said it is booked."""
        day = date.today() + timedelta(days=1)
        posted = {"day": day.day, "month": day.month, "year": day.year}
        data = {f"booked_for_on_{part}": str(value) for part, value in posted.items()}
        return self.status(f"/reviews/{review}/book/", data) == 302

    def swept_since(self, moment: float) -> bool:
        """All is well again, and the dates were looked at after this moment of time.monotonic()."""
        try:
            with BROWSER.open(f"http://localhost:{self.port}/health/ready", timeout=20) as answer:
                age = json.load(answer)["checks"]["last_sweep"]["age_seconds"]
        except (urllib.error.URLError, OSError):
            return False
        return bool(age + 1 < time.monotonic() - moment)

    def pid(self, part: str) -> int:
        """The process that stands for this part."""
        places = embedded_places.find_places(self.var)
        servers = {"postgresql": embedded_postgresql, "redis": embedded_redis}
        if part in servers:
            found = servers[part].pid(places)
            assert found, f"{part} is not running"
            return found
        ours = processes.marked(embedded_places.short_key(self.var))
        return min(pid for pid in ours if WORDS[part] in f"{processes.command_line(pid)} ")

    def mails(self) -> dict[str, str]:
        """Bodies of all mails handed over, by Message-ID: a repeat after a crash is known by it."""
        written = b"".join(file.read_bytes() for file in sorted((self.var / "mail").glob("*.log")))
        found = {}
        for text in written.split(b"-" * 79 + b"\n"):
            if text.strip():
                message = message_from_bytes(text.lstrip())
                found[message["Message-ID"]] = str(message.get_payload())
        return found


def until(happens: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, f"{what} did not happen within {PATIENCE:.0f} seconds"
        time.sleep(0.1)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The whole service, started as `make run` starts it, with work waiting in it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = Service(tmp_path / "var", port)
    command = [sys.executable, "-m", "iro_service.launcher"]
    with (tmp_path / "output").open("wb") as output:
        launcher = subprocess.Popen(command, cwd=PROJECT, env=running.environment, stdout=output, stderr=output)
    try:
        until(lambda: running.status("/health/live") == 200, f"starting ({(tmp_path / 'output').read_text()[-500:]})")
        yield running
    finally:
        launcher.send_signal(signal.SIGTERM)
        launcher.wait(timeout=60)
        note = running.var / "postgresql.location"  # as root, pytest's folders shut PostgreSQL's account out
        if note.exists():
            shutil.rmtree(note.read_text().strip())


def test_kill_9_of_each_part_in_turn_loses_nothing_and_tells_nobody_twice(service: Service) -> None:
    scene = service.scene("make")
    service.cookies, reviews = scene["cookies"], scene["reviews"]
    until(lambda: len(service.scene("told")["standing"]) == len(reviews), "the first sweep")
    acknowledged = []
    for part in ("worker", "web", "beat", "redis", "postgresql"):
        review = reviews.pop()
        until(partial(service.book, review), f"booking before {part} was killed")
        os.kill(service.pid(part), signal.SIGKILL)
        killed_at = time.monotonic()
        another = reviews.pop()
        until(partial(service.book, another), f"booking after {part} was killed")
        until(partial(service.swept_since, killed_at), f"a sweep after {part} was killed")
        acknowledged += [review, another]
    until(lambda: not service.scene("told")["unsent"], "delivery")
    held = service.scene("told")
    assert set(held["booked"]) == set(acknowledged)
    assert set(held["standing"]) == set(reviews)
    assert (held["most_often"], held["alerts"]) == (1, 12)
    numbers = [re.findall(r"- (\d+) reviews? ha", body) for body in service.mails().values()]
    assert sum(int(number) for found in numbers for number in found) == 12
