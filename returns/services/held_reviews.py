"""Reviews: those a return says were held, and what is due after them, settled where reviews are.

A return is evidence of what was held, so a code that does not fit the child's age (rules 440 and 441), or a
review of a child on short breaks only (rule 399), is kept as returned and shown on the data-quality page.
"""

from datetime import date

from children.models import Child
from reviews.cycle_rules import HeldReview
from reviews.services import settle_cycles
from timescales.refusals import Refused

from ..checking import Bad, Values
from .records import Entry, Records


def load_reviews(records: Records, entries: list[Entry], history_from: date) -> None:
    """Take up new reviews and mended participation codes, then work out every place in the cycles again.

    `history_from` is the first day of the earliest return read.
    """
    found = records.gather(entries, _review)
    held = [review for _, review in found]
    settled = settle_cycles(
        care=records.care, held=held, history_from=history_from, on=records.today, at=records.at
    )  # nobody here ended care, so nobody is named
    for (entry, _), outcome in zip(found, settled.outcomes, strict=True):
        records.count(entry, _rejection(outcome, entry.values) if isinstance(outcome, Refused) else outcome)


def _review(records: Records, values: Values) -> tuple[Child, HeldReview] | str:
    child = records.child(values)
    if values["REVIEW"] is None:
        return "unchanged"  # rule 167 lets a row stand for no review at all
    return child, HeldReview(values["REVIEW"], values["REVIEW_CODE"])


def _rejection(refused: Refused, values: Values) -> Bad:
    if refused.field == "participation":
        return Bad("REVIEW_CODE", values["REVIEW_CODE"], f"{refused.message} Correct the record, or the return.")
    return Bad(
        "REVIEW",
        f"{values['REVIEW']:%d/%m/%Y}",
        "The child was not looked after on that day, by the episodes of this return and those held (rule 1012).",
    )
