"""Take up a council's file of its children."""

from argparse import ArgumentParser
from typing import Any

from returns.feeds.layouts import CHILDREN
from returns.management.feeding import FeedCommand
from returns.services import sync_children


class Command(FeedCommand):
    """`manage.py sync_children FILE --authority CODE [--preview] [--go-ahead] [--format json]`."""

    help = "Take up a CSV file of the authority's children: docs/feeds.md names its columns."
    layout = CHILDREN

    def add_own_argument(self, parser: ArgumentParser) -> None:
        """Ask whether a file that leaves out many is meant."""
        parser.add_argument(
            "--go-ahead", action="store_true", help="take the file though it leaves out many children, or all"
        )

    def take_up(self, options: dict[str, Any], **shared: Any) -> Any:
        """The children of the file."""
        return sync_children(is_sure=options["go_ahead"], **shared)
