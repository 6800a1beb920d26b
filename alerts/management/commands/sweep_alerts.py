"""A sweep of one authority by hand, or what one would find on another day."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from alerts.services import sweep
from alerts.sql import preview
from authorities.management.base import (
    OperatorCommand,
    add_authority_argument,
    add_day_argument,
    add_format_argument,
    day_asked,
    find_authority,
)


class Command(OperatorCommand):
    """`manage.py sweep_alerts --authority CODE [--on DATE] [--format json|text]`."""

    help = "Raise and clear an authority's alerts now. For a day other than today: say what would be, change nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which authority, and which day."""
        add_authority_argument(parser)
        add_day_argument(parser, "preview a sweep of this day, by what is owed now; nothing is written")
        add_format_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep today, preview any other day, and print what was found."""
        authority = find_authority(options["authority"])
        today = timezone.localdate()
        on = day_asked(options["on"], today=today)
        is_today = on == today
        found = sweep(authority=authority, at=timezone.now(), on=on) if is_today else preview(authority.pk, on)
        if options["format"] == "json":
            self.print_json(asdict(found))
            return
        for words, count in {**asdict(found), **found.by_kind}.items():
            if words != "by_kind":
                self.stdout.write(f"{words.replace('_', ' ').capitalize()}: {count}")
        if not is_today:
            self.stdout.write(f"This is what a sweep on {on} would find; nothing was changed.")
