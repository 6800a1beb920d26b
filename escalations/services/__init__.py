"""Everything that changes an escalation: its ladder, raising it, each answer, moving up, and how it ends."""

from .ladders import decide_ladder, set_ladder, withdraw_ladder
from .moving import move_up, resolve, respond
from .promises import end_promise
from .raising import raise_concern
from .steps import seen_in

__all__ = [
    "decide_ladder",
    "end_promise",
    "move_up",
    "raise_concern",
    "resolve",
    "respond",
    "seen_in",
    "set_ladder",
    "withdraw_ladder",
]
