"""May this person do this to that review?"""

from accounts.access import Viewer, can
from accounts.roles import ChildPermission

from .models import Review


def may_record(user: Viewer, review: Review) -> bool:
    """Whether this person may write the record of the child's reviews."""
    return can(user, ChildPermission.RECORD, review.child)


def may_schedule(user: Viewer, review: Review) -> bool:
    """Whether this person may book the child's reviews."""
    return can(user, ChildPermission.SCHEDULE, review.child)


def may_read_record(user: Viewer, review: Review) -> bool:
    """Whether this person may read what the child's reviews say, and how they were rated."""
    return can(user, ChildPermission.READ_RECORD, review.child)
