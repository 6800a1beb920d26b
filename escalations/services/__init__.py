"""Everything that changes an escalation: its ladder, raising it, each answer, moving up, and how it ends."""

from .ladders import set_ladder
from .moving import move_up, resolve, respond
from .raising import open_escalation, raise_concern

__all__ = [
    "move_up",
    "open_escalation",
    "raise_concern",
    "resolve",
    "respond",
    "set_ladder",
]
