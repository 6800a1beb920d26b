"""How long an undelivered alert waits, from plain values."""

from datetime import timedelta

LONGEST_WAIT = timedelta(hours=4)


def retry_after(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts: 1, 2, 4 … minutes, up to 4 hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)
