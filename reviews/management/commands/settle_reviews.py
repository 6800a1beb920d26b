"""Work out again which reviews are due, for every child of an authority."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from authorities.management.base import OperatorCommand, add_authority_argument, find_authority
from reviews.services import settle_again


class Command(OperatorCommand):
    """`manage.py settle_reviews --authority CODE`: after an upgrade that knows of duties it did not know before."""

    help = "Settle the reviews of every child again: what is due next, what is to be found out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which authority."""
        add_authority_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what came of it."""
        authority = find_authority(options["authority"])
        found = settle_again(authority=authority, at=timezone.now())
        self.stdout.write(
            f"{authority}: {found['opened']} reviews opened, {found['closed']} closed,"
            f" {found['reopened']} opened again."
        )
