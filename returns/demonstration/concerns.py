"""Concerns on the ladder: what every Amber and Red review led to, and some at each rung today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid5

from django.utils.timezone import localdate

from accounts.models import User
from duties.kinds import PROMISE, RESPONSE
from duties.models import Duty
from duties.rules import MOVED_UP, RESOLVED
from duties.services import Owed, unsaved
from escalations.models import Escalation, Response, Stage, Step
from reviews.models import EscalationReview, LeftUnescalated, Review
from timescales import ACTION_PROMISED, STAGE_ANSWER

from . import words
from .children import Story, key
from .history import History, Scene, named, rate

LEFT_SHARE = 0.12
TOP_SHARES = [68, 20, 7, 3, 2]  # how far up concerns that ended had gone, in a hundred
SETTLED_AFTER = 30  # days: older ones have ended


@dataclass(frozen=True)
class Rise:
    """How far up a concern has come: working days ago each rung opened, the last one's answer, and its team."""

    opened: tuple[int, ...]
    answer: str = ""
    team: str = "North"


# What stands open today. The first five are for the team manager and the IRO who have a login.
OPEN_NOW = (
    Rise((2,)),
    Rise((4,)),
    Rise((9,)),
    Rise((6,), "ACCEPTED"),
    Rise((5,), "CONTESTED"),
    Rise((9, 2)),
    Rise((14, 7), team="South"),
    Rise((13, 8, 3), team="East"),
    Rise((18, 13, 8, 3), team="West"),
    Rise((24, 19, 14, 9, 4), team="South"),
    Rise((12, 6), "PART_ACCEPTED", team="East"),
    Rise((3,), team="West"),
)


@dataclass
class Concerns:
    """Everything to be written about concerns."""

    escalations: list[Escalation] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    links: list[EscalationReview] = field(default_factory=list)
    left: list[LeftUnescalated] = field(default_factory=list)


def raise_all(scene: Scene, histories: list[History]) -> Concerns:
    """The concerns that stand open now, then what every other Amber and Red review led to."""
    concerns = Concerns()
    stages = list(scene.place.ladder.stages.order_by("position"))
    taken = set(_open_now(scene, histories, stages, concerns))
    for history in histories:
        for review in history.held:
            if review.rag_reason and review.uuid not in taken:
                _follow_up(scene, history.story, review, stages, concerns)
    return concerns


def _open_now(scene: Scene, histories: list[History], stages: list[Stage], concerns: Concerns) -> Iterator[object]:
    used: set[int] = set()
    for number, rise in enumerate(OPEN_NOW):
        days = [scene.calendar.subtract_working_days(scene.on, ago) for ago in rise.opened]
        history = next(_fitting(scene, histories, rise.team, days[0], used))
        used.add(history.story.number)
        review = _last_before(history, days[0])
        if not review.rag_reason:
            rate(scene, review, "RED" if number % 4 == 3 else "AMBER")
        yield review.uuid
        rungs = list(zip(stages, days, strict=False))
        concern = _Concern(scene, history.story, review, concerns)
        concern.climb(rungs)
        if rise.answer:
            concern.answer(rise.answer, scene.calendar.subtract_working_days(scene.on, 1))


def _fitting(scene: Scene, histories: Iterable[History], team: str, day: date, used: set[int]) -> Iterator[History]:
    """Children of the team, in North those of the IRO who has a login, reviewed here by that day."""
    for history in histories:
        story = history.story
        wanted = story.iro == scene.place.iros[0] if team == "North" else story.iro is not None
        is_free = story.number not in used and story.care_to is None and story.team == team
        if wanted and is_free and _last_before(history, day):
            yield history


def _last_before(history: History, day: date) -> Review:
    before = [r for r in history.held if r.held_on and r.held_on <= day and r.source == Review.Source.RECORDED]
    return before[-1] if before else None  # type: ignore[return-value]  # callers ask only where there is one


def _follow_up(scene: Scene, story: Story, review: Review, stages: list[Stage], concerns: Concerns) -> None:
    """What one Amber or Red review led to: left with a reason, or raised, and ended unless it is recent."""
    opened = review.held_on or scene.on
    if scene.rng.random() < LEFT_SHARE:
        concerns.left.append(_left(scene, story, review, opened))
        return
    top = scene.rng.choices(range(len(stages)), TOP_SHARES)[0]
    days = [scene.calendar.add_working_days(opened, 6 * rung) for rung in range(top + 1)]
    concern = _Concern(scene, story, review, concerns)
    rungs = [(stage, day) for stage, day in zip(stages, days, strict=False) if day < scene.on]
    concern.climb(rungs)
    answered = scene.calendar.add_working_days(rungs[-1][1], scene.rng.choice([1, 2, 3, 3, 4, 5, 7]))
    ended = scene.calendar.add_working_days(answered, scene.rng.randint(1, 5))
    has_ended = ended < scene.on
    if answered < scene.on:
        concern.answer(scene.rng.choices(["ACCEPTED", "PART_ACCEPTED", "CONTESTED"], [70, 20, 10])[0], answered)
    if has_ended or (story.care_to and story.care_to < scene.on):
        concern.resolve(min(ended, scene.on - timedelta(days=1)))


def _left(scene: Scene, story: Story, review: Review, on: date) -> LeftUnescalated:
    return LeftUnescalated(
        authority=scene.place.authority,
        child=story.child,
        review=review,
        reason=words.said(scene.rng, words.LEFT, story.child.given_name, story.child.sex),
        left_at=scene.moment(on),
        left_by=_raiser(scene, story),
    )


def _raiser(scene: Scene, story: Story) -> User:
    return story.iro or scene.place.people["IRO_MANAGER"]


class _Concern:
    """One concern as its rows are put together."""

    def __init__(self, scene: Scene, story: Story, review: Review, concerns: Concerns) -> None:
        self.scene, self.story, self.review, self.concerns = scene, story, review, concerns
        self.by = _raiser(scene, story)
        self.shared = {"authority": scene.place.authority, "child": story.child}

    def said(self, choices: list[str] | str) -> str:
        return words.said(self.scene.rng, choices, self.story.child.given_name, self.story.child.sex)

    def climb(self, rungs: list[tuple[Stage, date]]) -> None:
        """Raise it, and move it up rung by rung; the last rung waits for its answer."""
        stage, raised_on = rungs[0]
        at = self.scene.moment(raised_on)
        self.escalation = Escalation(
            uuid=key(self.scene.rng),
            ladder=self.scene.place.ladder,
            concern=self.review.rag_reason,
            sought=self.said(words.SOUGHT),
            stage=rungs[-1][0],
            raised_on=raised_on,
            raised_at=at,
            raised_by=self.by,
            **self.shared,
        )
        self.concerns.escalations.append(self.escalation)
        self.concerns.links.append(
            EscalationReview(
                escalation=self.escalation, review=self.review, is_origin=True, linked_at=at, linked_by=self.by,
                **self.shared,
            )
        )  # fmt: skip
        for number, (stage, day) in enumerate(rungs):
            self._open(stage, day, "" if number == 0 else self.said(words.MOVED_UP))

    def _open(self, stage: Stage, day: date, reason: str) -> None:
        at = self.scene.moment(day) if reason else self.escalation.raised_at
        if reason:
            self._close(at, MOVED_UP)
        self.step = Step(
            escalation=self.escalation,
            stage=stage,
            opened_on=day,
            opened_at=at,
            opened_by=self.by,
            reason=reason,
            duty=self._owed(stage, day),
            **self.shared,
        )
        self.concerns.steps.append(self.step)

    def _owed(self, stage: Stage, day: date) -> Duty:
        owed = Owed(
            kind=RESPONSE.code,
            authority_id=self.scene.place.authority.pk,
            child_id=self.story.child.pk,
            rule=STAGE_ANSWER.code,
            runs_from_on=day,
            allowed=stage.working_days,
            owed_by_roles=tuple(stage.responder_roles),
            not_owed_by=self.by,
            about=self.escalation.uuid,
        )
        return named(unsaved(owed, self.scene.clock), uuid5(self.escalation.uuid, str(stage.position)))

    def _close(self, at: datetime, reason: str) -> None:
        self.step.closed_at, self.step.closed_by = at, self.by
        duty = self.step.duty
        if duty.met_on is None:
            duty.closed_on, duty.closed_reason = localdate(at), reason
            duty.closed_at, duty.closed_by = at, self.by

    def answer(self, answer: str, on: date) -> None:
        """Answer the last rung."""
        promises, by = answer != "CONTESTED", self.scene.calendar.add_working_days(on, 10)
        self.step.duty.met_on = on
        reasons: dict[str, list[str] | str] = {"CONTESTED": words.CONTESTED, "PART_ACCEPTED": words.PARTLY}
        self.concerns.responses.append(
            Response(
                step=self.step,
                answer=answer,
                action=self.said(words.ACTIONS) if promises else "",
                action_due_on=by if promises else None,
                duty=self._promise(on, by) if promises else None,
                reason=self.said(reasons[answer]) if answer in reasons else "",
                responded_on=on,
                responded_at=self.scene.moment(on),
                responded_by=self.scene.place.responder(self.step.stage.responder_roles[0], self.story.team),
                submission=key(self.scene.rng),
                **self.shared,
            )
        )

    def _promise(self, on: date, by: date) -> Duty:
        owed = Owed(
            kind=PROMISE.code,
            authority_id=self.scene.place.authority.pk,
            child_id=self.story.child.pk,
            rule=ACTION_PROMISED.code,
            runs_from_on=on,
            allowed=(by - on).days,
            owed_by=self.scene.place.responder(self.step.stage.responder_roles[0], self.story.team),
            about=self.escalation.uuid,
        )
        return named(unsaved(owed, self.scene.clock), uuid5(self.escalation.uuid, f"promise {on}"))

    def _keep(self, response: Response) -> None:
        """What was promised is done by its day, where that has come."""
        duty = response.duty
        if duty is not None and duty.due_on and duty.due_on < self.scene.on:
            duty.met_on = duty.due_on
            response.ended_words = "The IRO saw it done."
            response.ended_at, response.ended_by = self.scene.moment(duty.due_on), self.by

    def resolve(self, on: date) -> None:
        """End it in the IRO's words."""
        at = self.scene.moment(on)
        for response in self.concerns.responses:
            if response.step.escalation is self.escalation:
                self._keep(response)
        self._close(at, RESOLVED)
        self.escalation.status = Escalation.Status.RESOLVED
        self.escalation.resolution = self.said(words.RESOLVED)
        self.escalation.resolved_at, self.escalation.resolved_by = at, self.by
