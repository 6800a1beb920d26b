"""What a rating leads to, as reviews see it: rooms above decide, reviews know only this shape.

`settings.REVIEW_FOLLOW_UP` names the class; the doors make one with `follow_up()`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from screens.components import Link, SummaryRow

from .models import Review


class FollowUp(Protocol):
    """The choices a rating opens to the IRO, what they would do in words, and doing it."""

    def form(
        self, *, review: Review, rag: str, data: Any, user: User, on: date, rag_reason: str = ""
    ) -> forms.Form | None:
        """The form (prefix "follow_up") for this rating, or None when there is nothing to choose."""

    def sentence(self, *, review: Review, cleaned: Mapping[str, Any], on: date, words: Mapping[str, str]) -> str:
        """What recording will do: "This will open an informal resolution with …, to answer by 4 December 2026."."""

    def apply(self, *, review: Review, cleaned: Mapping[str, Any], by: User, at: datetime, on: date) -> None:
        """Do it, inside the transaction that records the review."""

    def outcomes(self, *, review: Review) -> Sequence[Link]:
        """What came of a recorded review's rating: who was asked what, each with its page; empty for nothing."""

    def rows(self, *, review: Review, words: Mapping[str, str]) -> Sequence[SummaryRow]:
        """What came of the rating, for the review's own page: each concern, or that none was raised and why.

        Only for those who may read the record.
        """


def follow_up() -> FollowUp:
    """The follow-up this installation is set to."""
    made: FollowUp = import_string(settings.REVIEW_FOLLOW_UP)()
    return made
