"""Reviews: those a return says were held. Their dates are worked out afterwards, in `standings`.

A return is evidence of what was held, so a code that does not fit the child's age (rules 440 and 441), or a
review of a child on short breaks only (rule 399), is kept as returned and shown on the data-quality page.
"""

from children.models import CarePeriod, Child
from children.rules import period_on
from reviews.models import Review

from ..checking import Bad, Values
from .batches import Batch
from .records import Entry, Records


def load_reviews(records: Records, entries: list[Entry], batch: Batch[Review]) -> None:
    """Take up new reviews, and participation codes that were mended. `batch` is written by `standings`."""

    def settle(records: Records, values: Values) -> str:
        child = records.child(values)
        if values["REVIEW"] is None:
            return "unchanged"  # rule 167 lets a row stand for no review at all
        held_on, participation = values["REVIEW"], values["REVIEW_CODE"]
        of_child = records.reviews.setdefault(child.pk, [])
        held = next((review for review in of_child if review.held_on == held_on), None)
        if held is None:
            period = _period(records, child, values)
            of_child.append(
                Review(
                    authority=records.authority,
                    child=child,
                    care_period=period,
                    source=Review.Source.RETURN,
                    held_on=held_on,
                    participation=participation,
                )
            )
            return batch.add(of_child[-1])
        if held.source == Review.Source.RETURN:
            return batch.change(held, participation=participation)
        return _compare(held, participation)

    records.settle(entries, settle)


def _period(records: Records, child: Child, values: Values) -> CarePeriod:
    found = period_on(records.periods.get(child.pk, []), values["REVIEW"])
    if found is None:
        raise Bad(
            "REVIEW",
            f"{values['REVIEW']:%d/%m/%Y}",
            "The child was not looked after on that day, by the episodes of this return and those held (rule 1012).",
        )
    return found


def _compare(held: Review, participation: str) -> str:
    if held.participation == participation:
        return "unchanged"
    raise Bad(
        "REVIEW_CODE",
        participation,
        f"This review was recorded here with {held.participation}, which stands. Correct the record, or the return.",
    )
