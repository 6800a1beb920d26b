"""Everything that changes an authority, its services and teams, and the calendar.

What closes or merges a team moves children and posts too: that is `children.services`.
"""

from .authorities import add_authority
from .holidays import add_holiday, remove_holiday
from .policies import add_policy, columns_of
from .structure import (
    add_service,
    add_team,
    close,
    lock_service,
    lock_team,
    open_service,
    open_team,
    refuse_closed,
    rename,
    reopen,
)

__all__ = [
    "add_authority",
    "add_holiday",
    "add_policy",
    "add_service",
    "add_team",
    "close",
    "columns_of",
    "lock_service",
    "lock_team",
    "open_service",
    "open_team",
    "refuse_closed",
    "remove_holiday",
    "rename",
    "reopen",
]
