"""Take up a council's file of its children."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from authorities.management.base import (
    NotDone,
    OperatorCommand,
    add_authority_argument,
    add_format_argument,
    find_authority,
)
from returns.feeds.layouts import CHILDREN
from returns.feeds.reading import read_feed
from returns.reading import NothingToRead
from returns.services import sync_children


class Command(OperatorCommand):
    """`manage.py sync_children FILE --authority CODE [--preview] [--go-ahead] [--format json]`.

    Exit status 0 where the file was read, 2 where nothing was; the report says what became of each row.
    """

    help = "Take up a CSV file of the authority's children: docs/feeds.md names its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file and the authority, and whether to act."""
        parser.add_argument("file", help="the CSV file")
        add_authority_argument(parser)
        parser.add_argument("--preview", action="store_true", help="say what would change, and change nothing")
        parser.add_argument(
            "--go-ahead", action="store_true", help="take the file though it leaves out many children, or all"
        )
        add_format_argument(parser)

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Take up the file and print the report."""
        authority = find_authority(options["authority"])
        try:
            report = sync_children(
                file=read_feed(Path(file), CHILDREN),
                authority=authority,
                at=timezone.now(),
                is_preview=options["preview"],
                is_sure=options["go_ahead"],
            )
        except NothingToRead as nothing:
            raise NotDone(str(nothing)) from nothing
        if options["format"] == "json":
            self.print_json(report.as_json())
        else:
            self.stdout.write("\n".join(report.as_text()))
