"""What a record said before it was corrected, as its page shows it; only for those who may read the record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse

from accounts.viewers import Viewer
from children.permissions import may_read_record as may_read_reviews
from screens.cells import day, moment
from screens.components import SummaryRow

from .. import permissions
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
    Correction.Kind.GONE: "Found to be about another child",
    Correction.Kind.COME: "Came from the record of another child",
}


@dataclass(frozen=True)
class Shown:
    """One correction: when and by whom, why, and what each field it changed said before."""

    title: str
    is_of_all: bool  # of the whole record: the review did not take place, or was about another child
    reason: str
    rows: list[SummaryRow]
    other_url: str  # the other child's review, for who may read it


def corrections(review: Review, viewer: Viewer) -> list[Shown]:
    """The corrections of a review, the newest first; those of its record only for who may read what reviews say.

    What another child's record said is for those who may read of both.
    """
    made = list(review.corrections.with_who())
    may_read, others = may_read_reviews(viewer, review.child), permissions.others_read(viewer, made)
    return [
        _shown(one, is_open=not review.is_of_another_child or bool(others), others=others)
        for one in made
        if may_read or one.kind == Correction.Kind.UNBOOKED
    ]


def _shown(made: Correction, *, is_open: bool, others: Collection[int]) -> Shown:
    other = made.other_review if made.other_review_id in others else None
    url = reverse("reviews:review", args=[other.uuid]) if other else ""
    return Shown(_title(made), made.is_of_all, made.reason, said_rows(made.before) if is_open else [], url)


def said_rows(said: Mapping[str, Any]) -> list[SummaryRow]:
    """What a record says or said, field by field in the order of the record."""
    return [
        SummaryRow(label, linebreaksbr(_in_words(name, said[name]))) for name, label in LABELS.items() if name in said
    ]


def _title(made: Correction) -> str:
    return f"{DONE[made.kind]}: {made.corrected_by}, {moment(made.corrected_at)}"


def _in_words(name: str, value: Any) -> str:
    if name in ("held_on", "planned_for_on"):
        return day(date.fromisoformat(value) if isinstance(value, str) else value)
    return CODED.get(name, {}).get(value, value) or "Nothing"
