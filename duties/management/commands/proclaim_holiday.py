"""Enter a holiday that was proclaimed after the working calendar was published."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from authorities.management.base import OperatorCommand, day_asked
from duties.services import proclaim_holiday
from timescales.words import counted, in_words


class Command(OperatorCommand):
    """`manage.py proclaim_holiday DATE NAME`: for every authority, since bank holidays are national."""

    help = "Enter a proclaimed bank holiday, and date everything that is owed again. The same again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the day and what it is called."""
        parser.add_argument("day", metavar="DATE", help="the day, such as 2026-12-07")
        parser.add_argument("name", help="what people call it, as the working of a due date will say it")

    def handle(self, *args: Any, day: str, name: str, **options: Any) -> None:
        """Enter it, and say how many dates moved; or say why not."""
        at = timezone.now()
        today = timezone.localdate(at)
        holiday = day_asked(day, today=today)
        moved = proclaim_holiday(day=holiday, name=name, on=today, at=at)
        self.stdout.write(f"{in_words(holiday)} is a holiday: {name.strip()}.")
        for code, number in moved.items():
            self.stdout.write(f"{code}: {counted(number, 'open due date')} worked out anew.")
        self.stdout.write(f"{counted(sum(moved.values()), 'open due date')} worked out anew in all.")
