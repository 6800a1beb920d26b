"""Decisions about reviews from plain values, and the refusals they raise, each citing its source."""

from datetime import date

from authorities.rules import Refused
from timescales import birthday

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

NOT_KNOWN = "NOT_KNOWN"

ORDINALS = {
    1: "First",
    2: "Second",
    3: "Third",
    4: "Fourth",
    5: "Fifth",
    6: "Sixth",
    7: "Seventh",
    8: "Eighth",
}


class AlreadyRecorded(Refused):
    """Somebody else recorded this review first."""


def ordinal(number: int | None) -> str:
    """'First', 'Second' …, '12th' (or '21st' …); 'Next' where earlier history is not held."""
    if number is None:
        return "Next"
    if number in ORDINALS:
        return ORDINALS[number]
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def check_participation(code: str, born_on: date, held_on: date) -> None:
    """Refuse PN0 from the fourth birthday on, and PN1 to PN7 before it.

    Source: SSDA903 validation rules 440 and 441. The birthday itself passes rule 440 in the published
    validator; the guide's words "under four" do not reach it, so on that day PN1 to PN7 are asked for.
    """
    fourth = birthday(born_on, PARTICIPATION_AGE)
    if code == "PN0" and held_on >= fourth:
        raise Refused(
            f"PN0 is for children under four. This child turned four on {_day(fourth)}, not after the review:"
            " choose PN1 to PN7 (SSDA903 rule 440).",
            "participation",
        )
    if code != "PN0" and held_on < fourth:
        raise Refused(
            f"{code} is for children aged four or over. This child was under four on {_day(held_on)}:"
            " choose PN0 (SSDA903 rule 441).",
            "participation",
        )


def check_held_on(held_on: date, care_began_on: date, today: date) -> None:
    """Refuse a review held in the future or before the care period began."""
    if held_on > today:
        raise Refused(
            f"The review cannot have been held on {_day(held_on)}: that is in the future."
            " Record it once it has taken place.",
            "held_on",
        )
    if held_on < care_began_on:
        raise Refused(
            f"The review cannot have been held on {_day(held_on)}: the child became looked after on"
            f" {_day(care_began_on)}.",
            "held_on",
        )


def check_rag(rag: str, reason: str) -> None:
    """Refuse Amber or Red without a reason."""
    if rag in RAG_NEEDING_REASON and not reason.strip():
        raise Refused(f"Say why the rating is {rag.title()}.", "rag_reason")


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
