"""Create an authority with default settings."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from authorities.services import add_authority
from timescales.refusals import Refused


class Command(BaseCommand):
    """`manage.py add_authority CODE NAME`; exit status 2 where the code is taken or either is not usable."""

    help = "Create an authority with default settings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the code and the name."""
        parser.add_argument("code", help="1 to 20 letters, digits or hyphens, such as E09000027")
        parser.add_argument("name", help="the authority's name as its staff know it")

    def handle(self, *args: Any, code: str, name: str, **options: Any) -> None:
        """Create it, or say why not."""
        if "\0" in code + name:
            raise CommandError("A code or a name cannot contain a NUL character.", returncode=2)
        try:
            authority = add_authority(code=code, name=name, on=timezone.localdate())
        except Refused as refused:
            raise CommandError(f"{code} was not added: {refused.message}", returncode=2) from refused
        self.stdout.write(f"Added {authority.code}, {authority.name}.")
