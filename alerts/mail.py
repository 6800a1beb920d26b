"""The digest one person gets: how many of what, and where to read them. Never a child, a name or a reference."""

import hashlib
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from .models import Alert
from .words import counted


def send_digest(alerts: Sequence[Alert]) -> None:
    """Hand one mail about these alerts, all of one person, to the mail back end.

    Raises OSError or ValueError when it was not taken.
    """
    recipient = alerts[0].recipient
    assert recipient  # what goes to nobody is not claimed
    lines = counted(alerts)
    url = f"{settings.SITE_URL}{reverse('alerts:list')}"
    EmailMessage(
        subject=f"IRO service: {lines[0]}" + (" and more" if len(lines) > 1 else ""),
        body=render_to_string("alerts/digest.txt", {"lines": lines, "url": url}),
        to=[recipient.email],
        headers={"Message-ID": message_id(alerts), "Auto-Submitted": "auto-generated"},
    ).send()


def message_id(alerts: Sequence[Alert]) -> str:
    """The same for the same alerts, so that a repeat after a crash is known as one."""
    keys = ",".join(str(pk) for pk in sorted(alert.pk for alert in alerts))
    digest = hashlib.sha256(keys.encode()).hexdigest()[:32]
    return f"<alerts.{digest}@{urlsplit(settings.SITE_URL).hostname}>"
