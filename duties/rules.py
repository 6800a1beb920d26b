"""The dates of a duty worked out from plain values, and what makes one late, to be arranged or planned too late."""

from dataclasses import asdict, dataclass
from datetime import date

from timescales import OutsideCalendar, Rule, Unit, WorkingCalendar, due_on

from .kinds import Margins

CARE_ENDED = "Care ended"
REVIEWED_SINCE = "Reviewed since"
NO_LONGER_RIGHT = "No longer right"
NO_LONGER_NEEDED = "No longer needed"
MOVED_UP = "Moved up"
RESOLVED = "Resolved"
WITHDRAWN = "Withdrawn by a return"
KNOWN_NOW = "Known now"
# Why a duty may have stopped being owed although nobody decided it: facts closed it.
NOBODY_DECIDED = (CARE_ENDED, REVIEWED_SINCE, WITHDRAWN, KNOWN_NOW)


@dataclass(frozen=True)
class Dates:
    """The stored dates of a duty; all None where nothing is known for a limit to run from."""

    due_on: date | None = None
    last_safe_on: date | None = None  # the last working day on or before it
    act_by_on: date | None = None  # best done by then
    plan_by_on: date | None = None  # to be planned by then; None: not planned
    due_soon_on: date | None = None  # due soon from then on
    tell_from_on: date | None = None  # nobody is told of anything before then; None: nobody is told

    def columns(self) -> dict[str, date | None]:
        """The columns of a row."""
        return asdict(self)


STORED_DATES = tuple(Dates().columns())


def work_out(rule: Rule, runs_from_on: date, margins: Margins, calendar: WorkingCalendar, *, is_told: bool) -> Dates:
    """When a duty under this rule is due, and the days before that.

    `margins` are those in force; `is_told` whether anybody is told of this kind. Raises OutsideCalendar, but for a
    day that people agreed: such a day stands, however far away, and the days before it cannot be counted.
    """
    limit = due_on(rule, runs_from_on, calendar)
    try:
        return _around(rule, runs_from_on, limit, margins, calendar, is_told=is_told)
    except OutsideCalendar:
        if not (rule.is_set_each_time and rule.unit is Unit.CALENDAR_DAYS):
            raise
        return Dates(limit, limit, limit, None, limit, limit if is_told else None)


def _around(
    rule: Rule, runs_from_on: date, limit: date, margins: Margins, calendar: WorkingCalendar, *, is_told: bool
) -> Dates:
    last_safe_on = calendar.last_working_day_on_or_before(limit)
    act_by_on = min(last_safe_on, calendar.subtract_working_days(limit, margins.act_before.days))
    due_soon_on = calendar.subtract_working_days(limit, margins.due_soon.days)
    if not rule.is_booked:
        due_soon_on = max(runs_from_on, due_soon_on)
    plan_by_on = _plan_by(runs_from_on, limit, margins, calendar)
    first = min(filter(None, (due_soon_on, plan_by_on)))
    return Dates(limit, last_safe_on, act_by_on, plan_by_on, due_soon_on, first if is_told else None)


def _plan_by(runs_from_on: date, limit: date, margins: Margins, calendar: WorkingCalendar) -> date | None:
    if margins.plan_after is not None:
        return min(calendar.add_working_days(runs_from_on, margins.plan_after.days), limit)
    if margins.plan_before is not None:
        return calendar.subtract_working_days(limit, margins.plan_before.days)
    return None


def is_to_arrange(planned_for_on: date | None, plan_by_on: date | None, on: date) -> bool:
    """Whether a duty that should be planned by now is not; late ones too, for they are still to be arranged."""
    return planned_for_on is None and plan_by_on is not None and plan_by_on <= on


def is_planned_too_late(planned_for_on: date | None, due_on: date | None, on: date) -> bool:
    """Whether it is planned for a day after its due date, while that can still be mended."""
    return bool(planned_for_on and due_on and on <= due_on < planned_for_on)
