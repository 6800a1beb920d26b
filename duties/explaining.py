"""Why a duty is due when it is, and what another day would mean; nothing is changed by asking."""

from dataclasses import dataclass
from datetime import date

from children.models import CarePeriod
from timescales import OutsideCalendar, Rule, Working, days_late, due
from timescales.refusals import Refused
from timescales.words import counted, in_words

from .clocks import Clock
from .kinds import find
from .models import Duty


@dataclass(frozen=True)
class WhatIf:
    """What doing it on another day would mean, in sentences, and the working of what follows it, if anything does."""

    day: date
    is_late: bool
    sentences: tuple[str, ...]
    following: Working | None


def rule_of(duty: Duty) -> Rule | None:
    """The rule that dates a duty, with its own amount; None where no date is known or the table has it no more."""
    kind = find(duty.kind)
    rule = kind.rule(duty.rule) if kind else None
    return rule.of(duty.allowed) if rule else None


def working_of(duty: Duty, clock: Clock) -> Working | None:
    """The whole working of a due date; None where no date is known, or none can be worked out any more."""
    rule = rule_of(duty)
    if rule is None or duty.runs_from_on is None:
        return None
    try:
        return due(rule, duty.runs_from_on, clock.calendar, _buffer(duty, rule, clock))
    except OutsideCalendar:
        return None


def _buffer(duty: Duty, rule: Rule, clock: Clock) -> int:
    kind = find(duty.kind)
    return kind.margins[rule.unit].under(clock.policy.margins).act_before.days if kind else 0


def what_if(duty: Duty, done_on: date, clock: Clock) -> WhatIf:
    """What doing it on a day would mean for it, and for what follows it.

    Raises Refused for a day before it began to be owed, or one the calendar does not cover.
    """
    began_on = _began_on(duty)
    if began_on and done_on < began_on:
        raise Refused(f"The child became looked after on {in_words(began_on)}. Give a later day.", "moved_to")
    try:
        about = _about(duty, done_on, clock)  # first, so that a day outside the calendar is the one named
        following = _following(duty, done_on, clock)
    except OutsideCalendar as error:
        raise Refused(str(error), "moved_to") from error
    is_late = duty.due_on is not None and done_on > duty.due_on
    return WhatIf(done_on, is_late, (*about, *_about_next(duty, following)), following)


def _began_on(duty: Duty) -> date | None:
    """The first day of the care period the duty is of: the last that had begun when it began to run."""
    periods = CarePeriod.objects.filter(child=duty.child_id)
    if duty.runs_from_on:
        periods = periods.filter(starts_on__lte=duty.runs_from_on)
    return periods.order_by("-starts_on").values_list("starts_on", flat=True).first()


def _following(duty: Duty, done_on: date, clock: Clock) -> Working | None:
    kind = find(duty.kind)
    rule = kind.next_rules.get(duty.rule) if kind else None
    if rule is None or not CarePeriod.objects.open().filter(child=duty.child_id).exists():
        return None
    return due(rule, done_on, clock.calendar, _buffer(duty, rule, clock))


def _about(duty: Duty, done_on: date, clock: Clock) -> list[str]:
    closed = clock.calendar.why_not_working(done_on)
    sentences = [f"{in_words(done_on)} is not a working day ({closed})."] if closed else []
    kind = find(duty.kind)
    what = kind.words if kind else "duty"
    if duty.due_on is None:
        return [*sentences, f"The due date of this {what} is not known, so it cannot be called late or in time."]
    late = days_late(duty.due_on, done_on, clock.calendar)
    how = f"late by {counted(late, 'working day')}" if late else "in time"
    return [*sentences, f"On that day, the {what} is {how}: it is due by {in_words(duty.due_on)}."]


def _about_next(duty: Duty, following: Working | None) -> list[str]:
    kind = find(duty.kind)
    if kind is None or not kind.next_rules:
        return []
    if following is None:
        return [f"Care has ended, so no {kind.words} follows."]
    return [
        f"The next {kind.words} is then due by {in_words(following.due_on)}:"
        f" {following.rule.limit} from {in_words(following.start)}.",
        f"Its last working day is {in_words(following.last_safe_on)}; book it for {in_words(following.book_by_on)}"
        " or earlier.",
    ]
