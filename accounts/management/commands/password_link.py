"""Print a link by which somebody chooses a password, where mail does not reach them."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.management.base import link_in_words
from accounts.models import User
from accounts.services import note_password_link
from authorities.management.base import NotDone, OperatorCommand


class Command(OperatorCommand):
    """`manage.py password_link EMAIL`; exit status 2 where no account with that address is open."""

    help = "Print a link that lets somebody choose a password, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the person."""
        parser.add_argument("email", help="the work e-mail address they sign in with")

    @transaction.atomic
    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Print the link, and note in the audit trail that it was made."""
        user = User.objects.filter(username=email.strip().lower(), is_active=True).first()
        if user is None or user.is_service_account:
            raise NotDone(f"Nobody signs in here as {email}. Open an account with: manage.py open_account")
        at = timezone.now()
        note_password_link(user=user, at=at)
        self.stdout.write(f"{user}, {user.username}. {link_in_words(user, at)}")
