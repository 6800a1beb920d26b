"""Decisions about ladders, concerns and answers from plain values, and the refusals they raise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from accounts.roles import any_of
from timescales import FORMAL_RESOLUTION
from timescales.refusals import Conflict, Refused

ACCEPTED, PART_ACCEPTED, CONTESTED = "ACCEPTED", "PART_ACCEPTED", "CONTESTED"
LONGEST = 4000  # characters of one text
MOST_RUNGS = 10
LONGEST_STAGE = 60  # working days; keeps a slip of the finger out of a response date


class Rung(NamedTuple):
    """One stage of a ladder as it is set: who answers, any one of them, and within how many working days.

    `sign_off` is whose agreement the authority asks for before a concern goes this high: advice, which stops nobody.
    """

    name: str
    responder_roles: tuple[str, ...]
    working_days: int
    is_formal: bool = True
    sign_off: str = ""

    @property
    def role_name(self) -> str:
        """Who answers, inside a sentence."""
        return any_of(self.responder_roles)


@dataclass(frozen=True)
class LadderDecided:
    """A ladder as an authority decides on it. `why_longer` where its formal stages take longer than guidance has."""

    name: str
    starts_on: date
    stages: tuple[Rung, ...]
    why_longer: str = ""


class Seen(NamedTuple):
    """What somebody saw of a concern when they decided: the rung it stood on, and whether that was answered.

    None where their page does not say: then nobody is asked.
    """

    position: int | None = None
    is_answered: bool | None = None


@dataclass(frozen=True)
class ConcernRaised:
    """What a concern says. The same `uuid` again is the same concern: a second click raises no second one."""

    concern: str
    sought: str  # what would settle it
    uuid: UUID | None = None


@dataclass(frozen=True)
class AnswerGiven:
    """A manager's answer. Accepting needs an action and its day, accepting in part a reason too, contesting one."""

    answer: str
    action: str = ""
    action_due_on: date | None = None
    reason: str = ""


class Overtaken(Conflict):
    """Somebody else changed the escalation first, so this act no longer fits it."""


class AlreadyAnswered(Overtaken):
    """Somebody else answered this rung first."""


def check_ladder(rungs: Sequence[Rung], responders: frozenset[str], why_longer: str = "") -> None:
    """Refuse a ladder without a rung, out of order, with nobody to answer, or too long without a reason.

    `responders` are the codes of the roles that may answer. The formal stages together should take no more
    than FORMAL_RESOLUTION's working days (IRO Handbook, para. 6.2); the informal stages are not counted. That is
    guidance: an authority that departs from it says why in `why_longer`.
    """
    if not rungs:
        raise Refused("A ladder needs at least one stage.", "stages")
    if len(rungs) > MOST_RUNGS:
        raise Refused(f"A ladder has up to {MOST_RUNGS} stages. Leave some out.", "stages")
    formal_seen = False
    for position, rung in enumerate(rungs):
        _check_rung(position, rung, responders, formal_seen)
        formal_seen = formal_seen or rung.is_formal
    _check_names(rungs)
    if (total := formal_days(rungs)) > FORMAL_RESOLUTION.amount and not why_longer.strip():
        raise Refused(
            f"The formal stages take {total} working days together. Guidance is no more than"
            f" {FORMAL_RESOLUTION.amount} ({FORMAL_RESOLUTION.source}): give some of them fewer days, or say why.",
            "why_longer",
        )


def formal_days(rungs: Sequence[Rung]) -> int:
    """Working days that the formal stages may take together."""
    return sum(rung.working_days for rung in rungs if rung.is_formal)


def _check_rung(position: int, rung: Rung, responders: frozenset[str], formal_seen: bool) -> None:
    if not rung.name.strip():
        raise Refused("Every stage needs a name.", f"name_{position}")
    if not rung.responder_roles:
        raise Refused(f"{rung.name}: choose who answers.", f"roles_{position}")
    if strangers := set(rung.responder_roles) - responders:
        raise Refused(f"{rung.name}: {min(strangers)} is not a role that answers concerns.", f"roles_{position}")
    if not 1 <= rung.working_days <= LONGEST_STAGE:
        raise Refused(f"{rung.name}: give it 1 to {LONGEST_STAGE} working days to answer.", f"days_{position}")
    if formal_seen and not rung.is_formal:
        raise Refused(f"{rung.name}: an informal stage must come before the formal ones.", f"formal_{position}")


def _check_names(rungs: Sequence[Rung]) -> None:
    names = [rung.name.strip().casefold() for rung in rungs]
    for position, name in enumerate(names):
        if name in names[:position]:
            raise Refused(f"Two stages are called {rungs[position].name}. Give each its own.", f"name_{position}")


def check_start(starts_on: date, on: date) -> None:
    """Refuse a ladder from a past day: what was raised since stands on the ladder of its time."""
    if starts_on < on:
        raise Refused(f"{day(starts_on)} is past. Choose today or a later day.", "starts_on")


def check_concern(raised: ConcernRaised) -> None:
    """Refuse a concern that does not say what is wrong or what would settle it."""
    if not raised.concern.strip():
        raise Refused("Say what the concern is.", "concern")
    if not raised.sought.strip():
        raise Refused("Say what would settle it.", "sought")


def problems_of_answer(given: AnswerGiven, on: date) -> Iterator[Refused]:
    """Everything an answer leaves out, so that a form can say it all at once."""
    if given.answer not in (ACCEPTED, PART_ACCEPTED, CONTESTED):
        yield Refused("Choose whether you accept, accept in part or contest.", "answer")
        return
    if given.answer != CONTESTED:
        yield from _problems_of_action(given.action, given.action_due_on, on)
    if given.answer != ACCEPTED and not given.reason.strip():
        part = "what you do not accept, and why" if given.answer == PART_ACCEPTED else "why you contest it"
        yield Refused(f"Say {part}.", "reason")


def _problems_of_action(action: str, action_due_on: date | None, on: date) -> Iterator[Refused]:
    if not action.strip():
        yield Refused("Say what will be done.", "action")
    if action_due_on is None:
        yield Refused("Give the day it will be done by.", "action_due_on")
    elif action_due_on < on:
        yield Refused(
            f"The day it will be done by, {day(action_due_on)}, has passed: give today or a later day.",
            "action_due_on",
        )


def check_answer(given: AnswerGiven, on: date) -> None:
    """Refuse an answer that leaves the IRO without what it promises or why it does not."""
    for problem in problems_of_answer(given, on):
        raise problem


def check_move(current: int, target: int, reason: str) -> None:
    """Refuse a move that is not up, or gives no reason; rungs between may be left out (IRO Handbook 6.2)."""
    if target <= current:
        raise Refused("A concern only moves up: choose a stage above the one it stands on.", "stage")
    if not reason.strip():
        raise Refused("Say why it moves up.", "reason")


def check_resolution(resolution: str) -> None:
    """Refuse to close a concern without saying how it was settled."""
    if not resolution.strip():
        raise Refused("Say how it was resolved and what changed for the child.", "resolution")


def check_promise_ended(words: str, kept_on: date | None, promised_on: date, on: date) -> None:
    """Refuse to call a promise ended without words, or kept before it was made or in the future."""
    if not words.strip():
        raise Refused("Say what shows that it was done, or why it is no longer needed.", "words")
    if kept_on is not None and kept_on > on:
        raise Refused(f"It cannot have been done on {day(kept_on)}: that is in the future.", "kept_on")
    if kept_on is not None and kept_on < promised_on:
        raise Refused(
            f"It cannot have been done on {day(kept_on)}: it was promised on {day(promised_on)}.", "kept_on"
        )


def day(value: date) -> str:
    """A day as a message says it: "4 December 2026"."""
    return f"{value.day} {value:%B %Y}"
