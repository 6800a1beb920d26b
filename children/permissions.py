"""What somebody may see or do about one child, or about the log of who looked."""

from accounts.access import Viewer, can, permits
from accounts.roles import ChildPermission, Permission

from .models import Child


def may_see_readers(user: Viewer, child: Child) -> bool:
    """Whether this person may see who has looked at the record: the IRO, and the IRO's manager."""
    return can(user, ChildPermission.RECORD, child)


def may_read_record(user: Viewer, child: Child) -> bool:
    """Whether this person may see what reviews and escalations say."""
    return can(user, ChildPermission.READ_RECORD, child)


def may_see_address(user: Viewer, child: Child) -> bool:
    """Whether this person may see where the child lives."""
    return can(user, ChildPermission.SENSITIVE, child)


def may_allocate(user: Viewer, child: Child) -> bool:
    """Whether this person says who works with the child."""
    return can(user, ChildPermission.ALLOCATE, child)


def may_read_access_log(user: Viewer) -> bool:
    """Whether this person may search the authority's log of who looked at what."""
    return permits(user, Permission.READ_ACCESS_LOG)
