"""Read a year's SSDA903 return in."""

from argparse import ArgumentParser
from datetime import date
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
from returns.reading import NothingToRead
from returns.report import Report
from returns.services import load_return

FIRST_YEAR = 1993  # the collection began with the year to 31 March 1993


class Command(OperatorCommand):
    """`manage.py import_ssda903 FOLDER --authority CODE --year 2018 [--format json]`.

    Exit status 0 where a table was read, 2 where nothing could be read; the report says what became of each row.
    """

    help = "Read a year's SSDA903 return: every CSV file in a folder, told apart by its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the folder, the authority and the year."""
        parser.add_argument("folder", help="the folder that holds the return's CSV files")
        add_authority_argument(parser)
        parser.add_argument("--year", required=True, type=int, help="2018 for the year to 31 March 2018")
        add_format_argument(parser)

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        """Read the return and print the report."""
        today = timezone.localdate()
        authority = find_authority(options["authority"])
        self._check_year(options["year"], today)
        try:
            report = load_return(
                folder=Path(folder), authority=authority, year=options["year"], at=timezone.now(), on=today
            )
        except NothingToRead as nothing:
            self._print(nothing.report, options["format"])
            raise NotDone(str(nothing)) from nothing
        self._print(report, options["format"])

    def _check_year(self, year: int, today: date) -> None:
        last = today.year + (1 if (today.month, today.day) >= (4, 1) else 0)
        if not FIRST_YEAR <= year <= last:
            raise NotDone(
                f"--year {year} cannot be: give the year in which the return's year ends on 31 March,"
                f" from {FIRST_YEAR} to {last}."
            )

    def _print(self, report: Report, format_: str) -> None:
        if format_ == "json":
            self.print_json(report.as_json())
        else:
            self.stdout.write("\n".join(report.as_text()))
