"""kill -9 of each part of a running service amid work: nothing acknowledged is lost or doubled, nobody told twice."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from onehost import processes
from tests.running.service import Service, started, until
from tests.running.work import Work, red_record


class Blow(NamedTuple):
    """kill -9 of some processes of a part: amid writes, or as soon as a mail is handed over amid them."""

    part: str
    which: slice
    is_at_a_mail: bool = False

    def aimed_at(self, service: Service) -> Callable[[], None]:
        """The blow, ready to fall."""
        victims, before = service.pids(self.part)[self.which], len(service.outbox())

        def fall() -> None:
            if self.is_at_a_mail:
                until(lambda: len(service.outbox()) > before, "a mail", every=0.001)
            for victim in victims:
                processes.send(victim, signal.SIGKILL)

        return fall


# The first process of a part is the one that `make run` watches; it has started the others.
FIRST, LAST, ALL = slice(0, 1), slice(-1, None), slice(None)
BLOWS = [
    Blow("worker", FIRST),
    Blow("worker", ALL, is_at_a_mail=True),
    Blow("web", LAST),
    Blow("web", FIRST),
    Blow("beat", FIRST),
    Blow("redis", FIRST),
    Blow("postgresql", FIRST),
    Blow("postgresql", FIRST, is_at_a_mail=True),
]
# A mail handed over just before one of these dies may not be marked as sent any more. It goes again, as another
# mail where what it tells has changed meanwhile: at most one from each of the worker's two processes.
MARKING = ("worker", "postgresql")
AT_ONCE = 2


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The whole service, which sweeps every second."""
    with started(tmp_path) as running:
        yield running


@pytest.fixture
def work(service: Service) -> Work:
    """An IRO told of every child, and a team manager with two concerns to answer."""
    scene = service.scene("make")
    service.cookies = scene["cookies"]
    service.settled()
    work = Work(service, scene["reviews"])
    for _ in range(2):
        work.do(red_record(work.reviews.pop()))
    return work


def test_kill_9_of_each_part_in_turn_loses_nothing_and_tells_nobody_twice(service: Service, work: Work) -> None:
    unmarked: set[str] = set()
    for blow in BLOWS:
        work.go_on_through(blow.aimed_at(service))
        held, mails = service.settled(), service.mails()
        assert_held_once(held, work)
        assert_alerts_fit(held, work)
        assert held["mails"].items() <= mails.items()
        cut_short = mails.keys() - held["mails"].keys() - unmarked
        assert len(cut_short) <= (AT_ONCE if blow.part in MARKING else 0)
        unmarked |= cut_short


def assert_held_once(held: dict[str, Any], work: Work) -> None:
    """Every acknowledged act is held and noted once, as it was sent, with what follows from it; nothing besides."""
    for kind in ("booked", "recorded", "answered"):
        assert sorted(held[kind]) == work.acknowledged(kind)
        assert held["noted"][kind] == len(held[kind])
    recorded = [review for review, _ in work.acknowledged("recorded")]
    assert sorted(held["followed"]) == recorded
    assert sorted(review for _, review in held["escalated"]) == recorded
    assert held["noted"]["raised"] == len(recorded)


def assert_alerts_fit(held: dict[str, Any], work: Work) -> None:
    """What was booked, recorded or answered is cleared, all else stands, and no alert was ever doubled."""
    answered = {escalation for escalation, _ in work.acknowledged("answered")}
    assert sorted(held["unbooked"]) == sorted(work.reviews)
    assert set(held["unanswered"]) == {escalation for escalation, _ in held["escalated"]} - answered
    assert held["doubled"] == []
