"""Everything that changes a review: when it is due, for when it is booked, what was recorded."""

from .drafts import find_draft, save_draft
from .reading import open_review
from .recording import record_review
from .scheduling import (
    STORED_DATES,
    book,
    cancel,
    close_cycle,
    dates_for,
    redate_open_reviews,
    schedule_next,
    start_cycle,
    unsaved_review,
)

__all__ = [
    "STORED_DATES",
    "book",
    "cancel",
    "close_cycle",
    "dates_for",
    "find_draft",
    "open_review",
    "record_review",
    "redate_open_reviews",
    "save_draft",
    "schedule_next",
    "start_cycle",
    "unsaved_review",
]
