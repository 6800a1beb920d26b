"""Everything that changes a review: when it is due, for when it is booked, what was recorded."""

from .another_child import UNKNOWN, ToAnother, foresee_another, move_to_another
from .care import end_care, settle_again, start_care, withdraw_end
from .correcting import cancel_record, correct_review, unbook
from .correcting_care import CareCorrected, correct_episode, foresee_episode
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
    "UNKNOWN",
    "CareCorrected",
    "Moved",
    "Saved",
    "SectionTyped",
    "Settled",
    "ToAnother",
    "add_reviews",
    "book",
    "cancel",
    "cancel_record",
    "check_booking",
    "correct_episode",
    "correct_review",
    "end_care",
    "find_draft",
    "find_in_file",
    "find_last",
    "follow_rating",
    "follow_up_sentence",
    "foresee_another",
    "foresee_episode",
    "foresee_move",
    "history_of",
    "leave_unescalated",
    "link_review",
    "mark_decision",
    "move_to_another",
    "record_review",
    "save_draft",
    "settle_again",
    "settle_care",
    "settle_cycles",
    "start_care",
    "unbook",
    "withdraw_end",
]
