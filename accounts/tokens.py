"""Keys for machines: made once, shown once, kept only as a hash."""

import hashlib
import secrets

PREFIX = "iro_"  # lets a secret scanner know one when it sees it


def new_token() -> str:
    """A key with 256 bits of chance in it."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str | bytes) -> str:
    """What is kept of a key. Its length makes guessing hopeless, so a plain hash is enough and quick."""
    return hashlib.sha256(token if isinstance(token, bytes) else token.encode()).hexdigest()
