"""Raising what has slipped, clearing what is met, and telling people by e-mail."""

import time
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from authorities.models import Authority

from . import sql
from .mail import send_digest
from .models import Alert, Sweep
from .rules import retry_after
from .sql import Swept

KEEP_SWEEPS = timedelta(days=2)  # one a minute and authority
DELIVER_FOR = 60.0  # seconds; the task is killed at 120, and the rest goes with the next one
NO_ADDRESS = "NO_ADDRESS"
UNDELIVERABLE = (OSError, ValueError)  # smtplib's errors are OSErrors; an impossible address is a ValueError


@transaction.atomic
def sweep(*, authority: Authority, at: datetime, on: date) -> Swept:
    """Make the alerts of an authority what its duties say on this day.

    Running it again changes nothing; of two at once, the second waits for the first. Raises OperationalError where
    it takes longer than `sql.LONGEST_SWEEP`.
    """
    started = time.monotonic()
    swept = sql.sweep(authority.pk, on, at)
    before = Q(finished_at__lt=at - KEEP_SWEEPS)
    Sweep.objects.filter(before, Q(authority=authority) | Q(authority__isnull=True)).delete()
    Sweep.objects.create(
        authority=authority,
        started_at=at,
        finished_at=at + timedelta(seconds=time.monotonic() - started),
        raised=swept.raised,
        cleared=swept.cleared,
    )
    return swept


def deliver(*, at: datetime) -> int:
    """Send each person one mail about all they have not been told of; the number of mails handed over.

    Each mail is a transaction of its own: a crash in the middle repeats at most that one, under the same
    Message-ID unless what it tells has changed meanwhile. A failed mail waits longer each time. Those without
    an address are marked, not tried.
    """
    Alert.objects.without_address().exclude(last_error=NO_ADDRESS).update(last_error=NO_ADDRESS)
    started = time.monotonic()
    sent = 0
    for recipient_id in Alert.objects.to_send(at).recipients():
        if time.monotonic() - started > DELIVER_FOR:
            break
        sent += _deliver_to(recipient_id, at)
    return sent


@transaction.atomic
def _deliver_to(recipient_id: int, at: datetime) -> bool:
    """Claim one person's unsent alerts, hand the mail over, and only then say it was sent."""
    alerts = list(Alert.objects.claimed(recipient_id, at)) if _claims(recipient_id) else []
    if not alerts:
        return False
    rows = Alert.objects.filter(pk__in=[alert.pk for alert in alerts])
    attempts = max(alert.attempts for alert in alerts) + 1
    try:
        send_digest(alerts)
    except UNDELIVERABLE as error:
        rows.update(attempts=attempts, last_error=type(error).__name__, retry_at=at + retry_after(attempts))
        return False
    rows.update(attempts=attempts, last_error="", retry_at=None, sent_at=at)
    return True


def _claims(recipient_id: int) -> bool:
    """True when nobody else is telling this person now; held until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(sql.CLAIM_PERSON, [recipient_id % 2**31])
        is_claimed: bool = cursor.fetchone()[0]
    return is_claimed
