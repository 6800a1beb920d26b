"""The programs of one `make run`, and supervisor's configuration for them."""

import configparser
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from onehost.places import PROJECT

STOP_WITHIN = 15  # seconds a program has to finish what it is doing
FOR_EVER = 1_000_000  # restarts before supervisor would give up


@dataclass(frozen=True)
class Program:
    """One supervised program; those with a lower priority start earlier and stop later."""

    name: str
    command: str
    priority: int


def programs(var: Path, *, with_servers: bool) -> list[Program]:
    """Web, worker and beat, and the watcher of the embedded servers where they are ours."""
    python = quoted(sys.executable)
    celery = f"{python} -m celery --quiet -A iro_service"
    ours = [Program("servers", f"{python} -m onehost.servers", 1)] if with_servers else []
    return [
        *ours,
        Program(
            "web",
            f"{python} -m gunicorn --config deploy/gunicorn_settings.py iro_service.wsgi:application",
            10,
        ),
        Program("worker", f"{celery} worker --loglevel INFO --concurrency 2 --without-gossip --without-mingle", 20),
        Program(
            "beat",
            f"{celery} beat --loglevel INFO --pidfile= --schedule {quoted(str(var / 'beat-schedule'))}",
            20,
        ),
    ]


def quoted(text: str) -> str:
    """A word as supervisor reads it: in quotes, and with its percent signs doubled."""
    return '"' + text.replace("%", "%%") + '"'


def output_of(var: Path, program: Program) -> Path:
    """The pipe a program's output comes through."""
    return var / "run" / f"{program.name}.output"


def write_configuration(var: Path, wanted: list[Program]) -> Path:
    """Write supervisor's configuration and return where."""
    config = configparser.RawConfigParser()
    config["supervisord"] = {
        "nodaemon": "true",
        "logfile": "/dev/null",
        "logfile_maxbytes": "0",
        "pidfile": escaped(var / "run" / "supervisord.pid"),
        **({"user": "root"} if os.geteuid() == 0 else {}),
    }
    for program in wanted:
        config[f"program:{program.name}"] = {
            "command": program.command,
            "directory": escaped(PROJECT),
            "priority": str(program.priority),
            "autorestart": "true",
            "startsecs": "1",
            "startretries": str(FOR_EVER),
            "stopwaitsecs": str(STOP_WITHIN),
            "stopasgroup": "false",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": escaped(output_of(var, program)),
            "stdout_logfile_maxbytes": "0",
        }
    path = var / "run" / "supervisord.conf"
    with path.open("w") as file:
        config.write(file)
    return path


def escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
