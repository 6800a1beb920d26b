"""List the authorities on this installation."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from authorities.models import Authority


class Command(BaseCommand):
    """`manage.py authorities [--format json|text]`."""

    help = "List the authorities on this installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the two formats."""
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print code and name of each, in order of code."""
        found = Authority.objects.as_list()
        if options["format"] == "json":
            self.stdout.write(json.dumps({"authorities": found}, ensure_ascii=False, indent=2))
        elif not found:
            self.stdout.write("No authorities yet. Add one with: manage.py add_authority CODE NAME")
        for row in found if options["format"] == "text" else []:
            self.stdout.write(f"{row['code']:<20}  {row['name']}")
