"""What people ask of due dates, and what they decide about them."""

from .moving import MoveForm
from .practice import PracticeForm

__all__ = ["MoveForm", "PracticeForm"]
