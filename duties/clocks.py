"""What dates a duty: the authority's policy and the working calendar, read once however many are dated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from authorities.models import CalendarDay, Policy
from timescales import NOT_KNOWN, WorkingCalendar

from . import rules
from .kinds import find
from .models import Duty


@dataclass(frozen=True)
class Clock:
    """The policy in force on a day and England's working days, with what was worked out from them already."""

    policy: Policy
    calendar: WorkingCalendar
    known: dict[tuple[str, str, date | None, int | None], rules.Dates] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, authority_id: int, on: date) -> Self:
        """As an authority's policy of that day and the calendar say: two queries."""
        return cls(Policy.objects.in_force(authority_id, on), CalendarDay.objects.working_calendar())

    def dates(self, kind: str, rule: str, runs_from_on: date | None, allowed: int | None = None) -> rules.Dates:
        """The stored dates of a duty of this kind under this rule.

        None for NOT_KNOWN or without a day to run from. `allowed` is the amount where each duty has its own. Raises
        KeyError for a kind or a rule the table does not have, OutsideCalendar.
        """
        key = (kind, rule, runs_from_on, allowed)
        if key not in self.known:
            self.known[key] = self._work_out(kind, rule, runs_from_on, allowed)
        return self.known[key]

    def moving(self, duties: Iterable[Duty]) -> Iterator[tuple[Duty, rules.Dates]]:
        """Of these duties, those whose stored dates it works out anew, each with its new ones; nothing is changed.

        One whose kind or rule the table has no more keeps its dates.
        """
        for duty in duties:
            kind = find(duty.kind)
            if kind is None or kind.rule(duty.rule) is None:
                continue
            dates = self.dates(duty.kind, duty.rule, duty.runs_from_on, duty.allowed)
            if any(getattr(duty, name) != day for name, day in dates.columns().items()):
                yield duty, dates

    def _work_out(self, kind: str, rule: str, runs_from_on: date | None, allowed: int | None) -> rules.Dates:
        if rule == NOT_KNOWN or runs_from_on is None:
            return rules.Dates()
        found = find(kind)
        limit = found.rule(rule) if found else None
        if found is None or limit is None:
            raise KeyError(f"{kind} {rule}")
        limit = limit.of(allowed)
        margins = found.margins[limit.unit].under(self.policy.margins)
        return rules.work_out(limit, runs_from_on, margins, self.calendar, is_told=bool(found.notices))
