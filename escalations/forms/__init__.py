"""What people type about a concern."""

from .acts import AnswerForm, ConcernForm, MoveUpForm, ResolutionForm, typed

__all__ = ["AnswerForm", "ConcernForm", "MoveUpForm", "ResolutionForm", "typed"]
