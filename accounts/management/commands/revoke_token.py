"""`manage.py revoke_token EMAIL --name N`: makes a key to the API useless at once."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from accounts.models import ApiToken
from accounts.services import revoke_token
from authorities.management.base import NotDone, OperatorCommand


class Command(OperatorCommand):
    """Revokes every usable token of that name on an account."""

    help = "Revoke an account's API tokens of one name, or all of them with --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the account's work e-mail address")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--name", help="the name the token was issued with")
        which.add_argument("--all", action="store_true", help="every token of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        tokens = ApiToken.objects.usable(now).filter(user__username=options["email"].strip().lower())
        if options["name"]:
            tokens = tokens.filter(name=options["name"])
        found = list(tokens.select_related("user"))
        if not found:
            raise NotDone("No usable token matches. Check the e-mail address and the name.")
        for token in found:
            revoke_token(token=token, at=now)
        self.stdout.write(f"Revoked {len(found)}.")
