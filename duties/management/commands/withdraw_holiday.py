"""Take back a holiday that was proclaimed."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from authorities.management.base import OperatorCommand, day_asked
from duties.services import withdraw_holiday
from timescales.words import counted, in_words


class Command(OperatorCommand):
    """`manage.py withdraw_holiday DATE`: for every authority, as it was proclaimed."""

    help = "Make a proclaimed holiday a working day again, and date everything that is owed again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the day."""
        parser.add_argument("day", metavar="DATE", help="the day that was proclaimed, such as 2026-12-07")

    def handle(self, *args: Any, day: str, **options: Any) -> None:
        """Take it back, and say how many dates moved; or say why not. The same again changes nothing."""
        at = timezone.now()
        today = timezone.localdate(at)
        asked = day_asked(day, today=today)
        name, moved = withdraw_holiday(day=asked, on=today, at=at)
        self.stdout.write(f"{in_words(asked)} is a working day: {name} was taken back.")
        for code, number in moved.items():
            self.stdout.write(f"{code}: {counted(number, 'open due date')} worked out anew.")
        self.stdout.write(f"{counted(sum(moved.values()), 'open due date')} worked out anew in all.")
