"""Two people at once: the second act begins while the first holds its transaction open, and no clock decides.

The first act is done in a transaction that stays open; the second begins on a connection of its own; and only when
the database itself shows the second waiting for the first, or the second has come to its end without, does the first
commit. Nothing is slept through and nothing is left to chance.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from timescales.refusals import Refused

LOOK_EVERY = 0.02  # seconds between two looks at who waits for whom
PATIENCE = 180.0  # seconds until a test that hangs is said to have failed; nothing is timed by it


@dataclass(frozen=True)
class Outcome:
    """What came of one act: its result, or the refusal its person was told."""

    result: Any = None
    refusal: Refused | None = None


@dataclass(frozen=True)
class Both:
    """What came of two acts at once, and whether the second had to wait for the first."""

    first: Outcome
    second: Outcome
    has_waited: bool


def at_once(first: Callable[[], Any], second: Callable[[], Any]) -> Both:
    """Do both, the second beginning while the first is not yet committed. For tests with real transactions."""
    has_acted, may_end = Event(), Event()
    connections: SimpleQueue[int] = SimpleQueue()

    def hold_open() -> Any:
        try:
            with transaction.atomic():
                connections.put(_own_connection())
                result = first()
                has_acted.set()
                assert may_end.wait(PATIENCE), "The second act came to no end"
                return result
        finally:
            has_acted.set()
            connection.close()

    def follow() -> Any:
        try:
            connections.put(_own_connection())
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        try:
            earlier = pool.submit(hold_open)
            earlier_connection = connections.get(timeout=PATIENCE)
            assert has_acted.wait(PATIENCE), "The first act came to no end"
            later = pool.submit(follow)
            has_waited = _waits(later, connections.get(timeout=PATIENCE), earlier_connection)
        finally:
            may_end.set()
        return Both(_outcome(earlier), _outcome(later), has_waited)


def _own_connection() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    return pid


def _waits(act: "Future[Any]", waiting: int, holding: int) -> bool:
    """True once the database shows one connection waiting for the other, False once the act is over without."""
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s = ANY(pg_blocking_pids(%s))", [holding, waiting])
            if cursor.fetchone()[0]:
                return True
        if wait([act], timeout=LOOK_EVERY).done:
            return False
    pytest.fail("The second act neither waited for the first nor came to an end")


def _outcome(act: "Future[Any]") -> Outcome:
    try:
        return Outcome(result=act.result(PATIENCE))
    except Refused as refusal:
        return Outcome(refusal=refusal)
