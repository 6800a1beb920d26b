"""The next move on one escalation for whoever looks at it: one button, other ways as links, or whom to wait for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.viewers import Viewer
from escalations import permissions
from escalations.models import Escalation, Response, Stage, Step
from escalations.rules import ACCEPTED
from screens.cells import day
from screens.components import Link


@dataclass(frozen=True)
class NextMove:
    """What to read, what to press, and what else may be done."""

    words: str
    button: Link | None = None
    others: Sequence[Link] = ()


def open_step(escalation: Escalation) -> Step | None:
    """The rung it stands on, from the steps already fetched; None once resolved."""
    return next((step for step in escalation.steps.all() if step.closed_at is None), None)


def promised(escalation: Escalation) -> list[Response]:
    """The answers whose promise is still owed, from the steps already fetched."""
    return [said for said in escalation.answers if said.duty is not None and said.duty.is_open]


def next_move(viewer: Viewer, escalation: Escalation, asked: str) -> NextMove:
    """Decide it: the one asked answers; the IRO resolves or moves up; everybody else waits."""
    step = open_step(escalation)
    if step is None:
        left = "What was promised is still to be done." if promised(escalation) else "Nothing is left to do."
        return NextMove(f"This concern is resolved. {left}")
    is_awaited = step.duty.is_open
    if is_awaited and permissions.may_answer(viewer, step):
        return NextMove(
            f"You are asked to answer by {day(step.duty.due_on)}.", _link("Answer this concern", "respond", step)
        )
    words = _awaited(step, asked, viewer.on) if is_awaited else _answered(step)
    if not permissions.may_escalate(viewer, escalation.child):
        return NextMove(words)
    resolving, moving = _link("Resolve", "resolve", step), _link("Move up", "move_up", step)
    links = [moving, resolving] if stages_above(escalation, escalation.stage.position) else [resolving]
    if not is_awaited and step.response.answer == ACCEPTED:
        links.reverse()
    if is_awaited and step.duty.due_on and viewer.on <= step.duty.due_on:
        return NextMove(words, None, links)
    return NextMove(words, links[0], links[1:])


def stages_above(escalation: Escalation, position: int) -> list[Stage]:
    """The rungs of its ladder above a position, lowest first."""
    stages = sorted(escalation.ladder.stages.all(), key=lambda stage: stage.position)
    return [stage for stage in stages if stage.position > position]


def _awaited(step: Step, asked: str, today: date) -> str:
    if step.duty.due_on and today > step.duty.due_on:
        return f"The {asked} was asked to answer by {day(step.duty.due_on)} and has not."
    return f"The {asked} is asked to answer by {day(step.duty.due_on)}."


def _answered(step: Step) -> str:
    said = step.response.get_answer_display().lower()
    return (
        f"{step.response.responded_by} answered on {day(step.response.responded_on)}: {said}. The move is the IRO's."
    )


def _link(label: str, name: str, step: Step) -> Link:
    return Link(label, reverse(f"escalations:{name}", args=[step.escalation.uuid]))
