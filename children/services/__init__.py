"""Everything that changes a child's place here: care, people, and who may see the record."""

from ..access_rows import derive_access
from .access_log import search_access_log
from .allocations import add_allocations
from .batches import BATCH, Batch, by_child
from .care import add_child, add_children, end_care_period, open_care_period, withdraw_care_end
from .correcting import (
    Change,
    EpisodePlan,
    corrections_of_episodes,
    keep_facts,
    plan_episode,
    read_back,
    refuse_corrected_since,
)
from .correcting_people import (
    AllocationMade,
    AllocationPlan,
    correct_allocation,
    foresee_allocation,
    kind_of,
    whose,
)
from .locks import lock_child, lock_children
from .names import folded
from .people import allocate, end_allocation, move_team
from .places import Merge, close_service, close_team, merge_teams, place_team
from .settling import Care, CarePlan, lock_care, plan_care, spells, write_care

__all__ = [
    "BATCH",
    "AllocationMade",
    "AllocationPlan",
    "Batch",
    "Care",
    "CarePlan",
    "Change",
    "EpisodePlan",
    "Merge",
    "add_allocations",
    "add_child",
    "add_children",
    "allocate",
    "by_child",
    "close_service",
    "close_team",
    "correct_allocation",
    "corrections_of_episodes",
    "derive_access",
    "end_allocation",
    "end_care_period",
    "folded",
    "foresee_allocation",
    "keep_facts",
    "kind_of",
    "lock_care",
    "lock_child",
    "lock_children",
    "merge_teams",
    "move_team",
    "open_care_period",
    "place_team",
    "plan_care",
    "plan_episode",
    "read_back",
    "refuse_corrected_since",
    "search_access_log",
    "spells",
    "whose",
    "withdraw_care_end",
    "write_care",
]
