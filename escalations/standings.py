"""Where awaited answers stand, with the calendar read once for a whole page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from accounts.viewers import Viewer
from authorities.models import CalendarDay
from duties.cells import days_left, standing_tag, standing_word
from timescales import WorkingCalendar
from timescales.standing import standing

from .models import Escalation, Response, Step


@dataclass(frozen=True)
class Mark:
    """A standing as a screen shows it: its tag, the working days left or late, and its word alone for a file."""

    tag: SafeString
    days: str
    word: str = ""


@dataclass(frozen=True)
class Standings:
    """Today and the working calendar: what it takes to say how far off an answer is."""

    today: date
    calendar: WorkingCalendar

    @classmethod
    def on(cls, today: date) -> "Standings":
        """One query, however many answers are then judged."""
        return cls(today, CalendarDay.objects.working_calendar())

    def of(self, due_on: date | None, due_soon_on: date | None) -> Mark | None:
        """How an answer stands; None when none is awaited."""
        if due_on is None or due_soon_on is None:
            return None
        code = standing(due_on, None, self.today, due_soon_on)
        return Mark(standing_tag(code), days_left(due_on, self.today, self.calendar), standing_word(code))


@dataclass(frozen=True)
class Waiting:
    """One escalation that waits for somebody, how its date stands, and what lower rungs answered."""

    escalation: Escalation
    mark: Mark | None
    below: Sequence[Response] = ()


def marked(rows: Iterable[Escalation], today: date) -> list[Waiting]:
    """Each escalation with how its date stands; no query at all for an empty list."""
    found: list[Any] = list(rows)
    if not found:
        return []
    standings = Standings.on(today)
    return [Waiting(row, standings.of(row.response_due_on, row.response_due_soon_on)) for row in found]


def waiting_for(viewer: Viewer) -> list[Waiting]:
    """What this person is asked to answer, earliest date first: for `escalations/waiting.html`.

    One query when nothing waits, three otherwise. The page that shows it logs the access.
    """
    cards = marked(Escalation.objects.waiting_for(viewer).with_answers(Step.objects.all()), viewer.on)
    return [replace(card, below=card.escalation.answers) for card in cards]
