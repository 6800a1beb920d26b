"""Create an authority with default settings."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from authorities.management.base import OperatorCommand
from authorities.services import add_authority


class Command(OperatorCommand):
    """`manage.py add_authority CODE NAME`; exit status 2 where the code is taken or either is not usable."""

    help = "Create an authority with default settings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the code and the name."""
        parser.add_argument("code", help="1 to 20 letters, digits or hyphens, such as E09000027")
        parser.add_argument("name", help="the authority's name as its staff know it")

    def handle(self, *args: Any, code: str, name: str, **options: Any) -> None:
        """Create it, or say why not."""
        authority = add_authority(code=code, name=name, on=timezone.localdate())
        self.stdout.write(f"Added {authority.code}, {authority.name}.")
