"""What is late or at risk about one child, whose move each is, what comes next, and what nobody knows.

"Nothing is late" is a statement about a child's safety. It is made only where nothing stands in `late`, and never of
what its reader may not see.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F
from django.urls import reverse

from accounts.roles import called
from accounts.viewers import Viewer
from children.models import Allocation, Child
from duties import kinds
from duties.cells import how_late, title
from duties.kinds import RESPONSE
from duties.models import Duty
from duties.rules import REVIEWED_SINCE, is_planned_too_late, is_to_arrange
from escalations.models import Escalation
from escalations.permissions import people_round
from reviews.models import Decision, Review
from reviews.rules import RAG_NEEDING_REASON
from screens.cells import day
from timescales import WorkingCalendar

from .days import days_left


@dataclass(frozen=True)
class Risk:
    """One thing: what it is, what is said of it, whose move it is, and where it is dealt with."""

    what: str
    said: str
    url: str
    whose: str = ""


@dataclass(frozen=True)
class Risks:
    """All of it for one reader. `may_read` is whether they read what the child's record says."""

    may_read: bool
    late: list[Risk] = field(default_factory=list)
    coming: list[Risk] = field(default_factory=list)
    not_known: list[Risk] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """What may be said of the child to this reader."""
        if self.late:
            return "What is late or at risk"
        return "Nothing is late." if self.may_read else "No review is late."


def risks(child: Child, *, viewer: Viewer, may_read: bool, calendar: WorkingCalendar) -> Risks:
    """What is late or at risk, what comes next and what is not known, as this person may read it."""
    look = _Look(child, viewer, may_read, calendar)
    return Risks(may_read, list(look.late()), list(look.coming()), list(look.not_known()))


@dataclass(frozen=True)
class _Look:
    """One child looked at by one person."""

    child: Child
    viewer: Viewer
    may_read: bool
    calendar: WorkingCalendar

    @property
    def today(self) -> date:
        return self.viewer.on

    @cached_property
    def duties(self) -> list[Duty]:
        """Everything open that this person may know of, the earliest due first."""
        mine = Duty.objects.visible_to(self.viewer).of(self.child.pk).open().by_due()
        return list(mine.select_related("owed_by", "review", "decision", "step__stage"))

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Who works with the child, by role."""
        return people_round(self.child)

    def late(self) -> Iterator[Risk]:
        """What is past its date or will be, what the IRO worries about, and a child without an IRO."""
        for duty in self.duties:
            # an answer is told of with its concern
            if duty.kind != RESPONSE.code and (said := self._late(duty)):
                yield Risk(title(duty), said, _page(duty), self._whose(duty))
        if self.may_read:
            yield from self._rating()
            yield from self._concerns()
        yield from self._no_iro()

    def coming(self) -> Iterator[Risk]:
        """What is due soon, and not late."""
        for duty in self.duties:
            is_soon = duty.due_on and duty.due_soon_on and duty.due_soon_on <= self.today <= duty.due_on
            if is_soon and duty.kind != RESPONSE.code and not self._late(duty):
                booked = f", booked for {day(duty.planned_for_on)}" if duty.planned_for_on else ""
                yield Risk(title(duty), f"due by {day(duty.due_on)}{booked}.", _page(duty), self._whose(duty))

    def not_known(self) -> Iterator[Risk]:
        """Dates nobody can work out, and decisions the last review passed over."""
        for duty in self.duties:
            if duty.due_on is None:
                said = "the due date is not known, because earlier history is not held here."
                yield Risk(title(duty), said, _page(duty), self._whose(duty))
        for decision in self._passed_over():
            said = f"nobody has said whether it was done by {day(decision.duty.due_on)}; reviewed since."
            yield Risk(decision.text, said, reverse("reviews:decision", args=[decision.uuid]), decision.owner)

    def _late(self, duty: Duty) -> str:
        if duty.due_on is None:
            return ""
        if duty.due_on < self.today:
            return f"overdue since {day(duty.due_on)}, {how_late(duty.due_on, self.today, self.calendar)}."
        if is_planned_too_late(duty.planned_for_on, duty.due_on, self.today):
            return f"booked for {day(duty.planned_for_on)}, after its due date, {day(duty.due_on)}."
        if is_to_arrange(duty.planned_for_on, duty.plan_by_on, self.today):
            return f"not booked, and due by {day(duty.due_on)}."
        return ""

    def _whose(self, duty: Duty) -> str:
        """Who owes it, by name: never the child."""
        if duty.owed_by:
            return str(duty.owed_by)
        posts = self._posts(duty.owed_by_roles)
        named = {name.casefold() for role in duty.owed_by_roles for name in self.names.get(role, ())}
        known = named | {called(role).casefold() for role in duty.owed_by_roles}
        if not duty.owed_by_words or duty.owed_by_words.casefold() in known:
            return posts
        return f"{duty.owed_by_words}; {posts} answers for it" if posts else duty.owed_by_words

    def _posts(self, roles: Iterable[str]) -> str:
        return " or ".join(self._post(role) for role in roles)

    def _post(self, role: str) -> str:
        held = " or ".join(self.names.get(role, ()))
        return f"{held}, {called(role)}" if held else f"{called(role)} (nobody in post)"

    def _rating(self) -> Iterator[Risk]:
        """The rating that stands: the last one given, where it is Amber or Red."""
        rated = Review.objects.filter(child=self.child).exclude(rag="").order_by(F("held_on").desc(), "-pk").first()
        if rated and rated.rag in RAG_NEEDING_REASON:
            said = f"given at the review of {day(rated.held_on)}. {rated.rag_reason}"
            url = reverse("reviews:review", args=[rated.uuid])
            yield Risk(f"Rated {rated.get_rag_display()}", said, url, self._post("IRO"))

    def _concerns(self) -> Iterator[Risk]:
        rows: Any = Escalation.objects.open().filter(child=self.child).select_related("stage").by_due()
        for row in rows:
            url = reverse("escalations:escalation", args=[row.uuid])
            what = f"Concern {row.reference} at {row.stage.name}"
            if row.response_due_on is None:
                yield Risk(what, "open: its answer has come and has to be acted on.", url, self._post("IRO"))
            elif row.response_due_on < self.today:
                left = days_left(row.response_due_on, self.today, self.calendar)
                said = f"the answer was due by {day(row.response_due_on)}, {left}."
                yield Risk(what, said, url, self._posts(row.stage.responder_roles))
            else:
                said = f"open: an answer is due by {day(row.response_due_on)}."
                yield Risk(what, said, url, self._posts(row.stage.responder_roles))

    def _no_iro(self) -> Iterator[Risk]:
        if not self.names.get(Allocation.Kind.IRO) and self.child.care_periods.open().exists():
            url = reverse("children:people", args=[self.child.uuid])
            yield Risk("IRO", "none is allocated.", url, self._post("IRO_MANAGER"))

    def _passed_over(self) -> list[Decision]:
        """What the last review closed without a word of whether it was done."""
        if not self.may_read:
            return []
        last = Review.objects.filter(child=self.child).last_held_on()
        passed = Decision.objects.of_child(self.child.pk).with_duties().never_said()
        return list(passed.filter(duty__closed_reason=REVIEWED_SINCE, duty__closed_on=last)) if last else []


def _page(duty: Duty) -> str:
    """Where it is worked on; its working where its kind is gone from the table or it has no page."""
    kind = kinds.find(duty.kind)
    if kind is None or duty.about is None:
        return reverse("duties:duty", args=[duty.uuid])
    return reverse(kind.page, args=[duty.about])
