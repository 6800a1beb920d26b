"""What the commands that open accounts share: names, addresses that can be kept, and the link they print."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import User
from accounts.passwords import password_link
from accounts.services import Newcomer
from authorities.management.base import NotDone


def newcomer(email: str, given_name: str | None, family_name: str | None) -> Newcomer:
    """Somebody to open an account for, their names read from the address where none were given.

    Raises NotDone for an address or a name that the account could not hold.
    """
    given, family = names_in(email)
    person = Newcomer(given_name or given, family if family_name is None else family_name, email.strip())
    refuse_unusable(person)
    return person


def names_in(email: str) -> tuple[str, str]:
    """The names an address tells of: "Sam" and "Holt" of sam.holt2@council.example."""
    words = [word.capitalize() for word in re.split(r"[^A-Za-z']+", email.partition("@")[0]) if word]
    return (words[0], " ".join(words[1:])) if words else (email.partition("@")[0], "")


def refuse_unusable(person: Newcomer) -> None:
    """Refuse an address or a name that the account could not hold."""
    row = User(
        username=person.email.lower(),
        email=person.email,
        first_name=person.given_name,
        last_name=person.family_name,
    )
    try:
        validate_email(person.email)
        row.clean_fields(exclude=["password", "authority"])
    except ValidationError as error:
        raise NotDone(f"No account was opened: {' '.join(error.messages)}") from error


def link_in_words(user: User, at: datetime) -> str:
    """The link for choosing a password, and for how long it works."""
    link = password_link(user, at)
    return (
        f"They choose a password here; the link works once, until {link.until}:\n\n    {link.url}\n\n"
        "Give it to them alone: whoever opens it signs in as them."
    )
