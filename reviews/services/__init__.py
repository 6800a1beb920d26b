"""Everything that changes a review: when it is due, for when it is booked, what was recorded."""

from .care import end_care, start_care, withdraw_end
from .cycles import (
    Settled,
    add_reviews,
    cancel,
    schedule_next,
    settle_care,
    settle_cycles,
)
from .drafts import Saved, SectionTyped, find_draft, save_draft
from .explaining import papers_after, working_days_late
from .follow_up import follow_rating, follow_up_sentence, leave_unescalated, link_review
from .reading import (
    decisions_of,
    history_of,
    last_held_on,
    last_time,
    log_listed,
    next_review,
    open_review,
    reviews_of_child,
    reviews_seen_by,
)
from .recording import record_review
from .scheduling import book, check_booking

__all__ = [
    "Saved",
    "SectionTyped",
    "Settled",
    "add_reviews",
    "book",
    "cancel",
    "check_booking",
    "decisions_of",
    "end_care",
    "find_draft",
    "follow_rating",
    "follow_up_sentence",
    "history_of",
    "last_held_on",
    "last_time",
    "leave_unescalated",
    "link_review",
    "log_listed",
    "next_review",
    "open_review",
    "papers_after",
    "record_review",
    "reviews_of_child",
    "reviews_seen_by",
    "save_draft",
    "schedule_next",
    "settle_care",
    "settle_cycles",
    "start_care",
    "withdraw_end",
    "working_days_late",
]
