"""The doors people use: lists, one escalation, and the acts on it."""

from .acts import move_up, raise_concern, resolve, respond
from .promises import promise
from .reading import escalation, escalations, of_child
from .setting import ladders, set_ladder, withdraw_ladder

__all__ = [
    "escalation",
    "escalations",
    "ladders",
    "move_up",
    "of_child",
    "promise",
    "raise_concern",
    "resolve",
    "respond",
    "set_ladder",
    "withdraw_ladder",
]
