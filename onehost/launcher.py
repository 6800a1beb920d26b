"""`make run`: the whole service on one machine, until Ctrl-C.

Brings the servers up, migrates, loads the demonstration on first start, and runs web, worker and beat under
supervisor, which starts again what dies. Everything started carries a mark in its environment, so that what
a `kill -9` left behind is found and ended at the next start.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from onehost import ports, processes, programs, servers
from onehost.outputs import Outputs, say
from onehost.places import PROJECT, make_var, short_key, var_folder

ANSWER_WITHIN = 120.0  # seconds the web may take to answer at first
STOP_WITHIN = programs.STOP_WITHIN * 2.0 + 5  # seconds
PR_SET_PDEATHSIG = 1
SHOWN_AS = {"127.0.0.1": "localhost", "0.0.0.0": "localhost"}  # noqa: S104 - only how an address is shown
SAY_EVERY = 10.0  # seconds
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine, never by a proxy


class CannotRun(Exception):
    """The service cannot be started; the message says why and what to do."""


@dataclass
class Launch:
    """One run of the service."""

    var: Path
    host: str
    port: int
    stopping: int = 0  # how often somebody asked us to stop
    outputs: Outputs = field(default_factory=Outputs)
    manager: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://{SHOWN_AS.get(self.host, self.host)}:{self.port}"

    @property
    def key(self) -> str:
        return short_key(self.var)


def main() -> int:
    """Run until told to stop. 2 when the service cannot be started, and nothing was harmed."""
    try:
        launch = prepared()
        run(launch)
    except (CannotRun, servers.ServersUnavailable) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def prepared() -> Launch:
    launch = Launch(var_folder(), os.environ.get("LISTEN_ON") or "127.0.0.1", chosen_port())
    make_var(launch.var)
    only_one(launch)
    end_left_behind(launch)
    check_port(launch)
    set_environment(launch)
    return launch


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotRun(f"PORT is {text!r}. Give a number from 1 to 65535, such as PORT=8080.")
    return int(text)


def only_one(launch: Launch) -> None:
    """Hold the lock of a running service until this process ends, or say who holds it."""
    lock = os.open(launch.var / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotRun(already_running(launch, os.read(lock, 200).decode())) from None
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n{launch.address}\n".encode())


def already_running(launch: Launch, note: str) -> str:
    """Words for a second start, from the note the first one left in its lock."""
    pid, _, address = note.strip().partition("\n")
    held = "" if ports.is_free(launch.host, launch.port) else f"{port_held(launch.port)} "
    return f"{held}The service already runs here, at {address}. Stop it with Ctrl-C there, or: kill {pid}"


def port_held(port: int) -> str:
    return f"Port {port} is held by {ports.holder(port)}."


def end_left_behind(launch: Launch) -> None:
    """End what a killed run left behind: supervisor first, since it would start the others again."""
    left = sorted(processes.marked(launch.key), key=lambda pid: "supervisor" not in processes.command_line(pid))
    if left:
        say(f"Ending {len(left)} processes left behind by a run that was killed.")
        stubborn = processes.end(left, signal.SIGTERM, within=programs.STOP_WITHIN)
        processes.end({*stubborn, *processes.marked(launch.key)}, signal.SIGKILL, within=5)


def check_port(launch: Launch) -> None:
    try:
        free = ports.is_free(launch.host, launch.port)
    except OSError as error:
        raise CannotRun(
            f"Port {launch.port} of {launch.host} cannot be used ({error.strerror}). "
            "Choose another: make run PORT=8080"
        ) from error
    if not free:
        raise CannotRun(f"{port_held(launch.port)} Stop it, or choose another port: make run PORT=8080")


def set_environment(launch: Launch) -> None:
    """What every program of this run is given, where whoever started us gave nothing else."""
    given = {
        "DEMONSTRATION": "true",
        "SITE_URL": launch.address,
        "BIND": f"{launch.host}:{launch.port}",
        "DATABASE_POOL_SIZE": "4",
        "PYTHONUNBUFFERED": "1",
        "IRO_VAR": str(launch.var),
    }
    os.environ.update({name: value for name, value in given.items() if name not in os.environ})
    os.environ[processes.MARK] = launch.key


def run(launch: Launch) -> None:
    on_signals(launch)
    ours = not (os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"))
    say("Starting PostgreSQL and Redis." if ours else "Using the PostgreSQL and Redis of the environment.")
    servers.choose(os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL"))
    logins = prepare_data()
    wanted = programs.programs(launch.var, with_servers=ours)
    for program in wanted:
        launch.outputs.add_pipe(program.name, programs.output_of(launch.var, program))
    try:
        supervise(launch, wanted, logins)
    finally:
        stop(launch)


def prepare_data() -> str:
    """Bring the database up to date, the demonstration on first start; returns the table of its logins."""
    say("Bringing the database up to date; the first start loads the demonstration authority.")
    began = time.monotonic()
    preparing = subprocess.Popen(
        [sys.executable, "-m", "onehost.prepare"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    while True:
        try:
            logins, _ = preparing.communicate(timeout=SAY_EVERY)
        except subprocess.TimeoutExpired:
            say(f"Still preparing the data ({time.monotonic() - began:.0f} s).")
            continue
        if preparing.returncode:
            raise CannotRun("The database could not be prepared; the reason is above.")
        return logins


def on_signals(launch: Launch) -> None:
    """Ctrl-C, SIGTERM and the end of the `make` that started us stop the service; a second one hurries."""

    def handler(number: int, frame: FrameType | None) -> None:
        launch.stopping += 1
        if launch.manager is None:
            raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)
    if "MAKELEVEL" in os.environ:
        die_with_parent()


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def supervise(launch: Launch, wanted: list[programs.Program], logins: str) -> None:
    """Start supervisor, say when the web answers, print all output until somebody asks to stop."""
    configuration = programs.write_configuration(launch.var, wanted)
    start_manager(launch, configuration)
    announce_by = time.monotonic() + ANSWER_WITHIN
    announced = False
    while not launch.stopping:
        launch.outputs.show(within=0.25)
        if launch.manager and launch.manager.poll() is not None:
            say("The process manager was killed; starting everything again.")
            end_left_behind(launch)
            start_manager(launch, configuration)
        if not announced and answers(launch):
            announced = True
            announce(launch, logins)
        elif not announced and time.monotonic() > announce_by:
            raise CannotRun(f"The web did not answer within {ANSWER_WITHIN:.0f} seconds; its output is above.")


def start_manager(launch: Launch, configuration: Path) -> None:
    launch.manager = supervisor(configuration)
    if launch.manager.stdout:
        launch.outputs.add("manager", launch.manager.stdout)


def supervisor(configuration: Path) -> subprocess.Popen[bytes]:
    """Start supervisor in a session of its own, so that Ctrl-C reaches it through us alone."""
    return subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(configuration)],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        start_new_session=True,
        preexec_fn=die_with_parent,  # safe: this process has one thread
    )


def answers(launch: Launch) -> bool:
    """True when the web says it is alive."""
    try:
        with OPENER.open(f"{launch.address}/health/live", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def announce(launch: Launch, logins: str) -> None:
    rule = "-" * 72
    print(f"\n{rule}\nThe service is ready: {launch.address}\nCtrl-C stops it.\n\n{logins}{rule}\n", flush=True)


def stop(launch: Launch) -> None:
    """Stop every program; what does not stop in time, or at a second Ctrl-C, is killed."""
    if launch.manager is None:
        return
    say("Stopping.")
    if launch.manager.poll() is None:
        launch.manager.terminate()
    asked, deadline = launch.stopping, time.monotonic() + STOP_WITHIN
    while launch.manager.poll() is None and time.monotonic() < deadline and launch.stopping <= asked + 1:
        launch.outputs.show(within=0.1)
    if launch.manager.poll() is None:
        launch.manager.kill()
        launch.manager.wait()
    launch.outputs.show(within=0)
    processes.end(processes.marked(launch.key), signal.SIGKILL, within=5)
    say("Stopped.")


if __name__ == "__main__":
    sys.exit(main())
