"""What people type about reviews: booking, and the record section by section."""

from .correcting import AnotherChildForm, CorrectionForm, NotHeldForm
from .dates import BookingForm, FindLastForm, UnbookForm
from .follow_up import FollowUpForm, follow_up_form
from .outcomes import OutcomeForm
from .record import FOLLOW_UP, LAST_TIME, SECTIONS, Record, Section
from .sections import DecisionsForm, SectionForm, with_row_added, without_row

__all__ = [
    "FOLLOW_UP",
    "LAST_TIME",
    "SECTIONS",
    "AnotherChildForm",
    "BookingForm",
    "CorrectionForm",
    "DecisionsForm",
    "FindLastForm",
    "FollowUpForm",
    "NotHeldForm",
    "OutcomeForm",
    "Record",
    "Section",
    "SectionForm",
    "UnbookForm",
    "follow_up_form",
    "with_row_added",
    "without_row",
]
