"""The embedded servers: started, shared, found again after mishaps, stopped by the last one out."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from onehost import postgresql, processes, redis_server, servers
from onehost.places import (
    LONGEST_SOCKET,
    PROJECT,
    Places,
    binaries_shut_out,
    displaced,
    find_places,
    make_var,
    refuse_planted,
    shut_out,
)
from tests.running.service import remove_displaced

USER_OF_SERVERS = """
import sys
from pathlib import Path
from onehost import servers
servers.ensure(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def var() -> Iterator[Path]:
    """A var folder that everybody may enter, its servers stopped and its data gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="iro-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    servers.release(folder)
    servers.stop(find_places(folder))
    remove_displaced(folder)
    shutil.rmtree(folder)


def another_user(var: Path) -> subprocess.Popen[str]:
    """Another process that uses the servers until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER_OF_SERVERS, str(var)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def pids(var: Path) -> tuple[int | None, int | None]:
    places = find_places(var)
    return postgresql.pid(places), redis_server.pid(places)


def keep_something(addresses: servers.Addresses) -> None:
    with psycopg.connect(addresses.database_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('kept')")
    with redis.Redis.from_url(addresses.redis_url) as client:
        client.set("kept", "kept")


def assert_kept(addresses: servers.Addresses) -> None:
    with psycopg.connect(addresses.database_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("kept",)]
    with redis.Redis.from_url(addresses.redis_url) as client:
        assert client.get("kept") == b"kept"


def test_both_servers_answer_durable_and_private(var: Path) -> None:
    addresses = servers.ensure(var)

    with psycopg.connect(addresses.database_url) as connection:
        settings: dict[str, str] = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
        role = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert (settings["fsync"], settings["listen_addresses"], settings["server_encoding"]) == (
        "on",
        "",
        "UTF8",
    )
    assert int(settings["max_connections"]) >= 200
    assert role == (False,)
    with redis.Redis.from_url(addresses.redis_url) as client:
        chosen = {name: client.config_get(name)[name] for name in ("appendonly", "maxmemory-policy", "port")}
    assert chosen == {"appendonly": "yes", "maxmemory-policy": "noeviction", "port": "0"}
    places = find_places(var)
    for folder in (postgresql.sockets(places), redis_server.socket(places).parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_ensure_attaches_to_the_same_servers(var: Path) -> None:
    first = servers.ensure(var)
    before = pids(var)

    assert servers.ensure(var) == first
    assert pids(var) == before


def test_the_last_one_out_stops_the_servers(var: Path) -> None:
    servers.ensure(var)
    other = another_user(var)

    assert servers.release(var) is False
    assert None not in pids(var)
    other.communicate("")
    assert other.returncode == 0
    assert pids(var) == (None, None)


def test_a_killed_user_counts_no_more(var: Path) -> None:
    other = another_user(var)
    servers.ensure(var)
    other.kill()
    other.communicate()

    assert servers.release(var) is True
    assert pids(var) == (None, None)


def test_data_survives_a_stop(var: Path) -> None:
    keep_something(servers.ensure(var))
    assert servers.release(var)

    assert_kept(servers.ensure(var))


def test_data_survives_kill_9_of_both_servers(var: Path) -> None:
    addresses = servers.ensure(var)
    keep_something(addresses)
    lingering = psycopg.connect(addresses.database_url)
    killed = pids(var)
    processes.end([pid for pid in killed if pid], signal.SIGKILL, within=5)

    assert_kept(servers.ensure(var))
    assert not set(killed) & set(pids(var))
    lingering.close()


def test_a_pid_file_naming_a_stranger_is_not_believed(var: Path) -> None:
    keep_something(servers.ensure(var))
    servers.release(var)
    data = find_places(var).data
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")

    assert_kept(servers.ensure(var))


def test_an_interrupted_first_start_is_made_good(var: Path) -> None:
    unfinished = find_places(var).data.with_name("postgresql.new")
    (unfinished / "base").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    assert servers.ensure(var).database_url
    assert not unfinished.exists()


def test_a_long_or_odd_path_still_works(var: Path) -> None:
    long = var / ("Long & 100% odd: @? " * 6)
    try:
        addresses = servers.ensure(long)
        keep_something(addresses)
        assert_kept(addresses)
    finally:
        places = find_places(long)
        folders = [postgresql.sockets(places), redis_server.socket(places).parent]
        servers.release(long)
        for folder in folders:
            assert len(os.fsencode(folder)) < LONGEST_SOCKET
            shutil.rmtree(folder)
        remove_displaced(long)


def test_the_watcher_starts_again_what_was_killed(var: Path) -> None:
    watcher = subprocess.Popen(
        [sys.executable, "-m", "onehost.servers"],
        cwd=PROJECT,
        env={**os.environ, "IRO_VAR": str(var)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert watcher.stdout is not None
    addresses = servers.ensure(var)
    keep_something(addresses)
    watcher_says = watcher.stdout.readline()
    assert watcher_says == "The embedded servers answer.\n"
    for killed in pids(var):
        assert killed is not None
        processes.end([killed], signal.SIGKILL, within=5)
        assert watcher.stdout.readline() == "A server has died; starting it again.\n"
        assert watcher.stdout.readline() == "The servers answer again.\n"
        assert_kept(addresses)
    watcher.terminate()
    assert watcher.wait(20) == 0
    watcher.stdout.close()


def test_where_others_are_shut_out_data_and_binaries_live_elsewhere(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = var / "closed"
    (closed / "var").mkdir(parents=True)
    closed.chmod(0o700)
    monkeypatch.setattr("onehost.places.SYSTEM_FOLDER", var / "system")
    note = closed / "var" / "postgresql.location"

    places = displaced(closed / "var", note)

    assert shut_out(closed / "var")
    assert not binaries_shut_out(places.binaries)
    assert places.data.is_relative_to(var / "system")
    assert note.read_text().strip() == str(places.data.parent)
    version = subprocess.run([places.binaries / "postgres", "--version"], capture_output=True, check=True)
    assert version.stdout.startswith(b"postgres (PostgreSQL)")
    assert closed.stat().st_mode & 0o777 == 0o700


def test_the_note_of_where_data_lives_is_never_found_unfinished(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty note would read as the folder the reader works in, and a new, empty database be made there."""
    monkeypatch.setattr("onehost.places.SYSTEM_FOLDER", var / "system")
    note = var / "postgresql.location"
    places = displaced(var, note)
    written_at = note.stat().st_mtime_ns

    assert displaced(var, note) == places
    assert note.stat().st_mtime_ns == written_at  # so that no reader comes upon a writer

    note.write_text("")
    assert displaced(var, note) == places
    assert note.read_text() == f"{places.data.parent}\n"


def test_a_planted_socket_folder_is_refused(var: Path) -> None:
    planted = var / "planted"
    planted.symlink_to(var)

    with pytest.raises(servers.ServersUnavailable, match="belongs to somebody else"):
        refuse_planted(planted, processes.Account.mine())


@pytest.mark.parametrize(
    ("database_url", "redis_url", "missing"),
    [("postgresql://db/x", None, "REDIS_URL is not"), ("", "redis://cache/0", "DATABASE_URL is not")],
)
def test_one_address_without_the_other_is_refused(
    database_url: str | None, redis_url: str | None, missing: str
) -> None:
    with pytest.raises(servers.ServersUnavailable, match=missing):
        servers.choose(database_url, redis_url)


def test_with_both_addresses_nothing_embedded_is_started(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRO_VAR", str(var))

    addresses = servers.choose("postgresql://db/x", "unix:///run/redis.sock?db=0")

    assert addresses == servers.Addresses(
        "postgresql://db/x", "unix:///run/redis.sock?db=0", "redis+socket:///run/redis.sock?virtual_host=0"
    )
    assert list(var.iterdir()) == []


def test_a_machine_without_redis_is_told_what_to_install(var: Path):
    places = Places(var, var / "postgresql", var, processes.Account.mine())
    make_var(var)

    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("PATH", str(var))
        machine.setattr(redis_server.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(servers.ServersUnavailable, match="apt-get install redis-server"):
            redis_server.ensure(places)
