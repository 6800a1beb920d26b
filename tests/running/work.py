"""What people do in a service: each act is sent word for word, again and again, until it is acknowledged."""

import json
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.running.service import FORM, Service, until


@dataclass(frozen=True)
class Act:
    """One write by one person, and the words by which it is found again."""

    kind: str
    uuid: str  # of the review or the escalation
    words: str
    by: str
    path: str
    body: bytes = field(repr=False)
    content_type: str = "application/json"
    done_is: int = 200  # the status that acknowledges it


def booking(review: str) -> Act:
    """The IRO books a review in a browser."""
    day = date.today() + timedelta(days=2)
    parts = {"day": day.day, "month": day.month, "year": day.year}
    body = urlencode({f"booked_for_on_{part}": value for part, value in parts.items()}).encode()
    return Act("booked", review, day.isoformat(), "iro", f"/reviews/{review}/book/", body, FORM, 302)


def red_record(review: str) -> Act:
    """The IRO records a review as Red, which raises a concern with the team manager."""
    token = str(uuid4())
    body = {
        "token": token,
        "held_on": (date.today() - timedelta(days=1)).isoformat(),
        "participation": "PN1",
        "discussion": token,
        "rag": "RED",
        "rag_reason": "No school place since April",
        "has_no_decisions": True,
        "follow_up": {"choice": "INFORMAL", "sought": "A school place"},
    }
    return Act("recorded", review, token, "iro", f"/api/v1/reviews/{review}/record/", _json(body))


def acceptance(escalation: str) -> Act:
    """The team manager accepts a concern."""
    submission = str(uuid4())
    body = {
        "submission": submission,
        "position": 0,
        "answer": "ACCEPTED",
        "action": submission,
        "action_due_on": (date.today() + timedelta(days=7)).isoformat(),
    }
    path = f"/api/v1/escalations/{escalation}/respond/"
    return Act("answered", escalation, submission, "team_manager", path, _json(body))


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


@dataclass
class Work:
    """What an IRO and a team manager get done, whatever happens to the service."""

    service: Service
    reviews: list[str]
    done: list[Act] = field(default_factory=list)

    def go_on_through(self, strike: Callable[[], None]) -> None:
        """A turn, another all at once that is struck when its first act is acknowledged, and one more."""
        for act in self._turn():
            self.do(act)
        with ThreadPoolExecutor() as people:
            under_way = [people.submit(self.do, act) for act in self._turn()]
            wait(under_way, return_when=FIRST_COMPLETED)
            strike()
        for each in under_way:
            each.result()
        for act in self._turn():
            self.do(act)

    def do(self, act: Act) -> None:
        """Send it until it is acknowledged."""
        until(partial(self._is_taken, act), str(act))
        self.done.append(act)

    def acknowledged(self, kind: str) -> list[list[str]]:
        """The uuids and words of all acts of this kind."""
        return sorted([act.uuid, act.words] for act in self.done if act.kind == kind)

    def _turn(self) -> list[Act]:
        concerns = until(self._concerns, "a concern to answer")
        return [booking(self.reviews.pop()), red_record(self.reviews.pop()), acceptance(concerns[0])]

    def _concerns(self) -> list[str]:
        answer = self.service.ask("/api/v1/escalations/?waiting=me", by="team_manager")
        return [row["uuid"] for row in json.loads(answer.body)["results"]] if answer.status == 200 else []

    def _is_taken(self, act: Act) -> bool:
        """A crash may leave it without an answer or with an error, but never refused."""
        status = self.service.ask(act.path, by=act.by, body=act.body, content_type=act.content_type).status
        assert not 400 <= status < 500, f"{act} was refused with {status}"
        return status == act.done_is
