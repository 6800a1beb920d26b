"""Resolve requirements/ again from pyproject.toml: for every Python and machine, with hashes, no addresses.

Needs nothing but Python 3.11 or newer; the resolver itself is locked too, in requirements/lock.txt.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = PROJECT / "requirements"
TEST = REQUIREMENTS / "test.txt"
OPTIONS = [
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--custom-compile-command=make lock",
]
# The largest first: the others take its versions. Node and the resolver stand alone.
LOCKS: dict[str, list[str]] = {
    "test": ["pyproject.toml", "--extra=embedded", "--extra=test"],
    "run": ["pyproject.toml", "--extra=embedded", "--constraint=requirements/test.txt"],
    "production": ["pyproject.toml", "--constraint=requirements/test.txt"],
    "node": ["--group=node"],
    "lock": ["--group=lock"],
}


def main(more: Sequence[str]) -> int:
    """Resolve every lock; further words (`--upgrade`, say) go to the resolver."""
    with tempfile.TemporaryDirectory() as folder:
        uv = resolver(Path(folder))
        for name, sources in LOCKS.items():
            print(f"lock    | requirements/{name}.txt", flush=True)
            command: list[str | Path] = [
                uv,
                "pip",
                "compile",
                *OPTIONS,
                *sources,
                *more,
                f"--output-file=requirements/{name}.txt",
            ]
            subprocess.run(command, cwd=PROJECT, check=True)
    return 0


def resolver(folder: Path) -> Path:
    """Install the locked resolver into a folder of its own."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip: list[str | Path] = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--require-hashes", "-r", REQUIREMENTS / "lock.txt"], check=True)
    return folder / "bin" / "uv"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
