"""May this person do this to that review?"""

from accounts.access import can
from accounts.roles import ChildPermission, roles_granting
from accounts.viewers import Viewer

from .models import Decision, Review

MAY_NOT_MARK = "Only the child's IRO, social worker and managers say what came of a decision."


def may_record(viewer: Viewer, review: Review) -> bool:
    """Whether this person may write the record of the child's reviews."""
    return can(viewer, ChildPermission.RECORD, review.child)


def may_schedule(viewer: Viewer, review: Review) -> bool:
    """Whether this person may book the child's reviews."""
    return can(viewer, ChildPermission.SCHEDULE, review.child)


def may_read_record(viewer: Viewer, review: Review) -> bool:
    """Whether this person may read what the child's reviews say, and how they were rated."""
    return can(viewer, ChildPermission.READ_RECORD, review.child)


def may_mark(viewer: Viewer, decision: Decision) -> bool:
    """Whether this person may say what came of the child's decisions: its IRO, and who answers for them."""
    return can(viewer, ChildPermission.MARK, decision.child)


def reads_some_record(viewer: Viewer) -> bool:
    """Whether any of this person's roles reads what records say: opens the list of decisions."""
    return not roles_granting(ChildPermission.READ_RECORD).isdisjoint(viewer.roles)


def may_correct(viewer: Viewer, review: Review) -> bool:
    """Whether this person may correct the record: who may write it, once it is written."""
    return review.is_recorded_here and may_record(viewer, review)
