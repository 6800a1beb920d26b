"""Booking a review, and saying when the last one was held."""

from datetime import date
from typing import Any

from django import forms

from screens.fields import DateField, TextField
from timescales.refusals import Refused

from .. import services
from ..models import Review


class BookingForm(forms.Form):
    """The day to book; `is_late_accepted` is asked only for a day after the due date."""

    booked_for_on = DateField(
        label="What day is the review booked for?",
        help_text="For example, 27 3 2027.",
        called="the day the review is booked for",
    )
    is_late_accepted = forms.BooleanField(label="Book it all the same, after its due date", required=False)

    def __init__(self, data: Any = None, *, review: Review, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.review, self.on = review, on

    def clean_booked_for_on(self) -> date:
        """Refuse a day that cannot be booked, before a late one is asked about."""
        wanted: date = self.cleaned_data["booked_for_on"]
        try:
            services.check_booking(review=self.review, booked_for_on=wanted, on=self.on)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return wanted

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal beside the day."""
        self.add_error("booked_for_on", refusal.message)

    def hide_the_tick(self) -> None:
        """Leave out the tick while no late day has been given."""
        del self.fields["is_late_accepted"]


class FindLastForm(forms.Form):
    """When the last review was held, and where that stands."""

    held_on = DateField(
        label="What day was the last review held?",
        help_text="For example, 27 3 2026.",
        called="the day the last review was held",
    )
    evidence = TextField(
        label="Where did you find it?",
        help_text="For example, the record of that review in the child's file.",
        called="where you found it",
        lines=2,
        max_length=500,
    )

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal beside the answer it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class UnbookForm(forms.Form):
    """Why a booking is taken away."""

    reason = TextField(
        label="Why is the booking taken away?",
        called="why the booking is taken away",
        lines=2,
        max_length=500,
    )
