"""Everything that changes a child's place here: care, people, and who may see the record."""

from ..access_rows import derive_access
from .care import add_child, end_care, start_care
from .locks import lock_child
from .names import folded
from .people import allocate, end_allocation, move_team
from .reading import children_seen_by, open_record, search_access_log

__all__ = [
    "add_child",
    "allocate",
    "children_seen_by",
    "derive_access",
    "end_allocation",
    "end_care",
    "folded",
    "lock_child",
    "move_team",
    "open_record",
    "search_access_log",
    "start_care",
]
