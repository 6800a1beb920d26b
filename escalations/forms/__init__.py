"""What people type about a concern, and how they filter a list of them."""

from .acts import AnswerForm, ConcernForm, MoveUpForm, ResolutionForm, typed
from .filters import FilterForm

__all__ = ["AnswerForm", "ConcernForm", "FilterForm", "MoveUpForm", "ResolutionForm", "typed"]
