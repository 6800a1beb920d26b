"""What people type about reviews: booking, and the record section by section."""

from .correcting import CorrectionForm, NotHeldForm
from .dates import BookingForm, FindLastForm, UnbookForm
from .follow_up import FollowUpForm, follow_up_form
from .record import FOLLOW_UP, SECTIONS, Record, Section
from .sections import DecisionsForm, SectionForm, with_row_added, without_row

__all__ = [
    "FOLLOW_UP",
    "SECTIONS",
    "BookingForm",
    "CorrectionForm",
    "DecisionsForm",
    "FindLastForm",
    "FollowUpForm",
    "NotHeldForm",
    "Record",
    "Section",
    "SectionForm",
    "UnbookForm",
    "follow_up_form",
    "with_row_added",
    "without_row",
]
