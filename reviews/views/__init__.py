"""The pages about reviews."""

from .another_child import another_child
from .correcting import correct, not_held
from .dates import book, due, unbook
from .decisions import decision, list_decisions
from .finding import find_last
from .lists import list_reviews, of_child
from .pages import recorded, review
from .recording import check, record
from .sections import record_section, save_draft

__all__ = [
    "another_child",
    "book",
    "check",
    "correct",
    "decision",
    "due",
    "find_last",
    "list_decisions",
    "list_reviews",
    "not_held",
    "of_child",
    "record",
    "record_section",
    "recorded",
    "review",
    "save_draft",
    "unbook",
]
