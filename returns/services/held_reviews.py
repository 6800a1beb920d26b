"""Reviews: those the returns say were held, and what is due after them, settled where reviews are.

A return is evidence of what was held, so a code that does not fit the child's age (rules 440 and 441), or a
review of a child on short breaks only (rule 399), is kept as returned and shown on the data-quality page.
"""

from datetime import date, datetime

from children.models import Child
from reviews.cycle_rules import HeldReview
from reviews.services import history_of, settle_cycles
from timescales.refusals import Refused

from ..checking import Bad
from .changes import Changes


def load_reviews(changes: Changes, *, at: datetime, on: date) -> None:
    """Take up, mend and take back reviews, then work out every place in the cycles again."""
    held: list[tuple[Child, HeldReview]] = []
    withdrawn = []
    for child, before, now in changes.of_children():
        held += [(child, HeldReview(day, code)) for day, code in sorted(now.reviews.items())]
        withdrawn += [(child, day) for day in before.reviews if day not in now.reviews]
    settled = settle_cycles(
        care=changes.care, held=held, withdrawn=withdrawn, history=history_of(changes.authority), on=on, at=at
    )  # nobody here ended care, so nobody is named
    for (child, review), outcome in zip(held, settled.outcomes, strict=True):
        found = _rejection(outcome, review) if isinstance(outcome, Refused) else outcome
        changes.note("Reviews", child, (review.held_on,), found)


def _rejection(refused: Refused, review: HeldReview) -> Bad:
    if refused.field == "participation":
        return Bad("REVIEW_CODE", review.participation, f"{refused.message} Correct the record, or the return.")
    reason = refused.message
    if not refused.message.startswith("A review"):
        reason = "The child was not looked after on that day, by the episodes of the returns read (rule 1012)."
    return Bad("REVIEW", f"{review.held_on:%d/%m/%Y}", reason)
