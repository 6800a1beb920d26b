"""Open an account, with a post of the whole authority: the first people of a new installation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.management.base import link_in_words, newcomer
from accounts.roles import BY_CODE, Scope
from accounts.services import NewPost, note_password_link, open_account_with_post
from authorities.management.base import OperatorCommand, add_authority_argument, find_authority

ROLES = [code for code, role in BY_CODE.items() if role.scope is not Scope.SERVICE and not role.needs_team]


class Command(OperatorCommand):
    """`manage.py open_account EMAIL GIVEN_NAME FAMILY_NAME --authority CODE --role ROLE [--link]`.

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
        parser.add_argument("--link", action="store_true", help="print a link to choose a password, that works once")

    @transaction.atomic
    def handle(self, *args: Any, email: str, given_name: str, family_name: str, **options: Any) -> None:
        """Open account and post together, and say how to sign in."""
        authority = find_authority(options["authority"])
        person = newcomer(email, given_name, family_name)
        at, today, post = timezone.now(), timezone.localdate(), NewPost(role=options["role"])
        user = open_account_with_post(authority=authority, person=person, post=post, on=today, at=at)
        if options["link"]:
            note_password_link(user=user, at=at)
            how = link_in_words(user, at)
        else:
            how = (
                f"They choose a password at {settings.SITE_URL}{reverse('account_reset_password')}"
                " or sign in through the council's own sign-in."
            )
        self.stdout.write(f"Opened an account for {user}, {BY_CODE[post.role].name}. {how}")
