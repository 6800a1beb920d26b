"""How long somebody stays signed in: the two moments a session remembers and what they mean."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

WRITE_EVERY = 60  # seconds between notes of use: a page costs no write of its own
STARTED, SEEN = "started_at", "seen_at"  # seconds since 1970
IDLE = "You were signed out because nothing was sent for {} minutes."
OLD = "You were signed out because a session lasts {} hours at most."


def ended(session: SessionBase, at: datetime) -> str | None:
    """Why this session has run out, in words; None while it has not, noting that it was used."""
    moment = int(at.timestamp())
    started = session.setdefault(STARTED, moment)
    seen = session.setdefault(SEEN, moment)
    if moment - started >= timedelta(hours=settings.SESSION_ABSOLUTE_HOURS).total_seconds():
        return OLD.format(settings.SESSION_ABSOLUTE_HOURS)
    if moment - seen >= timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds():
        return IDLE.format(settings.SESSION_IDLE_MINUTES)
    if moment - seen >= WRITE_EVERY:
        session[SEEN] = moment
    return None


def extend(session: SessionBase, at: datetime) -> int:
    """Begin the time without use again; minutes until it would run out, whichever limit comes first."""
    moment = int(at.timestamp())
    session[SEEN] = moment
    left = settings.SESSION_ABSOLUTE_HOURS * 60 - (moment - session.get(STARTED, moment)) // 60
    return min(settings.SESSION_IDLE_MINUTES, left)
