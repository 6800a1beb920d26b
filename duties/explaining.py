"""Why a duty is due when it is, what another day would mean, or another policy; nothing is changed by asking."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from authorities.models import Authority, CalendarDay, Policy
from authorities.rules import PolicyDecided
from authorities.services import columns_of
from children.models import CarePeriod
from timescales import OutsideCalendar, Rule, Working, days_late, due
from timescales.refusals import Refused
from timescales.words import counted, in_words

from .clocks import Clock
from .kinds import find
from .models import Duty
from .rules import STORED_DATES, Dates, is_to_arrange


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


def what_a_policy_means(authority: Authority, decided: PolicyDecided, on: date) -> list[str]:
    """What would be otherwise if it began today, by the same working that dates what is owed when it begins."""
    clock = Clock(Policy(**columns_of(authority, decided)), CalendarDay.objects.working_calendar())
    moving = list(clock.moving(Duty.objects.dated().filter(authority=authority)))
    moved = sum(duty.due_on != dates.due_on for duty, dates in moving)
    when = "today" if decided.starts_on <= on else f"on {in_words(decided.starts_on)}, by itself"
    return [
        f"It takes effect {when}. Counted by what is owed now:",
        f"{counted(moved, 'due date')} {'moves' if moved == 1 else 'move'}. The law's limits stay as they are.",
        *_until_when(authority, decided),
        *_changing(moving, on, _is_due_soon, "due soon"),
        *_changing(moving, on, _is_to_be_booked, "to be booked"),
    ]


def _until_when(authority: Authority, decided: PolicyDecided) -> list[str]:
    following = Policy.objects.of_authority(authority.pk).filter(starts_on__gt=decided.starts_on).last()
    if following is None:
        return []
    return [f"From {in_words(following.starts_on)} what is already set for that day takes its place."]


def _changing(
    moving: Sequence[tuple[Duty, Dates]], on: date, is_so: Callable[[Duty, Dates, date], bool], so: str
) -> Iterator[str]:
    """How many of each kind come to be so, and how many are so no more."""
    begin: Counter[str] = Counter()
    end: Counter[str] = Counter()
    for duty, dates in moving:
        stored = Dates(*(getattr(duty, name) for name in STORED_DATES))
        was, will = is_so(duty, stored, on), is_so(duty, dates, on)
        begin[duty.kind] += will and not was
        end[duty.kind] += was and not will
    yield from (f"{how_many} {verb} {so}, and alerts say so." for how_many, verb in _each(begin, "becomes", "become"))
    yield from (f"{how_many} {verb} {so} no longer." for how_many, verb in _each(end, "is", "are"))


def _each(counts: Counter[str], one: str, several: str) -> Iterator[tuple[str, str]]:
    for code, number in sorted(counts.items()):
        kind = find(code)
        if number and kind:
            yield counted(number, kind.words), one if number == 1 else several


def _is_due_soon(duty: Duty, dates: Dates, on: date) -> bool:
    if dates.due_on is None or dates.due_soon_on is None:
        return False
    is_work = duty.planned_for_on is None or duty.planned_for_on < on
    return is_work and dates.due_soon_on <= on <= dates.due_on


def _is_to_be_booked(duty: Duty, dates: Dates, on: date) -> bool:
    return is_to_arrange(duty.planned_for_on, dates.plan_by_on, on)
