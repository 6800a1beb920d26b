"""Who works with the child, and whose looks at a record are asked for."""

from types import EllipsisType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import allocated_as
from authorities.models import Team
from screens.cells import day
from screens.fields import DateField, TextField
from timescales.refusals import Refused

from .models import Allocation, Child


class ReplaceForm(forms.Form):
    """Who or what follows from a day; tells what stands now, and knows what stood when its page was opened."""

    chosen: str  # the field that names who or what follows
    seen = forms.IntegerField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": "Open this page again"}
    )

    def __init__(self, *args: Any, live: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.live = live.select_related(self.chosen)
        self.tell_what_stands()

    def tell_what_stands(self) -> None:
        """Read what stands now into the hint and the hidden field."""
        stands = self.live.first()
        since = f"Now {getattr(stands, self.chosen)}, since {day(stands.starts_on)}" if stands else "None now"
        self.fields[self.chosen].help_text = since
        self.fields["seen"].initial = stands.pk if stands else None

    def was_seen(self) -> int | EllipsisType | None:
        """The key of what the page showed as standing; Ellipsis from a page that does not say."""
        return self.cleaned_data["seen"] if self.add_prefix("seen") in self.data else ...

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal beside its field, and show from here on what stands now."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        self.tell_what_stands()
        self.data = {**dict(self.data.items()), self.add_prefix("seen"): self.fields["seen"].initial or ""}


class AllocateForm(ReplaceForm):
    """One person of the right role, from a day."""

    chosen = "user"
    user = forms.ModelChoiceField(User.objects.none(), empty_label="Choose a person")
    on = DateField(label="From", called="the day the allocation begins")

    def __init__(self, *args: Any, child: Child, kind: str, **kwargs: Any) -> None:
        live = child.allocations.filter(kind=kind, ends_on__isnull=True)
        super().__init__(*args, live=live, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.of(child.authority_id).with_role(*allocated_as(kind)).by_name()
        field.label = Allocation.Kind(kind).label[:1].upper() + Allocation.Kind(kind).label[1:]
        field.error_messages["required"] = f"Choose the {Allocation.Kind(kind).label}"
        field.error_messages["invalid_choice"] = "Choose one of the people shown"
        self.fields["on"].label = f"{field.label} from"


class MoveTeamForm(ReplaceForm):
    """The team responsible, from a day."""

    chosen = "team"
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label="Team",
        empty_label="Choose a team",
        error_messages={"required": "Choose the team", "invalid_choice": "Choose one of the teams shown"},
    )
    on = DateField(label="Team from", called="the day the team takes over")

    def __init__(self, *args: Any, child: Child, **kwargs: Any) -> None:
        super().__init__(*args, live=child.team_allocations.filter(ends_on__isnull=True), **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.of(child.authority_id).open().by_name()


class AccessLogForm(forms.Form):
    """A child by reference, or a member of staff by e-mail address."""

    reference = TextField(label="Child's reference", required=False, max_length=40)
    email = TextField(label="Or a member of staff's work e-mail address", required=False, max_length=150)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("reference")) == bool(data.get("email")):
            raise ValidationError("Enter a child's reference or an e-mail address, one of the two")
        return data

    def say_unknown(self) -> None:
        """That the searcher's authority has no such child or account; whether another has is not told."""
        if self.cleaned_data.get("reference"):
            self.add_error("reference", "No child of your authority has this reference")
        else:
            self.add_error("email", "No account of your authority has this address")
