"""`manage.py issue_token EMAIL --name N --days D`: a key to the API, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.services import issue_token
from authorities.management.base import NotDone, OperatorCommand


class Command(OperatorCommand):
    """Issues a token for a person or a service account."""

    help = "Issue an API token for an account. It is printed once; only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the account's work e-mail address")
        parser.add_argument("--name", required=True, help="what will use the token, e.g. 'case system nightly job'")
        parser.add_argument("--days", type=int, default=90, help="days until it expires (default 90)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["email"].strip().lower()).first()
        if user is None:
            raise NotDone(f"No account has the e-mail address {options['email']}.")
        token, text = issue_token(user=user, name=options["name"], days=options["days"], at=timezone.now())
        self.stdout.write(text)
        self.stderr.write(f"Expires {timezone.localtime(token.expires_at):%-d %B %Y}. It will not be shown again.")
