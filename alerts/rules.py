"""How long an alert waits to be sent, from plain values."""

from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(hours=4)
GATHERED_AT = 7  # o'clock, local time


def retry_after(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts: 1, 2, 4 … minutes, up to 4 hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)


def last_morning(at: datetime) -> datetime:
    """The hour of the last gathered mail at or before a local moment: seven in the morning."""
    morning = at.replace(hour=GATHERED_AT, minute=0, second=0, microsecond=0)
    return morning if morning <= at else morning - timedelta(days=1)
