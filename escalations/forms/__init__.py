"""What people type about a concern, and how they filter a list of them."""

from .acts import AnswerForm, ConcernForm, MoveUpForm, ResolutionForm, typed
from .filters import FilterForm
from .rating import RatingForm

__all__ = ["AnswerForm", "ConcernForm", "FilterForm", "MoveUpForm", "RatingForm", "ResolutionForm", "typed"]
