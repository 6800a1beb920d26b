"""A child's story: what happened, as sentences, from the facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from authorities.words import say
from children import codes
from children.models import Allocation, CarePeriod, Child, CorrectedFact, Episode
from duties.rules import CARE_ENDED
from escalations.cells import ANSWERED, COLOURS
from escalations.models import Escalation, Response, Step
from reviews.cells import RAG_COLOURS, SAID_COLOURS
from reviews.models import Correction, Decision, DecisionOutcome, LeftUnescalated, Review
from reviews.rules import PARTICIPATION_CHOICES
from screens.cells import day
from screens.components import Event
from timescales.standing import is_relaxed

KINDS = {
    "care": "Care",
    "reviews": "Reviews",
    "decisions": "Decisions",
    "escalations": "{Escalations}",
    "people": "People",
}
STATUSES = dict(codes.LEGAL_STATUSES)
PLACEMENTS = dict(codes.PLACEMENTS)
ENDINGS = dict(codes.EPISODE_ENDS)
PARTICIPATION = dict(PARTICIPATION_CHOICES)


@dataclass(frozen=True)
class Told:
    """An event of the story and the kind it is filtered by."""

    kind: str
    event: Event

    @property
    def order(self) -> tuple[date, float]:
        """By day, and within a day by the moment where one is known."""
        when = self.event.when
        if isinstance(when, datetime):
            return timezone.localtime(when).date(), when.timestamp()
        return when, 0.0


def story(child: Child, *, may_read: bool, today: date, kind: str = "") -> list[Event]:
    """What happened, newest first, told on a day; what records say only where `may_read`."""
    tellers = {
        "care": lambda: [
            *_care_periods(child),
            *_episodes(child),
            *_corrected_facts(child, CorrectedFact.Kind.EPISODE, may_read=may_read),
        ],
        "reviews": lambda: _reviews(child, may_read=may_read),
        "decisions": lambda: [*_decisions(child), *_outcomes(child)] if may_read else (),
        "escalations": lambda: _escalations(child, today) if may_read else (),
        "people": lambda: [
            *_people(child),
            *_corrected_facts(child, CorrectedFact.Kind.ALLOCATION, may_read=may_read),
        ],
    }
    wanted = [kind] if kind in tellers else list(tellers)
    told = [Told(name, event) for name in wanted for event in tellers[name]()]
    # told in the order things happen, so that of one day the last told is the newest
    return [item.event for item in sorted(told, key=lambda item: item.order)][::-1]


def kinds(*, may_read: bool, words: Mapping[str, str]) -> dict[str, str]:
    """The kinds of events this person is told of, each with its label in the authority's words."""
    return {key: say(KINDS[key], words) for key in (KINDS if may_read else ("care", "reviews", "people"))}


def _care_periods(child: Child) -> Iterator[Event]:
    for period in CarePeriod.objects.filter(child=child):
        yield Event("Became looked after", period.starts_on)
        if period.ends_on:
            reason = ENDINGS.get(period.reason_ended, "")
            yield Event("Stopped being looked after", period.ends_on, f"Reason: {reason}." if reason else "")


def _episodes(child: Child) -> Iterator[Event]:
    for episode in Episode.objects.filter(child=child):
        status = STATUSES.get(episode.legal_status, episode.legal_status)
        placement = PLACEMENTS.get(episode.placement_type, episode.placement_type)
        said = f"Legal status: {status}." + (f" Placement: {placement}." if placement else "")
        yield Event(f"Episode began: {episode.get_reason_started_display()}", episode.starts_on, said)


def _reviews(child: Child, *, may_read: bool) -> Iterator[Event]:
    made = list(Correction.objects.filter(child=child).with_who().select_related("review"))
    yield from (_correction(one, may_read=may_read) for one in made if not one.is_of_all)
    why = {one.review_id: one.reason for one in reversed(made) if one.is_of_all}
    for review in Review.objects.filter(child=child).select_related("recorded_by", "duty__closed_by"):
        url = reverse("reviews:review", args=[review.uuid])
        if review.held_on:
            rating = review.get_rag_display() if may_read else ""
            yield Event(
                f"{review.name} held",
                review.held_on,
                _how_held(review, may_read=may_read),
                by=str(review.recorded_by or ""),
                url=url,
                status=rating,
                kind=RAG_COLOURS.get(review.rag) if rating else None,
            )
        elif (duty := review.duty).closed_at and duty.closed_reason != CARE_ENDED:  # care's end is told already
            said = f"{_ended(duty.closed_reason)} {why.get(review.pk, '')}".strip() if may_read else ""
            yield Event(f"{review} cancelled", duty.closed_at, said, by=str(duty.closed_by or ""), url=url)


def _correction(made: Correction, *, may_read: bool) -> Event:
    """One of a part of a record; why, to who may read it."""
    said = made.reason if may_read or made.kind == Correction.Kind.UNBOOKED else ""
    url = reverse("reviews:review", args=[made.review.uuid])
    title = f"{made.review}: {made.get_kind_display()}"
    return Event(title, made.corrected_at, said, by=str(made.corrected_by), url=url)


def _corrected_facts(child: Child, kind: str, *, may_read: bool) -> Iterator[Event]:
    """Each act that corrected a fact about the child, once for all the rows it changed."""
    acts = {(row.corrected_at, row.corrected_by): row for row in child.corrected_facts.of_kind(kind).with_who()}
    for (at, by), row in acts.items():
        yield Event(f"Corrected: {row.get_kind_display()}", at, row.reason if may_read else "", by=str(by))


def _how_held(review: Review, *, may_read: bool) -> str:
    due_on = review.duty.due_on
    if due_on is None or review.held_on is None:
        said = "No due date is known for it."
    else:
        said = f"{_in_time(review.held_on, due_on, review.duty.rule)}: it was due by {day(due_on)}."
    return f"{said} {PARTICIPATION[review.participation]}." if may_read and review.participation else said


def _in_time(held_on: date, due_on: date, rule: str) -> str:
    if held_on <= due_on:
        return "In time"
    return "Late, in time by the 2020 regulations" if is_relaxed(due_on, rule) else "Late"


def _decisions(child: Child) -> Iterator[Event]:
    for decision in Decision.objects.filter(child=child).select_related("review", "duty"):
        when = decision.review.held_on
        if when:
            said = f"Done when: {_ended(decision.outcome)} {decision.owner}, by {day(decision.duty.due_on)}."
            yield Event(
                f"Decided: {decision.text}", when, said, url=reverse("reviews:decision", args=[decision.uuid])
            )


def _outcomes(child: Child) -> Iterator[Event]:
    said = DecisionOutcome.objects.filter(child=child).of_its_child()
    for outcome in said.with_people().select_related("decision"):
        done = f"Done on {day(outcome.done_on)}. " if outcome.done_on else ""
        yield Event(
            f"Said of a decision: {outcome.decision.text}",
            outcome.said_at,
            f"{done}{outcome.proof}",
            by=str(outcome.said_by),
            url=reverse("reviews:decision", args=[outcome.decision.uuid]),
            status=outcome.get_said_display(),
            kind=SAID_COLOURS[outcome.said],
        )


def _escalations(child: Child, today: date) -> Iterator[Event]:
    for escalation in Escalation.objects.filter(child=child).select_related("raised_by", "resolved_by"):
        url = reverse("escalations:escalation", args=[escalation.uuid])
        if escalation.resolved_at:
            yield Event(
                f"Concern {escalation.reference} resolved", escalation.resolved_at, escalation.resolution,
                by=str(escalation.resolved_by or ""), url=url, status="Resolved", kind="good",
            )  # fmt: skip
    yield from _steps(child, today)
    yield from _responses(child)
    yield from _left(child)


def _left(child: Child) -> Iterator[Event]:
    for left in LeftUnescalated.objects.filter(child=child).select_related("review", "left_by"):
        name = str(left.review)
        title = f"No concern raised after the {name[:1].lower()}{name[1:]}"
        url = reverse("reviews:review", args=[left.review.uuid])
        yield Event(title, left.left_at, left.reason, by=str(left.left_by), url=url)


def _steps(child: Child, today: date) -> Iterator[Event]:
    """Each rung reached; the first is the concern itself, raised in the same act."""
    for step in Step.objects.filter(child=child).select_related("stage", "opened_by", "escalation", "duty"):
        url = reverse("escalations:escalation", args=[step.escalation.uuid])
        is_first = step.opened_at == step.escalation.raised_at
        said = f"{_ended(step.escalation.concern if is_first else step.reason)} {_answer_by(step, today)}".strip()
        reached = "raised at" if is_first else "moved up to"
        title = f"Concern {step.escalation.reference} {reached} {step.stage.name}"
        yield Event(title, step.opened_at, said, by=str(step.opened_by), url=url)


def _answer_by(step: Step, today: date) -> str:
    """By when an answer is asked for, or was."""
    due_on = step.duty.due_on
    is_awaited = step.duty.is_open and due_on is not None and due_on >= today
    return f"An answer {'is' if is_awaited else 'was'} due by {day(due_on)}."


def _responses(child: Child) -> Iterator[Event]:
    answers = Response.objects.filter(child=child).select_related("responded_by", "step__stage", "step__escalation")
    for response in answers:
        escalation = response.step.escalation
        yield Event(
            f"Answer to {escalation.reference} at {response.step.stage.name}: {ANSWERED[response.answer].lower()}",
            response.responded_at,
            _answered(response),
            by=str(response.responded_by),
            url=reverse("escalations:escalation", args=[escalation.uuid]),
            status=response.get_answer_display(),
            kind=COLOURS[response.answer],
        )


def _answered(response: Response) -> str:
    by = f"To be done by {day(response.action_due_on)}." if response.action_due_on else ""
    return " ".join(part for part in (_ended(response.action), by, response.reason) if part)


def _ended(words: str) -> str:
    """What somebody typed, ended so that another sentence can follow it."""
    typed = words.strip()
    return typed if not typed or typed[-1] in ".!?…" else f"{typed}."


def _people(child: Child) -> Iterator[Event]:
    for allocation in Allocation.objects.filter(child=child).select_related("user").order_by("starts_on", "pk"):
        who = allocation.get_kind_display()
        yield Event(f"{allocation.user} became the {who}", allocation.starts_on)
        if allocation.ends_on:
            yield Event(f"{allocation.user} stopped being the {who}", allocation.ends_on)
