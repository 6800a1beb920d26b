"""What a record said before it was corrected, as its page shows it; only for those who may read the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import linebreaksbr

from screens.cells import day, moment
from screens.components import SummaryRow

from ..models import Correction, Review
from ..rules import PARTICIPATION_CHOICES, RAG_CHOICES

LABELS = {
    "held_on": "Held on",
    "participation": "How the child took part",
    "childs_views": "What the child said or showed",
    "discussion": "What was discussed",
    "rag": "Rating",
    "rag_reason": "Why",
    "planned_for_on": "Booked for",
}
PARTICIPATION = {code: f"{code}: {words}" for code, words in PARTICIPATION_CHOICES}
CODED = {"participation": PARTICIPATION, "rag": dict(RAG_CHOICES)}

DONE: dict[str, str] = {
    Correction.Kind.CHANGED: "Corrected",
    Correction.Kind.NOT_HELD: "Said not to have taken place",
    Correction.Kind.UNBOOKED: "Booking taken away",
}


@dataclass(frozen=True)
class Shown:
    """One correction: when and by whom, why, and what each field it changed said before."""

    title: str
    is_of_all: bool  # of the whole record: the review did not take place
    reason: str
    rows: list[SummaryRow]


def corrections(review: Review, *, may_read: bool) -> list[Shown]:
    """The corrections of a review, the newest first; those of its record only for who may read that."""
    return [
        Shown(_title(made), _is_of_all(made), made.reason, said_rows(made.before))
        for made in review.corrections.with_who()
        if may_read or made.kind == Correction.Kind.UNBOOKED
    ]


def said_rows(said: Mapping[str, Any]) -> list[SummaryRow]:
    """What a record says or said, field by field in the order of the record."""
    return [
        SummaryRow(label, linebreaksbr(_in_words(name, said[name]))) for name, label in LABELS.items() if name in said
    ]


def _title(made: Correction) -> str:
    return f"{DONE[made.kind]}: {made.corrected_by}, {moment(made.corrected_at)}"


def _is_of_all(made: Correction) -> bool:
    return made.kind == Correction.Kind.NOT_HELD


def _in_words(name: str, value: Any) -> str:
    if name in ("held_on", "planned_for_on"):
        return day(date.fromisoformat(value) if isinstance(value, str) else value)
    return CODED.get(name, {}).get(value, value) or "Nothing"
