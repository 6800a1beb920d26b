"""Decisions about reviews from plain values, and the refusals they raise, each citing its source."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from timescales import birthday
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from .made import DecisionMade, OutcomeSaid

# SSDA903 REVIEW_CODE. Source: DfE, Children looked after return (SSDA903) guide, participation codes.
PARTICIPATION_CHOICES = [
    ("PN0", "Under four at the time of the review"),
    ("PN1", "Attended and spoke for themselves"),
    ("PN2", "Attended, an advocate spoke for them"),
    ("PN3", "Attended and conveyed views without words"),
    ("PN4", "Attended and did not convey views"),
    ("PN5", "Did not attend, an advocate was briefed to speak"),
    ("PN6", "Did not attend, sent views another way"),
    ("PN7", "Did not attend and conveyed no views"),
]
PARTICIPATION_CODES = frozenset(code for code, _ in PARTICIPATION_CHOICES)
PARTICIPATION_AGE = 4  # years; validation rules 440 and 441 of the return

RAG_CHOICES = [("GREEN", "Green"), ("AMBER", "Amber"), ("RED", "Red")]
RAG_NEEDING_REASON = ("AMBER", "RED")

ORDINALS = {
    1: "First",
    2: "Second",
    3: "Third",
    4: "Fourth",
    5: "Fifth",
    6: "Sixth",
    7: "Seventh",
    8: "Eighth",
    9: "Ninth",
}

ANOTHER_CHILD = "It was about another child"  # why a review is cancelled whose record went to that child
DECISION_OWNER_LENGTH = 120  # characters

DONE, PART_DONE, NOT_DONE, NO_LONGER_RIGHT = "DONE", "PART_DONE", "NOT_DONE", "NO_LONGER_RIGHT"
OUTCOME_CHOICES = [
    (DONE, "Done"),
    (PART_DONE, "Done in part"),
    (NOT_DONE, "Not done"),
    (NO_LONGER_RIGHT, "No longer right"),
]
STILL_OWED = (PART_DONE, NOT_DONE)
PROOF_LENGTH = 2_000  # characters
PROOF_ASKED = {
    DONE: "what shows that it is done",
    PART_DONE: "what is done and what is left",
    NOT_DONE: "why it is not done",
    NO_LONGER_RIGHT: "why it is no longer right",
}

# Whoever else a decision names (a carer, a school), the social worker answers for it: the plan is the authority's.
ANSWERS_OTHERWISE = "SOCIAL_WORKER"
# What a post is called in a decision, beside the names of the people who hold it.
POSTS_AS_TYPED = {
    "SOCIAL_WORKER": ("social worker", "sw", "allocated social worker"),
    "TEAM_MANAGER": ("team manager", "tm"),
    "SERVICE_MANAGER": ("service manager",),
    "IRO": ("iro", "independent reviewing officer"),
}

# Words that let a plan drift: they name an activity and never say what it is to change.
DRIFT_WORDS = (
    "support", "supporting", "monitor", "monitoring", "continue", "continuing", "explore", "exploring", "consider",
    "considering", "encourage", "encouraging", "work with", "working with", "progress", "progressing",
)  # fmt: skip
DRIFT_NOTE = "“{word}” does not say what will be different."
# Whole words, as static/src/js/notes.js finds them while somebody types: no "support" in "supported accommodation".
_DRIFT = re.compile(rf"(?<![\w-])(?:{'|'.join(DRIFT_WORDS)})(?![\w-])".replace(" ", r"\s+"), re.IGNORECASE)


class AlreadyRecorded(Conflict):
    """Somebody else recorded this review first."""


class Cancelled(Conflict):
    """The review was cancelled, so that nothing more can be done with it."""


class SaidMeanwhile(Conflict):
    """Somebody else has said what came of the decision since this person looked."""


class StaleDraft(Refused):
    """The draft was saved from another page since this one was opened."""


def ordinal(number: int | None) -> str:
    """'First', 'Second' … 'Ninth', '10th' (or '21st' …); 'Next' where earlier history is not held."""
    if number is None:
        return "Next"
    if number in ORDINALS:
        return ORDINALS[number]
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def check_participation(code: str, born_on: date, held_on: date) -> None:
    """Refuse PN0 from the fourth birthday on, PN1 to PN7 before it, and any other code.

    Source: SSDA903 validation rules 440 and 441. The birthday itself passes rule 440 in the published
    validator; the guide's words "under four" do not reach it, so on that day PN1 to PN7 are asked for.
    """
    if code not in PARTICIPATION_CODES:
        raise Refused(f"{code or 'No code'} is not a participation code. Choose PN0 to PN7.", "participation")
    fourth = birthday(born_on, PARTICIPATION_AGE)
    if code == "PN0" and held_on >= fourth:
        raise Refused(
            f"PN0 is for children under four. This child was four or over on {in_words(held_on)}:"
            " choose PN1 to PN7 (SSDA903 rule 440).",
            "participation",
        )
    if code != "PN0" and held_on < fourth:
        raise Refused(
            f"{code} is for children aged four or over. This child was under four on {in_words(held_on)}:"
            " choose PN0 (SSDA903 rule 441).",
            "participation",
        )


def check_held_on(held_on: date, care_began_on: date, today: date, care_ended_on: date | None = None) -> None:
    """Refuse a review held in the future, before the care period began or after it ended."""
    if held_on > today:
        raise Refused(
            f"The review cannot have been held on {in_words(held_on)}: that is in the future."
            " Record it once it has taken place.",
            "held_on",
        )
    if held_on < care_began_on:
        raise Refused(
            f"The review cannot have been held on {in_words(held_on)}: the child became looked after on"
            f" {in_words(care_began_on)}.",
            "held_on",
        )
    if care_ended_on is not None and held_on > care_ended_on:
        raise Refused(
            f"The review cannot have been held on {in_words(held_on)}: the child stopped being looked after on"
            f" {in_words(care_ended_on)}.",
            "held_on",
        )


def check_after_last(held_on: date, last_held_on: date | None) -> None:
    """Refuse a review held on the day of the review before it, or earlier."""
    if last_held_on is not None and held_on <= last_held_on:
        raise Refused(
            f"The review before this one was held on {in_words(last_held_on)}. Give a later day.", "held_on"
        )


def check_before_next(held_on: date, next_held_on: date | None) -> None:
    """Refuse a review held on the day of the one after it, or later."""
    if next_held_on is not None and held_on >= next_held_on:
        raise Refused(
            f"The review after this one was held on {in_words(next_held_on)}. Give an earlier day.", "held_on"
        )


def check_not_held_twice(held_on: date, held_days: Collection[date]) -> None:
    """Refuse a second review of the same kind on one day, in whatever care period."""
    if held_on in held_days:
        raise Refused(f"A review is already recorded as held on {in_words(held_on)}.", "held_on")


def check_booking(booked_for_on: date, care_began_on: date, today: date, last_year: int) -> None:
    """Refuse to book a past day, one before the care period began, or one too far ahead.

    The year before `last_year`, the working calendar's last, is the last to book in: the review after it is
    dated by that calendar too.
    """
    if booked_for_on < care_began_on:
        raise Refused(
            f"The review cannot be booked for {in_words(booked_for_on)}: the child became looked after on"
            f" {in_words(care_began_on)}.",
            "booked_for_on",
        )
    if booked_for_on < today:
        raise Refused(
            f"{in_words(booked_for_on)} has passed. Book a day from today on, or record the review if it was held.",
            "booked_for_on",
        )
    last = date(last_year - 1, 12, 31)
    if booked_for_on > last:
        raise Refused(
            f"The review cannot be booked for {in_words(booked_for_on)}: the furthest day that can be booked is"
            f" {in_words(last)}. Check the year.",
            "booked_for_on",
        )


def check_rag(rag: str, reason: str) -> None:
    """Refuse Amber or Red without a reason, and any rating but Green, Amber or Red."""
    if rag not in dict(RAG_CHOICES):
        raise Refused("Rate the review Green, Amber or Red.", "rag")
    if rag in RAG_NEEDING_REASON and not reason.strip():
        raise Refused(f"Say why the rating is {rag.title()}.", "rag_reason")


def check_left(reason: str) -> None:
    """Refuse to leave an Amber or Red review unescalated without a reason."""
    if not reason.strip():
        raise Refused("Say why you are not raising a concern.", "reason")


def check_decisions(decisions: Sequence[DecisionMade], held_on: date, has_no_decisions: bool) -> None:
    """Refuse a review that neither decided anything nor says so, and a decision that is not whole.

    Source: IRO Handbook 2010, ch. 3: each decision with the person responsible and a date.
    """
    check_decided_or_not(len(decisions), has_no_decisions)
    for number, decision in enumerate(decisions, start=1):
        _check_decision(decision, number, held_on)


def check_decided_or_not(decisions: int, has_no_decisions: bool) -> None:
    """Refuse neither a decision nor the words that none was made, and both."""
    if not decisions and not has_no_decisions:
        raise Refused("Add at least one decision, or say that no decisions were made.", "decisions")
    if decisions and has_no_decisions:
        raise Refused("Remove the decisions, or untick that no decisions were made.", "decisions")


def check_done_by(number: int, due_on: date, held_on: date) -> None:
    """Refuse a decision to be done before the review that made it."""
    if due_on < held_on:
        raise Refused(
            f"Decision {number} is to be done by {in_words(due_on)}, before the review was held.", "decisions"
        )


def _check_decision(decision: DecisionMade, number: int, held_on: date) -> None:
    if not (decision.text.strip() and decision.outcome.strip() and decision.owner.strip()):
        raise Refused(f"Decision {number} needs what was decided, its outcome and who will do it.", "decisions")
    if len(decision.owner) > DECISION_OWNER_LENGTH:
        raise Refused(
            f"Decision {number}: who will do it must be {DECISION_OWNER_LENGTH} characters or fewer.", "decisions"
        )
    check_done_by(number, decision.due_on, held_on)


def check_outcome(outcome: OutcomeSaid, review_held_on: date, on: date) -> None:
    """Refuse an outcome nobody knows, one without words, and a day it cannot have been done."""
    for problem in problems_of_outcome(outcome, review_held_on, on):
        raise problem


def problems_of_outcome(outcome: OutcomeSaid, review_held_on: date, on: date) -> list[Refused]:
    """Everything that is missing or wrong, so that a form can say it all at once."""
    if outcome.said not in dict(OUTCOME_CHOICES):
        return [Refused("Choose done, done in part, not done or no longer right.", "said")]
    problems = []
    if not outcome.proof.strip():
        problems.append(Refused(f"Say {PROOF_ASKED[outcome.said]}.", "proof"))
    if outcome.said == DONE:
        problems += _problems_of_day(outcome.done_on, review_held_on, on)
    return problems


def _problems_of_day(done_on: date | None, review_held_on: date, on: date) -> list[Refused]:
    if done_on is None:
        return [Refused("Give the day it was done.", "done_on")]
    if done_on > on:
        return [Refused(f"It cannot have been done on {in_words(done_on)}: that is in the future.", "done_on")]
    if done_on < review_held_on:
        words = f"It cannot have been done on {in_words(done_on)}: it was decided on {in_words(review_held_on)}."
        return [Refused(words, "done_on")]
    return []


def who_answers(owner: str, names: Mapping[str, Collection[str]]) -> str:
    """The role that answers for a decision, from the words that say who will do it.

    A post around the child, or the name of somebody who holds it; `names` are theirs by role. The duty passes on with
    the post. Whoever else is named, the social worker answers for it.
    """
    typed = _plain(owner)
    for role, posts in POSTS_AS_TYPED.items():
        if typed in posts or typed in {_plain(name) for name in names.get(role, ())}:
            return role
    return ANSWERS_OTHERWISE


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def drift_note(outcome: str) -> str:
    """A quiet note where an outcome names an activity rather than a change; empty otherwise. Never a refusal."""
    found = _DRIFT.search(outcome)
    return DRIFT_NOTE.format(word=" ".join(found[0].lower().split())) if found else ""
