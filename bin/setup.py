"""Bring this checkout's tools up to date: Python packages, Node, front-end assets, and a browser for tests.

    python bin/setup.py run     what running needs
    python bin/setup.py test    and what the tests need

Needs nothing but Python 3.11 or newer. A step runs only when what it depends on has changed since.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
NODE = PROJECT / ".node"
LOG = PROJECT / "var" / "log" / "setup.log"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = 20
SAY_EVERY = 10  # seconds
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class CannotSetUp(Exception):
    """A step failed; the message says which and what to do."""


def main(words: Sequence[str]) -> int:
    if list(words) not in (["run"], ["test"]):
        print(__doc__)
        return 2
    try:
        set_up(words[0])
    except CannotSetUp as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def set_up(purpose: str) -> None:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    make_environment()
    install_packages(purpose)
    build_assets()
    if purpose == "test":
        find_browser()


def make_environment() -> None:
    """Make .venv, again where its Python has gone from the machine."""
    if works(PYTHON):
        return
    if VENV.exists() and not VENV.is_symlink():
        shutil.rmtree(VENV)
    if not has_module("ensurepip"):
        need_debian(["python3-venv"], "Python's venv module is incomplete: install Debian's python3-venv.")
    run("Making the Python environment", [sys.executable, "-m", "venv", VENV])


def works(python: Path) -> bool:
    """True when this Python starts and has pip."""
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def has_module(name: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def install_packages(purpose: str) -> None:
    """Install the locked packages; the test lock holds everything of the run lock, at the same versions."""
    locks = {name: PROJECT / "requirements" / f"{name}.txt" for name in ("run", "test")}
    if is_current(VENV / f"{purpose}.stamp", [locks[purpose]]):
        return
    pip_install(f"Installing the Python packages to {purpose} (a minute or two at first)", PYTHON, locks[purpose])
    check_redis()
    for name in ("run",) if purpose == "run" else ("run", "test"):
        stamp(VENV / f"{name}.stamp", [locks[name]])


def pip_install(title: str, python: Path, lock: Path) -> None:
    options = ["--require-hashes", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    run(title, [python, "-m", "pip", "install", *options, "-r", lock])


def check_redis() -> None:
    """Install Debian's Redis where no package brings one, or say what to install."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    asked = "from onehost import redis_server as r; print(r.binary() or r.MISSING)"
    answer = subprocess.run([PYTHON, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=False)
    if not answer.stdout.startswith("/"):
        need_debian(["redis-server"], answer.stdout.strip() or answer.stderr)


def build_assets() -> None:
    """Install the front-end packages and build styles and scripts into static/build."""
    packages = [PROJECT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    sources = [PROJECT / "static" / "build.mjs", *sorted((PROJECT / "static" / "src").rglob("*"))]
    installed, built = PROJECT / "node_modules" / ".stamp", PROJECT / "static" / "build" / ".stamp"
    if is_current(installed, packages) and is_current(built, [*packages, *sources]):
        return
    environ = node_environment()
    if not is_current(installed, packages):
        run("Installing the front-end packages", ["npm", "ci", "--no-audit", "--no-fund"], environ)
        stamp(installed, packages)
    run("Building styles and scripts", ["npm", "run", "build"], environ)
    stamp(built, [*packages, *sources])


def node_environment() -> dict[str, str]:
    """The environment with Node 20 or newer on PATH: the system's, else the one from a Python package."""
    if node_version(os.environ) >= OLDEST_NODE and shutil.which("npm"):
        return dict(os.environ)
    lock = PROJECT / "requirements" / "node.txt"
    if not is_current(NODE / "stamp", [lock]):
        run("Making a place for Node", [PYTHON, "-m", "venv", "--clear", NODE])
        pip_install("Installing Node from a Python package", NODE / "bin" / "python", lock)
        stamp(NODE / "stamp", [lock])
    return {**os.environ, "PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def node_version(environ: "os._Environ[str]") -> int:
    """The major version of the system's Node, 0 where there is none."""
    node = shutil.which("node", path=environ.get("PATH"))
    if node is None:
        return 0
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def find_browser() -> None:
    if not any(map(shutil.which, BROWSERS)):
        need_debian(["chromium"], "The tests need a browser: install Chromium or Chrome (Debian's chromium).")


def need_debian(packages: list[str], otherwise: str) -> None:
    """Install Debian packages when we are root on Debian; else say what to install."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CannotSetUp(otherwise)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("Reading Debian's list of packages", ["apt-get", "update"], quiet)
    run(f"Installing {' '.join(packages)}", ["apt-get", "install", "-y", *packages], quiet)


def run(title: str, command: Sequence[str | Path], environ: dict[str, str] | None = None) -> None:
    """Run one step, saying from time to time that it still goes on; its output goes to the log."""
    print(f"setup   | {title} …", flush=True)
    began, done = time.monotonic(), threading.Event()
    ticker = threading.Thread(target=tick, args=(began, done), daemon=True)
    with LOG.open("a") as log:
        log.write(f"\n== {title}\n")
        log.flush()
        start = log.tell()
        ticker.start()
        finished = subprocess.run([*map(str, command)], cwd=PROJECT, env=environ, stdout=log, stderr=log, check=False)
        done.set()
        ticker.join()
    if finished.returncode:
        said = LOG.read_text(errors="replace")[start:].strip().splitlines()
        last = "\n".join(said[-30:])
        raise CannotSetUp(f"{last}\n{title}: failed. The reason is above; all of it is in {LOG}.")


def tick(began: float, done: threading.Event) -> None:
    """Show every few seconds how long a step has taken and what it says last."""
    while not done.wait(SAY_EVERY):
        lines = LOG.read_text(errors="replace").strip().splitlines()
        print(f"setup   |   {time.monotonic() - began:.0f} s: {lines[-1].strip()[:90]}", flush=True)


def digest(files: Iterable[Path]) -> str:
    """A digest of the files' names and contents, and of the Python in use."""
    total = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for file in files:
        if file.is_file():
            total.update(f"{file.relative_to(PROJECT)}\0".encode() + file.read_bytes())
    return total.hexdigest()


def is_current(stamp_file: Path, files: Iterable[Path]) -> bool:
    return stamp_file.exists() and stamp_file.read_text() == digest(files)


def stamp(stamp_file: Path, files: Iterable[Path]) -> None:
    stamp_file.write_text(digest(files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
