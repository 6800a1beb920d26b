"""What people type about a concern."""

from .acts import AnswerForm, ConcernForm, MoveUpForm, PromiseForm, ResolutionForm, typed

__all__ = ["AnswerForm", "ConcernForm", "MoveUpForm", "PromiseForm", "ResolutionForm", "typed"]
