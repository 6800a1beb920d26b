"""May this person do this to that review?"""

from collections.abc import Iterable

from accounts.access import can
from accounts.roles import ChildPermission, roles_granting
from accounts.viewers import Viewer

from .models import Correction, Decision, DecisionOutcome, Review

MAY_NOT_MARK = "Only the child's IRO, social worker and managers say what came of a decision."


def may_record(viewer: Viewer, review: Review) -> bool:
    """Whether this person may write the record of the child's reviews."""
    return can(viewer, ChildPermission.RECORD, review.child)


def may_schedule(viewer: Viewer, review: Review) -> bool:
    """Whether this person may book the child's reviews."""
    return can(viewer, ChildPermission.SCHEDULE, review.child)


def may_read_record(viewer: Viewer, review: Review) -> bool:
    """Whether this person may read what the child's reviews say, and how they were rated.

    One that was about another child tells of that child, to those who may read of both.
    """
    if not can(viewer, ChildPermission.READ_RECORD, review.child):
        return False
    return not review.is_of_another_child or bool(others_read(viewer, review.corrections.all()))


def others_read(viewer: Viewer, corrections: Iterable[Correction]) -> set[int]:
    """Of the other children's reviews that these corrections name, the keys of those this person may read."""
    named = [made.other_review_id for made in corrections if made.other_review_id is not None]
    if not named:
        return set()
    found = Review.objects.visible_to(viewer, ChildPermission.READ_RECORD).filter(pk__in=named)
    return set(found.values_list("pk", flat=True))


def rows_of_others(viewer: Viewer, child_id: int) -> frozenset[tuple[str, int]]:
    """Table and key of each row of this child that was about another one of whom this person may not read."""
    gone = list(Correction.objects.filter(child=child_id, kind=Correction.Kind.GONE))
    others = others_read(viewer, gone)
    reviews = [made.review_id for made in gone if made.other_review_id not in others]
    if not reviews:
        return frozenset()
    found = {"reviews.Review": reviews}
    for model, path in ((Decision, "review__in"), (DecisionOutcome, "decision__review__in")):
        found[model._meta.label] = list(model._default_manager.filter(**{path: reviews}).values_list("pk", flat=True))
    return frozenset((table, key) for table, keys in found.items() for key in keys)


def may_mark(viewer: Viewer, decision: Decision) -> bool:
    """Whether this person may say what came of the child's decisions: its IRO, and who answers for them."""
    return can(viewer, ChildPermission.MARK, decision.child)


def reads_some_record(viewer: Viewer) -> bool:
    """Whether any of this person's roles reads what records say: opens the list of decisions."""
    return not roles_granting(ChildPermission.READ_RECORD).isdisjoint(viewer.roles)


def may_correct(viewer: Viewer, review: Review) -> bool:
    """Whether this person may correct the record: who may write it, once it is written."""
    return review.is_recorded_here and may_record(viewer, review)
