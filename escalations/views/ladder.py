"""The ladder of one escalation as its page draws it: each rung, and the formal days used."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from escalations.models import Escalation, Response, Stage, Step
from escalations.standings import Mark, Standings
from screens.cells import status_tag
from timescales import FORMAL_RESOLUTION, days_late
from timescales.words import counted


@dataclass(frozen=True)
class Rung:
    """One rung: not reached, left out, or reached, with who was asked and what they said."""

    stage: Stage
    step: Step | None
    response: Response | None
    is_current: bool
    is_left_out: bool
    asked: str
    mark: Mark | None


@dataclass(frozen=True)
class FormalDays:
    """Working days used of those the formal stages may take, from the first formal step."""

    used: int
    limit: int
    ends_on: date

    @property
    def is_over(self) -> bool:
        """More than the guidance allows."""
        return self.used > self.limit

    @property
    def shown(self) -> int:
        """What the bar is filled to."""
        return min(self.used, self.limit)


def draw(escalation: Escalation, asked: str, standings: Standings) -> list[Rung]:
    """Every rung of the ladder, lowest first."""
    steps = {step.stage_id: step for step in escalation.steps.all()}
    stages = sorted(escalation.ladder.stages.all(), key=lambda stage: stage.position)
    return [_rung(escalation, stage, steps.get(stage.pk), asked, standings) for stage in stages]


def formal_days(escalation: Escalation, standings: Standings) -> FormalDays | None:
    """The formal part so far, up to today or the day it was resolved; None while it is informal."""
    began = min((step.opened_on for step in escalation.steps.all() if step.stage.is_formal), default=None)
    if began is None:
        return None
    until = resolved_on(escalation) or standings.today
    return FormalDays(
        used=standings.calendar.working_days_between(began, until),
        limit=FORMAL_RESOLUTION.amount,
        ends_on=standings.calendar.add_working_days(began, FORMAL_RESOLUTION.amount),
    )


def resolved_on(escalation: Escalation) -> date | None:
    """The local day it was resolved."""
    return localdate(escalation.resolved_at) if escalation.resolved_at else None


def _rung(escalation: Escalation, stage: Stage, step: Step | None, asked: str, standings: Standings) -> Rung:
    response = getattr(step, "response", None)
    is_current = stage.pk == escalation.stage_id and escalation.status == Escalation.Status.OPEN
    is_asked = is_current and response is None
    return Rung(
        stage=stage,
        step=step,
        response=response,
        is_current=is_current,
        is_left_out=step is None and stage.position < escalation.stage.position,
        asked=asked if is_asked else stage.role_name,
        mark=_mark(step, response, is_asked, standings),
    )


def _mark(step: Step | None, response: Response | None, is_asked: bool, standings: Standings) -> Mark | None:
    if step is None:
        return None
    if response is not None:
        late = days_late(_due_on(step), response.responded_on, standings.calendar)
        words = f"{counted(late, 'working day')} late" if late else "in time"
        return Mark(status_tag("Answered late", "warn") if late else status_tag("Answered", "good"), words)
    if is_asked:
        return standings.of(step.duty.due_on, step.duty.due_soon_on)
    return Mark(status_tag("Not answered"), "")


def _due_on(step: Step) -> date:
    assert step.duty.due_on  # an answer is always due by a day
    return step.duty.due_on
