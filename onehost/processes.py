"""Processes of this machine: whose they are, how to start and how to end them."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import psutil

MARK = "IRO_RUN"  # in the environment of everything `make run` starts, so that it can be found again
BACKGROUND = '"$@" </dev/null >>"$LOG_FILE" 2>&1 & echo $!'
ENDED = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
# Of a process that is just ending psutil lets some of the kernel's own errors through.
CANNOT_BE_READ = (psutil.Error, OSError)


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
        return " ".join(psutil.Process(pid).cmdline()).strip()
    except CANNOT_BE_READ:
        return ""


def other_pids() -> list[int]:
    """Every process of this machine that may be seen, this one left out."""
    return [pid for pid in psutil.pids() if pid != os.getpid()]


def with_command(text: str) -> list[int]:
    """Processes with this text in their command line, this one left out."""
    return [pid for pid in other_pids() if text in command_line(pid)]


def marked(key: str) -> list[int]:
    """Processes that `make run` of the installation with this key started, this one left out."""
    return [pid for pid in other_pids() if environment(pid).get(MARK) == key]


def environment(pid: int) -> dict[str, str]:
    """The environment a process was started with, empty where it may not be read."""
    try:
        return psutil.Process(pid).environ()
    except CANNOT_BE_READ:
        return {}


def works_in(pid: int, folder: Path) -> bool:
    """True when the process is known to have this working folder."""
    try:
        return Path(psutil.Process(pid).cwd()).samefile(folder)
    except CANNOT_BE_READ:
        return False


def ending_in(folder: Path) -> list[int]:
    """Processes with this working folder that run no more, but have not yet let go of memory and files."""
    return [pid for pid in other_pids() if works_in(pid, folder) and not command_line(pid)]


def has_ended(pid: int) -> bool:
    """True when there is no such process, or a zombie only: memory, files and folder are let go."""
    try:
        return psutil.Process(pid).status() in ENDED
    except psutil.NoSuchProcess:
        return True


def end(pids: Iterable[int], how: signal.Signals, within: float) -> list[int]:
    """Send a signal and wait up to `within` seconds; returns the processes still running.

    Not `psutil.wait_procs`, which waits for a zombie until its parent looks: of some, no parent ever does.
    """
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
