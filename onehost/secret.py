"""The key that signs sessions on a machine that was given none."""

import os
import secrets
from pathlib import Path


def secret_key(var: Path) -> str:
    """The key kept in `var/secret_key`, made on first use, readable by its owner alone."""
    path = var / "secret_key"
    if not path.exists():
        _make(path)
    return path.read_text()


def _make(path: Path) -> None:
    """Write a key whole and then give it its name: of two who make one, the first is kept by both."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        return
    finally:
        unfinished.unlink()
