"""May this person do this to that review?"""

from accounts.access import can
from accounts.roles import ChildPermission
from accounts.viewers import Viewer

from .models import Review


def may_record(viewer: Viewer, review: Review) -> bool:
    """Whether this person may write the record of the child's reviews."""
    return can(viewer, ChildPermission.RECORD, review.child)


def may_schedule(viewer: Viewer, review: Review) -> bool:
    """Whether this person may book the child's reviews."""
    return can(viewer, ChildPermission.SCHEDULE, review.child)


def may_read_record(viewer: Viewer, review: Review) -> bool:
    """Whether this person may read what the child's reviews say, and how they were rated."""
    return can(viewer, ChildPermission.READ_RECORD, review.child)


def may_correct(viewer: Viewer, review: Review) -> bool:
    """Whether this person may correct the record: who may write it, once it is written."""
    return review.is_recorded_here and may_record(viewer, review)
