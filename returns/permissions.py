"""Who looks after returns, and what they see of the data."""

from accounts.roles import Permission
from accounts.viewers import Viewer


def may_manage_returns(viewer: Viewer) -> bool:
    """Whether this person mends the authority's data, by reference and code."""
    return viewer.permits(Permission.MANAGE_RETURNS)
