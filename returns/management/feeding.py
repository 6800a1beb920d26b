"""What the commands that take up a council's own file share: the file, whether to act, and the report."""

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
from returns.feeds.layouts import Layout
from returns.feeds.reading import read_feed
from returns.reading import NothingToRead


class FeedCommand(OperatorCommand):
    """A command that takes up a file of one layout by one service; it adds the one question of its own.

    Exit status 0 where the file was read, 2 where nothing was; the report says what became of each row.
    """

    layout: Layout

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file and the authority, and whether to act."""
        parser.add_argument("file", help="the CSV file")
        add_authority_argument(parser)
        parser.add_argument("--preview", action="store_true", help="say what would change, and change nothing")
        self.add_own_argument(parser)
        add_format_argument(parser)

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Take up the file and print the report."""
        authority = find_authority(options["authority"])
        try:
            read = read_feed(Path(file), self.layout)
            shared = {"file": read, "authority": authority, "at": timezone.now(), "is_preview": options["preview"]}
            report = self.take_up(options, **shared)
        except NothingToRead as nothing:
            raise NotDone(str(nothing)) from nothing
        if options["format"] == "json":
            self.print_json(report.as_json())
        else:
            self.stdout.write("\n".join(report.as_text()))

    def add_own_argument(self, parser: ArgumentParser) -> None:
        """Ask what this file alone needs."""
        raise NotImplementedError

    def take_up(self, options: dict[str, Any], **shared: Any) -> Any:
        """Call the service of this file; the report."""
        raise NotImplementedError
