"""Django's `migrate`, which here never makes people wait behind it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

from authorities.management.base import NotDone

WAIT = 3  # seconds a statement may wait for a lock: all who come after it wait as long
PAUSE = 2  # seconds between attempts, for those who came after it
ATTEMPTS = 120  # ten minutes: the longest work of the clock is over long before


class Command(migrate.Command):
    """`manage.py migrate`, giving way to whoever holds a table, and trying again until it is free.

    A change of a table waits for everybody who reads it, and everybody who comes later waits behind it: one
    long transaction would stop the service. A migration given up is undone whole; those before it stay.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, each statement waiting WAIT seconds at most."""
        with short_waits(connections[options["database"]], WAIT):
            patiently(lambda: super(Command, self).handle(*args, **options), self._gives_way)

    def _gives_way(self) -> None:
        self.stderr.write("A table that a migration changes is in use. It is left alone and tried again.")
        sleep(PAUSE)


@contextmanager
def short_waits(connection: BaseDatabaseWrapper, seconds: float) -> Iterator[None]:
    """Let no statement of this connection wait longer for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds * 1000:.0f}ms"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def patiently(act: Callable[[], object], give_way: Callable[[], None], attempts: int = ATTEMPTS) -> None:
    """Do what can be done again; where a lock was not free in time, give way and try again."""
    for _ in range(attempts):
        try:
            act()
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            give_way()
    raise NotDone(
        "A table that a migration changes was in use all the time. That migration was not made; those before it were."
        " Find who holds it in pg_stat_activity, then run again: manage.py migrate"
    )
