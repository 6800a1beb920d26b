"""Take up a council's file of the people who work with its children."""

from argparse import ArgumentParser
from typing import Any

from returns.feeds.layouts import STAFF
from returns.management.feeding import FeedCommand
from returns.services import sync_staff


class Command(FeedCommand):
    """`manage.py sync_staff FILE --authority CODE [--preview] [--add-teams] [--format json]`."""

    help = "Take up a CSV file of the authority's staff and their posts: docs/feeds.md names its columns."
    layout = STAFF

    def add_own_argument(self, parser: ArgumentParser) -> None:
        """Ask whether teams that are not here are to be added."""
        parser.add_argument(
            "--add-teams", action="store_true", help="add the services and teams that are not here yet"
        )

    def take_up(self, options: dict[str, Any], **shared: Any) -> Any:
        """The people of the file."""
        return sync_staff(adds_teams=options["add_teams"], **shared)
