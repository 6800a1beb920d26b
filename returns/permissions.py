"""Who looks after returns, and what they see of the data."""

from datetime import date

from django.db.models import QuerySet

from accounts.access import permits
from accounts.models import User
from accounts.roles import Permission

from .models import Return
from .quality import CHECKS, Check


def may_manage_returns(user: User) -> bool:
    """Whether this person mends the authority's data, by reference and code."""
    return permits(user, Permission.MANAGE_RETURNS)


def found_by(check: Check, user: User, today: date) -> QuerySet:
    """What a check finds in the authority of somebody who manages its returns."""
    return check.find(user.authority_id, today)


def counted(user: User, today: date) -> list[tuple[Check, int]]:
    """Every check with how much it finds."""
    return [(check, found_by(check, user, today).count()) for check in CHECKS]


def returns_of(user: User) -> list[Return]:
    """The returns read in for this person's authority, newest year first."""
    return list(Return.objects.of(user.authority_id))
