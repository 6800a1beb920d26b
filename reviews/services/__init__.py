"""Everything that changes a review: when it is due, for when it is booked, what was recorded."""

from .care import end_care, settle_again, start_care, withdraw_end
from .correcting import cancel_record, correct_review, unbook
from .courses import history_of
from .cycles import add_reviews, cancel
from .drafts import Saved, SectionTyped, find_draft, save_draft
from .finding import find_in_file, find_last
from .follow_up import follow_rating, follow_up_sentence, leave_unescalated, link_review
from .moving import Moved, foresee_move
from .outcomes import mark_decision
from .recording import record_review
from .scheduling import book, check_booking
from .settling import Settled, settle_care, settle_cycles

__all__ = [
    "Moved",
    "Saved",
    "SectionTyped",
    "Settled",
    "add_reviews",
    "book",
    "cancel",
    "cancel_record",
    "check_booking",
    "correct_review",
    "end_care",
    "find_draft",
    "find_in_file",
    "find_last",
    "follow_rating",
    "follow_up_sentence",
    "foresee_move",
    "history_of",
    "leave_unescalated",
    "link_review",
    "mark_decision",
    "record_review",
    "save_draft",
    "settle_again",
    "settle_care",
    "settle_cycles",
    "start_care",
    "unbook",
    "withdraw_end",
]
