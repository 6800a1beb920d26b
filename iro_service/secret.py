"""The key that signs sessions on a machine that was given none."""

import os
import secrets
from pathlib import Path


def secret_key(var: Path) -> str:
    """The key kept in `var/secret_key`, made on first use, readable by its owner alone."""
    path = var / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()
