"""Open an account, with a post of the whole authority: the first people of a new installation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import BY_CODE, Scope
from accounts.services import fill_post, open_account, open_post
from authorities.management.base import NotDone, OperatorCommand, add_authority_argument, find_authority

ROLES = [code for code, role in BY_CODE.items() if role.scope is not Scope.SERVICE and not role.needs_team]


class Command(OperatorCommand):
    """`manage.py open_account EMAIL GIVEN_NAME FAMILY_NAME --authority CODE --role ROLE`.

    No password is asked for: one typed here would be known to two people.
    """

    help = "Open an account and a post for somebody, who then chooses a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the person, the authority and the role."""
        parser.add_argument("email", help="the person's work e-mail address, by which they sign in")
        parser.add_argument("given_name")
        parser.add_argument("family_name")
        add_authority_argument(parser)
        parser.add_argument("--role", required=True, choices=ROLES, help="a role that needs no team or service")

    def handle(self, *args: Any, email: str, given_name: str, family_name: str, **options: Any) -> None:
        """Open account and post together, and say how to sign in."""
        authority = find_authority(options["authority"])
        refuse_unusable(email, given_name, family_name)
        at, today = timezone.now(), timezone.localdate()
        with transaction.atomic():
            user = open_account(
                authority=authority,
                username=email,
                given_name=given_name,
                family_name=family_name,
                password=None,
                at=at,
            )
            post = open_post(authority=authority, role=options["role"], starts_on=today)
            fill_post(post=post, user=user, on=today, at=at)
        self.stdout.write(
            f"Opened an account for {user}, {BY_CODE[post.role].name}. They choose a password at"
            f" {settings.SITE_URL}{reverse('account_reset_password')} or sign in through the council's own sign-in."
        )


def refuse_unusable(email: str, given_name: str, family_name: str) -> None:
    """Refuse an address or a name that the account could not hold."""
    person = User(username=email.strip().lower(), email=email.strip(), first_name=given_name, last_name=family_name)
    try:
        person.clean_fields(exclude=["password", "authority"])
    except ValidationError as error:
        raise NotDone(f"No account was opened: {' '.join(error.messages)}") from error
