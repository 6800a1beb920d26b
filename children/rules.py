"""What can be said of a child's time in care from plain dates and codes, and who may not be whose IRO."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from accounts.roles import Scope


class Spell(Protocol):
    """Anything with a first day."""

    starts_on: date


SpellType = TypeVar("SpellType", bound=Spell)

# An IRO takes no part in managing the case and has no control over the resources allocated to it.
# Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg. 46.
MANAGING_SCOPES = {
    "TEAM_MANAGER": Scope.TEAM,
    "SERVICE_MANAGER": Scope.SERVICE,
    "HEAD_OF_SERVICE": Scope.AUTHORITY,
    "ASSISTANT_DIRECTOR": Scope.AUTHORITY,
    "DIRECTOR": Scope.AUTHORITY,
}
NOT_INDEPENDENT = (
    "An IRO takes no part in managing the case and has no control over its resources"
    " (Care Planning Regulations 2010, reg. 46)."
)


def same_since(spells: Sequence[SpellType], key: Callable[[SpellType], object]) -> date | None:
    """The first day of the unbroken run of spells that share the last one's key; None for no spell.

    `spells` stand in order of their first day.
    """
    if not spells:
        return None
    now, since = key(spells[-1]), spells[-1].starts_on
    for spell in reversed(spells):
        if key(spell) != now:
            break
        since = spell.starts_on
    return since
