"""What every command of ours shares: sentences an operator can act on, and exit status 2 where nothing was done."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from audit.history import by_the_service
from authorities.models import Authority
from timescales.refusals import Refused

REFUSED = 2  # exit status


class NotDone(CommandError):
    """What was asked was not done. The message says why and what to do; the exit status is 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=REFUSED)


class OperatorCommand(BaseCommand):
    """A command of ours. `handle` may raise `Refused` like any service: the operator reads its sentence."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Refuse where the database does not answer or lacks tables: Django would only warn, then break."""
        try:
            executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        except OperationalError as error:
            raise NotDone(f"The database does not answer: {error}") from error
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise NotDone("The database is not up to date. Run first: manage.py migrate")

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command, its refusals put as every command's are, and history written as the service's own."""
        refuse_unreadable(options)
        try:
            with by_the_service(type(self).__module__.rpartition(".")[2]):
                return super().execute(*args, **options)
        except Refused as refused:
            raise NotDone(refused.message) from refused

    def print_json(self, found: dict[str, Any]) -> None:
        """Print for machines, in ASCII: it reads the same whatever the terminal's encoding."""
        self.stdout.write(json.dumps(found, indent=2))


def refuse_unreadable(options: dict[str, Any]) -> None:
    """Refuse words that no database can hold: NUL, and bytes that are not UTF-8."""
    for name, value in options.items():
        if isinstance(value, str) and ("\0" in value or (not value.isascii() and has_surrogates(value))):
            raise NotDone(f"{name} holds a character that cannot be stored. Type it again.")


def has_surrogates(text: str) -> bool:
    """True where Python stood in for bytes it could not read as UTF-8."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def add_authority_argument(parser: ArgumentParser) -> None:
    """Ask for `--authority CODE`; `find_authority` reads it."""
    parser.add_argument("--authority", required=True, metavar="CODE", help="its code, such as E09000027")


def add_day_argument(parser: ArgumentParser, help: str) -> None:
    """Offer `--on DATE`; `day_asked` reads it."""
    parser.add_argument("--on", metavar="DATE", help=f"{help}, such as 2026-11-25 (default today)")


def add_format_argument(parser: ArgumentParser) -> None:
    """Offer words for people and JSON for machines."""
    parser.add_argument("--format", choices=["text", "json"], default="text")


def find_authority(code: str) -> Authority:
    """The authority with this code. Raises NotDone, naming the commands that list and add one."""
    found = Authority.objects.filter(code=code).first()
    if found is None:
        raise NotDone(
            f"There is no authority with the code {code}. See them with: manage.py authorities"
            f" or add it with: manage.py add_authority {code} NAME"
        )
    return found


def day_asked(text: str | None, *, today: date) -> date:
    """The day given as 2026-11-25, or today where none was. Raises NotDone for anything else."""
    if text is None:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotDone(f"{text} is not a date. Give year, month and day, such as 2026-11-25.") from None
