"""What people type about a concern."""

from .acts import AnswerForm, ConcernForm, MoveUpForm, PromiseForm, ResolutionForm

__all__ = ["AnswerForm", "ConcernForm", "MoveUpForm", "PromiseForm", "ResolutionForm"]
