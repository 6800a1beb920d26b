"""A whole service in a folder of its own, asked over HTTP and looked at from outside."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple

from onehost import ports, postgresql, processes, redis_server
from onehost.places import PROJECT, SYSTEM_FOLDER, find_places, short_key

PATIENCE = 600.0  # seconds for any one thing to happen on a slow and busy machine
CSRF = "c" * 32
FORM = "application/x-www-form-urlencoded"
SERVERS = {"postgresql": postgresql, "redis": redis_server}
LINE = re.compile("^- (.+)$", re.MULTILINE)
WORDS = {"web": "gunicorn", "worker": " worker ", "beat": " beat "}


class KeepRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer: it says the write was taken."""

    def redirect_request(self, *said: Any) -> None:
        return None


BROWSER = urllib.request.build_opener(urllib.request.ProxyHandler({}), KeepRedirects)


class Answer(NamedTuple):
    """What the web said; status 0 when nobody answered, or not to the end."""

    status: int
    body: bytes = b""


@dataclass
class Service:
    """Where it is, and the cookies of the people signed in to it."""

    var: Path
    port: int
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    sweep_seconds: int = 1

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name not in ("DEMONSTRATION", processes.MARK)},
            "IRO_VAR": str(self.var),
            "PORT": str(self.port),
            "DEMONSTRATION": "false",
            "SECURE_SSL": "false",
            "SWEEP_SECONDS": str(self.sweep_seconds),
            "WEB_CONCURRENCY": "1",
        }

    def scene(self, word: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.running.scene", word]
        done = subprocess.run(command, cwd=PROJECT, env=self.environment, stdout=subprocess.PIPE, check=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def ask(self, path: str, *, by: str = "", body: bytes | None = None, content_type: str = FORM) -> Answer:
        """What the web answers to this person."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.get(by, {}).items())
        headers = {"Cookie": f"{cookies}; csrftoken={CSRF}", "X-CSRFToken": CSRF, "Content-Type": content_type}
        request = urllib.request.Request(f"http://localhost:{self.port}{path}", body, headers)
        try:
            with BROWSER.open(request, timeout=20) as answer:
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code)
        except (OSError, HTTPException):
            return Answer(0)

    def settled(self) -> dict[str, Any]:
        """What is held once all is well, a sweep has begun from now on, and what it leaves standing has been sent.

        First over HTTP: the scene would itself start a server that it finds dead.
        """
        asked_at = time.time()
        until(lambda: self.ask("/health/ready").status == 200, "being ready")

        def found() -> dict[str, Any] | None:
            held = self.scene("told")
            return held if held["sweep_began_at"] > asked_at and not held["unsent"] else None

        held: dict[str, Any] = until(found, "a sweep and delivery")
        return held

    def pids(self, part: str) -> list[int]:
        """The processes of this part, in the order they were started."""
        places = find_places(self.var)
        if part in SERVERS:
            found = SERVERS[part].pid(places)
            return [found] if found else []
        ours = processes.marked(short_key(self.var))
        return sorted(pid for pid in ours if WORDS[part] in f"{processes.command_line(pid)} ")

    def outbox(self) -> bytes:
        """All that was handed over as mail."""
        return b"".join(file.read_bytes() for file in (self.var / "mail").glob("*.log"))

    def mails(self) -> dict[str, str]:
        """What each mail tells, by its Message-ID: a repeat after a crash is known by it."""
        texts = [text.lstrip() for text in self.outbox().split(b"-" * 79 + b"\n") if text.strip()]
        mails = [message_from_bytes(text) for text in texts]
        return {mail["Message-ID"]: ", ".join(LINE.findall(str(mail.get_payload()))) for mail in mails}


def until(happens: Callable[[], Any], what: str, every: float = 0.1) -> Any:
    """The first answer that is something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := happens()):
        assert time.monotonic() < deadline, f"{what} did not happen within {PATIENCE:.0f} seconds"
        time.sleep(every)
    return found


def free_port() -> int:
    """A port nobody holds, below those the kernel gives to outgoing connections: it stays free until it is taken."""
    while not ports.is_free("127.0.0.1", port := random.randint(20_000, 32_000)):
        pass
    return port


@contextmanager
def started(folder: Path, sweep_seconds: int = 1) -> Iterator[Service]:
    """The whole service with its data in this folder, started as `make run` starts it."""
    running = Service(folder / "var", free_port(), sweep_seconds=sweep_seconds)
    command = [sys.executable, "-m", "onehost.launcher"]
    with (folder / "output").open("wb") as output:
        launcher = subprocess.Popen(command, cwd=PROJECT, env=running.environment, stdout=output, stderr=output)
    try:
        until(lambda: running.ask("/health/live").status == 200, f"starting (see {folder / 'output'})")
        yield running
    finally:
        launcher.send_signal(signal.SIGTERM)
        launcher.wait(timeout=PATIENCE)
        remove_displaced(running.var)


def remove_displaced(var: Path) -> None:
    """As root, pytest's folders shut PostgreSQL's account out, and its data lives elsewhere."""
    home = SYSTEM_FOLDER / f"iro-service-{short_key(var)}"
    if home.exists():
        shutil.rmtree(home)
