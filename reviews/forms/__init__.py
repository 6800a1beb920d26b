"""What people type about reviews: booking, asking, filtering, and the record section by section."""

from .dates import BookingForm, MoveForm
from .lists import OPEN, STANDINGS, FilterForm
from .record import FOLLOW_UP, SECTIONS, Record, Section
from .sections import DecisionsForm, SectionForm, with_row_added, without_row

__all__ = [
    "FOLLOW_UP",
    "OPEN",
    "SECTIONS",
    "STANDINGS",
    "BookingForm",
    "DecisionsForm",
    "FilterForm",
    "MoveForm",
    "Record",
    "Section",
    "SectionForm",
    "with_row_added",
    "without_row",
]
