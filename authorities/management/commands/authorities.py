"""List the authorities on this installation."""

from argparse import ArgumentParser
from typing import Any

from authorities.management.base import OperatorCommand, add_format_argument
from authorities.models import Authority


class Command(OperatorCommand):
    """`manage.py authorities [--format json|text]`."""

    help = "List the authorities on this installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the two formats."""
        add_format_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print code and name of each, in order of code."""
        found = Authority.objects.as_list()
        if options["format"] == "json":
            self.print_json({"authorities": found})
        elif not found:
            self.stdout.write("No authorities yet. Add one with: manage.py add_authority CODE NAME")
        for row in found if options["format"] == "text" else []:
            self.stdout.write(f"{row['code']:<20}  {row['name']}")
