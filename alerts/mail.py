"""The digest one person gets: how many of what, and where to read them. Never a child, a name or a reference."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from .models import Alert

# In the order they are told, the latest first: one, and more than one.
COUNTED = {
    Alert.Kind.REVIEW_OVERDUE: ("review is overdue", "reviews are overdue"),
    Alert.Kind.RESPONSE_OVERDUE: ("response is overdue", "responses are overdue"),
    Alert.Kind.RESPONSE_DUE: ("response is due soon", "responses are due soon"),
    Alert.Kind.REVIEW_DUE_SOON: ("review is due soon", "reviews are due soon"),
    Alert.Kind.REVIEW_UNBOOKED: ("review has no date booked", "reviews have no date booked"),
}


def send_digest(alerts: Sequence[Alert]) -> None:
    """Hand one mail about these alerts, all of one person, to the mail back end.

    Raises OSError or ValueError when it was not taken.
    """
    lines = counted(alerts)
    url = f"{settings.SITE_URL}{reverse('alerts:list')}"
    EmailMessage(
        subject=f"IRO service: {lines[0]}" + (" and more" if len(lines) > 1 else ""),
        body=render_to_string("alerts/digest.txt", {"lines": lines, "url": url}),
        to=[alerts[0].recipient.email],
        headers={"Message-ID": message_id(alerts), "Auto-Submitted": "auto-generated"},
    ).send()


def counted(alerts: Sequence[Alert]) -> list[str]:
    """'2 reviews are overdue', one line a kind."""
    counts = Counter(alert.kind for alert in alerts)
    return [f"{counts[kind]} {words[counts[kind] > 1]}" for kind, words in COUNTED.items() if counts[kind]]


def message_id(alerts: Sequence[Alert]) -> str:
    """The same for the same alerts, so that a repeat after a crash is known as one."""
    keys = ",".join(str(pk) for pk in sorted(alert.pk for alert in alerts))
    digest = hashlib.sha256(keys.encode()).hexdigest()[:32]
    return f"<alerts.{digest}@{urlsplit(settings.SITE_URL).hostname}>"
