"""What somebody may do to another person's account."""

from .models import User
from .roles import Permission
from .viewers import Viewer


def may_manage_accounts(viewer: Viewer) -> bool:
    """Whether this person opens and closes accounts."""
    return viewer.permits(Permission.MANAGE_ACCOUNTS)


def may_change(user: User, account: User) -> bool:
    """Nobody closes their own account or gives themselves a post."""
    return user.pk != account.pk
