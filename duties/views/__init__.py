"""The doors people use: one due date and its working, and what an authority decides about its dates and words."""

from .duty import duty
from .practice import practice, set_practice

__all__ = ["duty", "practice", "set_practice"]
