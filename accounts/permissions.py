"""What somebody may do to another person's account."""

from .models import User
from .roles import Permission
from .viewers import Viewer


def may_manage_accounts(viewer: Viewer) -> bool:
    """Whether this person opens and closes accounts."""
    return viewer.permits(Permission.MANAGE_ACCOUNTS)


def may_set_practice(viewer: Viewer) -> bool:
    """Whether this person decides what is practice: the ladder, margins, words, what a rating leads to."""
    return viewer.permits(Permission.MANAGE_PRACTICE)


def may_manage_structure(viewer: Viewer) -> bool:
    """Whether this person keeps the services and teams."""
    return viewer.permits(Permission.MANAGE_STRUCTURE)


def may_open_settings(viewer: Viewer) -> bool:
    """Whether this person sees what is set up and what is not, and reads what has been decided."""
    return may_manage_structure(viewer) or may_set_practice(viewer)


def may_change(user: User, account: User) -> bool:
    """Nobody closes their own account or gives themselves a post."""
    return user.pk != account.pk
