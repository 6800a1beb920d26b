"""Load the demonstration authority and print its logins."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils import timezone

from authorities.management.base import NotDone, OperatorCommand, add_format_argument
from returns.demonstration import NAME, NotADemonstration, is_loaded, load_demonstration, logins


class Command(OperatorCommand):
    """`manage.py load_demonstration [--if-empty] [--format json]`; exit status 2 where it may not be loaded."""

    help = "Load the fictional authority, in place of the one loaded before, and print its logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to leave a loaded one alone, and the two formats."""
        parser.add_argument("--if-empty", action="store_true", help="leave the one loaded before as it is")
        add_format_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it unless it is there and that is enough."""
        if not settings.DEMONSTRATION:
            raise NotDone(
                "The demonstration authority has logins everybody knows, so it is not loaded here."
                " It needs DEMONSTRATION=true, which production never sets."
            )
        if not (options["if_empty"] and is_loaded()):
            try:
                load_demonstration(on=timezone.localdate(), at=timezone.now())
            except NotADemonstration as refused:
                raise NotDone(str(refused)) from refused
        self._print(options["format"])

    def _print(self, format_: str) -> None:
        people = logins()
        if format_ == "json":
            self.print_json({"authority": NAME, "logins": people})
            return
        wide, long = (max(len(one[key]) for one in people) for key in ("role", "email"))
        self.stdout.write(f"{NAME} is fictional, and so is everybody in it. Sign in as:\n")
        self.stdout.write(f"{'Role':<{wide}}  {'E-mail':<{long}}  Password")
        for one in people:
            self.stdout.write(f"{one['role']:<{wide}}  {one['email']:<{long}}  {one['password']}")
