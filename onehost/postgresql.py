"""Our own PostgreSQL: make its data folder once, start it, find it running, stop it."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from onehost import processes
from onehost.places import (
    Places,
    ServersUnavailable,
    make_folder,
    socket_folder,
    version_of,
)

NAME = "iro_service"  # of the database and of the role that owns it
ADMINISTRATOR = "postgres"
READY_WITHIN = 300.0  # seconds; recovery after a crash may take a while
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
    # Refused values and statements hold names; the log must not.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def url(places: Places) -> str:
    return address(places, NAME, NAME)


def address(places: Places, role: str, database: str) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(sockets(places)))}"


def sockets(places: Places) -> Path:
    return socket_folder(places, "postgresql", places.account, ".s.PGSQL.5432.lock")


def title(places: Places) -> str:
    """What every process of this server shows in its command line."""
    return f"iro-{places.key}"


def pid(places: Places) -> int | None:
    """The pid of our running server; a pid file left behind by a dead one counts for nothing."""
    found = written_pid(places)
    return found if found and f"cluster_name={title(places)}" in processes.command_line(found) else None


def written_pid(places: Places) -> int | None:
    """The pid in PostgreSQL's own pid file, which is negative of a server run by hand for one user."""
    try:
        return abs(int((places.data / "postmaster.pid").read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        return None


def answers(places: Places) -> bool:
    """True when a connection works; a refused password or role would be an error, not an answer."""
    try:
        psycopg.connect(address(places, ADMINISTRATOR, ADMINISTRATOR), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure(places: Places) -> None:
    """Make the data folder if there is none, start the server if it does not run, wait until it answers."""
    if version_of(places.data) is None:
        initialise(places)
    running = pid(places)
    if running is None:
        clear_remains(places)
        running = start(places)
    wait_until_ready(places, running)
    make_database(places)


def environment() -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**others, "LC_ALL": "C"}


def initialise(places: Places) -> None:
    """Run initdb beside the final place and rename: an interrupted one leaves no half of a database."""
    unfinished = make_folder(places.data.with_name("postgresql.new"), 0o700, places.account)
    command: list[str | Path] = [
        places.binaries / "initdb",
        f"--pgdata={unfinished}",
        f"--username={ADMINISTRATOR}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    empty(unfinished)
    made = subprocess.run(
        command,
        cwd="/",
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        **processes.as_account(places.account),
    )
    if made.returncode:
        raise ServersUnavailable(f"PostgreSQL could not make its data folder {unfinished}: {made.stderr.strip()}")
    if places.data.exists():
        places.data.rmdir()
    unfinished.rename(places.data)


def empty(folder: Path) -> None:
    """Remove what an interrupted initdb left in the folder."""
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def clear_remains(places: Places) -> None:
    """End the children of a killed server, which hold its memory, and remove the lock files it left.

    PostgreSQL would judge them by whether the pid exists, and a dead server nobody waited for still has one.
    """
    written = written_pid(places)
    if written and processes.works_in(written, places.data) and (command := processes.command_line(written)):
        raise ServersUnavailable(
            f"Process {written} ({command}) still uses {places.data}, "
            f"started when this folder had another name. Stop it (kill -INT {written}) and try again."
        )
    orphans = processes.with_command(f"postgres: {title(places)}:")
    processes.end([*orphans, *processes.ending_in(places.data)], signal.SIGKILL, within=10)
    for lock_file in (places.data / "postmaster.pid", sockets(places) / ".s.PGSQL.5432.lock"):
        lock_file.unlink(missing_ok=True)


def start(places: Places) -> int:
    settings = {
        **SETTINGS,
        "unix_socket_directories": str(sockets(places)),
        "cluster_name": title(places),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return processes.start_detached(
        [places.binaries / "postgres", "-D", places.data, *options],
        folder=places.data,
        log=log_file(places),
        account=places.account,
        environ=environment(),
    )


def log_file(places: Places) -> Path:
    """The server's log, made so that its account may write to it."""
    return make_folder(places.data.parent / "log" / "postgresql", 0o755, places.account) / "postgresql.log"


def wait_until_ready(places: Places, running: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not answers(places):
        if processes.has_ended(running) or time.monotonic() > deadline:
            raise ServersUnavailable(f"PostgreSQL did not start. Its log says: {last_lines(log_file(places))}")
        time.sleep(0.03)


def last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else "nothing"


def make_database(places: Places) -> None:
    """Make the role the product works as (no superuser, may make test databases) and its database."""
    with psycopg.connect(address(places, ADMINISTRATOR, ADMINISTRATOR), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")


def stop(places: Places) -> None:
    """Fast shutdown: connections are ended, nothing written is lost."""
    running = pid(places)
    if running and processes.end([running], signal.SIGINT, within=30):
        processes.end([running], signal.SIGQUIT, within=10)
