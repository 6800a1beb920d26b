"""Who may ask for a sweep."""

from accounts.roles import overseers
from accounts.viewers import Viewer


def may_sweep(viewer: Viewer) -> bool:
    """Whether this person oversees the IRO service of their authority."""
    return not overseers().isdisjoint(viewer.roles)
