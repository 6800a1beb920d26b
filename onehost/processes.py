"""Processes of this machine, read from /proc: whose they are, how to start and how to end them."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

PROC = Path("/proc")
MARK = "IRO_RUN"  # in the environment of everything `make run` starts, so that it can be found again
BACKGROUND = '"$@" </dev/null >>"$LOG_FILE" 2>&1 & echo $!'


@dataclass(frozen=True)
class Account:
    """The system account a server runs as."""

    uid: int
    gid: int

    @classmethod
    def mine(cls) -> "Account":
        return cls(os.geteuid(), os.getegid())


def command_line(pid: int) -> str:
    """The command line of a process, empty when there is none: one that is ending or a zombie has none."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def all_pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def with_command(text: str) -> list[int]:
    """Processes with this text in their command line, this one left out."""
    return [pid for pid in all_pids() if pid != os.getpid() and text in command_line(pid)]


def marked(key: str) -> list[int]:
    """Processes that `make run` of the installation with this key started, this one left out."""
    mark = f"{MARK}={key}".encode()
    return [pid for pid in all_pids() if pid != os.getpid() and mark in environment(pid)]


def environment(pid: int) -> list[bytes]:
    """The environment a process was started with, empty where it may not be read."""
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def works_in(pid: int, folder: Path) -> bool:
    """True when the process is known to have this working folder."""
    try:
        return (PROC / str(pid) / "cwd").samefile(folder)
    except OSError:
        return False


def ending_in(folder: Path) -> list[int]:
    """Processes with this working folder that run no more, but have not yet let go of memory and files."""
    return [pid for pid in all_pids() if works_in(pid, folder) and not command_line(pid)]


def has_ended(pid: int) -> bool:
    """True when there is no such process, or a zombie only: memory, files and folder are let go."""
    try:
        after_its_name = (PROC / str(pid) / "stat").read_text().rpartition(")")[2]
    except OSError:
        return True
    return after_its_name.split()[0] in ("Z", "X")


def end(pids: Iterable[int], how: signal.Signals, within: float) -> list[int]:
    """Send a signal and wait up to `within` seconds; returns the processes still running."""
    remaining = list(pids)
    for pid in remaining:
        send(pid, how)
    deadline = time.monotonic() + within
    while True:
        remaining = [pid for pid in remaining if not has_ended(pid)]
        if not remaining or time.monotonic() > deadline:
            return remaining
        time.sleep(0.02)


def send(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return


def start_detached(
    command: Sequence[str | Path],
    *,
    folder: Path,
    log: Path,
    account: Account,
    environ: dict[str, str],
) -> int:
    """Start a server in a session of its own, child of nobody, output appended to `log`; returns its pid.

    The shell in between leaves at once, so that no zombie waits for a parent that does not look.
    """
    shell = subprocess.run(
        ["/bin/sh", "-c", BACKGROUND, "sh", *map(str, command)],
        cwd=folder,
        env={**{name: value for name, value in environ.items() if name != MARK}, "LOG_FILE": str(log)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        start_new_session=True,
        **as_account(account),
    )
    return int(shell.stdout)


class Identity(TypedDict, total=False):
    """The arguments of `subprocess` that say who a program runs as."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: Account) -> Identity:
    """Arguments of `subprocess` that drop root for good; nothing when the account is already ours."""
    if account == Account.mine():
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}
