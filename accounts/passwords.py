"""The link by which somebody chooses a password, where no mail can bring it to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from timescales.words import in_words

from .models import User


@dataclass(frozen=True)
class PasswordLink:
    """An address that lets one person choose a password once, until a moment."""

    url: str
    ends_at: datetime

    @property
    def until(self) -> str:
        """When it ends, as people say it here: "Friday 4 December 2026 at 14:32"."""
        ends = localtime(self.ends_at)
        return f"{in_words(ends.date())} at {ends:%H:%M}"


def password_link(user: User, at: datetime) -> PasswordLink:
    """The same link as the mail for a forgotten password holds, built from the service's own address.

    It works once, since the token is made with the password it replaces.
    """
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=key)
    return PasswordLink(f"{settings.SITE_URL}{path}", at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT))
