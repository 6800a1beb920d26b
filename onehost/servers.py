"""A real PostgreSQL and a real Redis for a machine that has neither, under var/.

`ensure()` starts or attaches to them. Whoever uses them holds a shared lock until the process ends, however
it ends; the last one out stops them. `python -m onehost.servers` watches them and restarts what died;
with a command after it, it runs that command and keeps them up meanwhile.
"""

import atexit
import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from onehost import postgresql, redis_server
from onehost.places import (
    Places,
    ServersUnavailable,
    find_places,
    make_var,
    var_folder,
)

__all__ = ["Addresses", "ServersUnavailable", "choose", "ensure", "release"]

WATCH_EVERY = 0.5  # seconds
_in_use: dict[Path, int] = {}  # the shared lock this process holds, by var folder


@dataclass(frozen=True)
class Addresses:
    """Where the servers answer: for Django, for its cache, and for Celery, which spells sockets its own way."""

    database_url: str
    redis_url: str
    redis_celery_url: str


def choose(database_url: str | None, redis_url: str | None) -> Addresses:
    """The servers the environment names, or the embedded ones where it names neither.

    Raises ServersUnavailable when only one of the two is named.
    """
    if database_url and redis_url:
        return Addresses(database_url, redis_url, celery_address(redis_url))
    if database_url or redis_url:
        given, missing = ("DATABASE_URL", "REDIS_URL") if database_url else ("REDIS_URL", "DATABASE_URL")
        raise ServersUnavailable(
            f"{given} is set but {missing} is not. Set both, or neither to use the embedded servers."
        )
    return ensure()


def celery_address(redis_url: str) -> str:
    """The same Redis as Celery spells it."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


def ensure(var: Path | None = None) -> Addresses:
    """Start or attach to the embedded servers; they answer when this returns.

    Raises ServersUnavailable, in one plain sentence, when that cannot be done here.
    """
    var = var or var_folder()
    make_var(var)
    with starting(var):
        places = find_places(var)
        hold(var)
        postgresql.ensure(places)
        redis_server.ensure(places)
    return Addresses(postgresql.url(places), redis_server.url(places), redis_server.celery_url(places))


@contextmanager
def starting(var: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the servers of this folder."""
    lock = os.open(var / "servers.start.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def hold(var: Path) -> None:
    """Count this process among the users of the servers, until it ends."""
    if var not in _in_use:
        _in_use[var] = os.open(var / "servers.users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(_in_use[var], fcntl.LOCK_SH)
        atexit.register(release_at_exit, var, os.getpid())


def release_at_exit(var: Path, owner: int) -> None:
    """Release when the process that attached ends; its forked children share its lock and leave it alone."""
    if os.getpid() == owner:
        release(var)


def release(var: Path) -> bool:
    """Leave the servers; stops them and returns True when nobody else uses them."""
    if var not in _in_use or not var.exists():
        return False
    with starting(var):
        lock = _in_use.pop(var)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(lock)
        stop(find_places(var))
    return True


def stop(places: Places) -> None:
    redis_server.stop(places)
    postgresql.stop(places)


def watch(stopping: threading.Event) -> None:
    """Keep the servers up until asked to stop: what was killed is started again within a second or two."""
    ensure()
    places = find_places(var_folder())
    print("The embedded servers answer.", flush=True)
    while not stopping.wait(WATCH_EVERY):
        if postgresql.pid(places) is None or redis_server.pid(places) is None:
            print("A server has died; starting it again.", flush=True)
            ensure()
            print("The servers answer again.", flush=True)


def keep_up_during(command: list[str]) -> int:
    """Run a command with the servers up from its start to its end; returns its exit status."""
    choose(os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL"))
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def watch_until_stopped() -> int:
    stopping = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    watch(stopping)
    return 0


def main(command: list[str]) -> int:
    try:
        return keep_up_during(command) if command else watch_until_stopped()
    except ServersUnavailable as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
