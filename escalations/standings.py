"""Where awaited answers stand, with the authority's warning counted once for a whole page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from accounts.models import User
from authorities.models import CalendarDay, Policy
from timescales import Standing, WorkingCalendar, days_late
from timescales.words import counted

from . import rules
from .models import Escalation, Response

KINDS = {Standing.OVERDUE: "bad", Standing.DUE_SOON: "warn", Standing.NOT_DUE: "neutral"}


@dataclass(frozen=True)
class Mark:
    """A standing as a screen shows it: the word, the colour's kind, and the working days left or late."""

    label: str
    kind: str
    days: str


@dataclass(frozen=True)
class Standings:
    """Today, the working calendar and the last day that counts as due soon."""

    today: date
    due_soon_until: date
    calendar: WorkingCalendar

    @classmethod
    def on(cls, authority_id: int, today: date) -> "Standings":
        """Read what the authority has decided: two queries, however many answers are then judged."""
        calendar = CalendarDay.objects.working_calendar()
        days = Policy.objects.in_force(authority_id, today).response_due_soon_days
        return cls(today, calendar.add_working_days(today, days), calendar)

    def of(self, due_on: date | None) -> Mark | None:
        """How an answer due that day stands; None when none is awaited."""
        found = rules.standing(due_on, self.today, self.due_soon_until)
        if found is None or due_on is None:
            return None
        return Mark(found.label.capitalize(), KINDS[found], self.days(due_on))

    def days(self, due_on: date) -> str:
        """Working days left or late, in words: "3 working days left", "due today", "1 working day late"."""
        if due_on == self.today:
            return "due today"
        if due_on > self.today:
            return f"{counted(self.calendar.working_days_between(self.today, due_on), 'working day')} left"
        return f"{counted(days_late(due_on, self.today, self.calendar), 'working day')} late"


@dataclass(frozen=True)
class Waiting:
    """One escalation that waits for somebody, how its date stands, and what lower rungs answered."""

    escalation: Escalation
    mark: Mark | None
    below: Sequence[Response] = ()


def marked(rows: Iterable[Escalation], authority_id: int, today: date) -> list[Waiting]:
    """Each escalation with how its date stands; no query at all for an empty list."""
    found = list(rows)
    if not found:
        return []
    standings = Standings.on(authority_id, today)
    return [Waiting(row, standings.of(row.response_due_on)) for row in found]


def waiting_for(user: User, today: date) -> list[Waiting]:
    """What this person is asked to answer, earliest date first: for `escalations/waiting.html`.

    One query when nothing waits, four otherwise. The page that shows it logs the access.
    """
    cards = marked(Escalation.objects.waiting_for(user).with_answers(), user.authority_id, today)
    return [replace(card, below=card.escalation.answers) for card in cards]
