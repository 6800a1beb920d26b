"""Who works with the child, and whose looks at a record are asked for."""

from types import EllipsisType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import allocated_as
from authorities.models import Team
from screens.cells import day
from screens.fields import ChoiceField, DateField, TextField
from timescales.refusals import Refused

from .models import Allocation, Child, Episode, TeamAllocation
from .rules import EPISODE_FIELDS, EpisodeGiven
from .services import AllocationMade, whose
from .words import WORDS, in_words


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


class EpisodeForm(forms.Form):
    """An episode as it stands, to be changed, and why."""

    starts_on = DateField(label="What day did it begin?", called="the day it began")
    reason_started = ChoiceField(label="Why did it begin?", called="why it began")
    legal_status = ChoiceField(label="Legal status", called="the legal status")
    category_of_need = ChoiceField(label="Need", called="the need")
    placement_type = ChoiceField(label="Placement", called="the placement", required=False)
    placement_provider = ChoiceField(label="Provider", called="the provider", required=False)
    reason_place_changed = ChoiceField(label="Why did the placement change?", called="why", required=False)
    home_postcode = TextField(label="Home postcode", required=False, max_length=8)
    placement_postcode = TextField(label="Placement postcode", required=False, max_length=8)
    urn = TextField(label="URN of the placement", required=False, max_length=10)
    ends_on = DateField(
        label="What day did it end?", help_text="Leave it empty while it goes on.", called="its end", required=False
    )
    reason_ended = ChoiceField(label="Why did it end?", called="why it ended", required=False)
    reason = TextField(label="Why is it corrected?", called="why it is corrected", lines=3, max_length=2_000)

    def __init__(self, *args: Any, episode: Episode, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(episode, name) for name in EPISODE_FIELDS}
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, ChoiceField):
                field.required = field.required and bool(self.initial[name])  # a return may have left it blank
                field.choices = _choices(name, str(self.initial[name]), is_asked=field.required)

    @property
    def made(self) -> EpisodeGiven:
        """What a valid form says the episode should be."""
        return EpisodeGiven(**{name: self.cleaned_data[name] for name in EPISODE_FIELDS})


def _choices(name: str, stands: str, *, is_asked: bool) -> list[tuple[str, str]]:
    """The codes of a field with their meanings, the one that stands among them; none, where it need not be given."""
    codes = [stands, *WORDS[name]] if stands and stands not in WORDS[name] else [*WORDS[name]]
    known = [(code, in_words(name, code)) for code in codes]
    return known if is_asked else [("", "Not given"), *known]


class AllocationForm(forms.Form):
    """Whose an allocation was and from when, or that it was made by mistake; and why."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label="Who was it?",
        empty_label=None,
        error_messages={"invalid_choice": "Choose one of those shown"},
    )
    starts_on = DateField(label="From what day?", called="the day the allocation began")
    is_mistake = forms.BooleanField(
        label="It was made by mistake: take it away",
        help_text="The allocation that it had ended then goes on.",
        required=False,
    )
    reason = TextField(label="Why is it corrected?", called="why it is corrected", lines=3, max_length=2_000)

    def __init__(self, *args: Any, allocation: Allocation | TeamAllocation, **kwargs: Any) -> None:
        self.who = "user" if isinstance(allocation, Allocation) else "team"
        stands = whose(allocation)
        kwargs["initial"] = {self.who: stands.pk, "starts_on": allocation.starts_on}
        super().__init__(*args, **kwargs)
        if isinstance(allocation, TeamAllocation):
            self.fields = {"team": self.fields.pop("user"), **self.fields}
        field = self.fields[self.who]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = _who_may_be(allocation, stands.pk)
        field.label = "Which team was it?" if self.who == "team" else field.label

    @property
    def made(self) -> AllocationMade:
        """What a valid form says the allocation should be."""
        is_mistake = self.cleaned_data["is_mistake"]
        return AllocationMade(None if is_mistake else self.cleaned_data[self.who], self.cleaned_data["starts_on"])


def _who_may_be(allocation: Allocation | TeamAllocation, stands: int) -> QuerySet[Any]:
    """Those whose it may have been, and whose it is said to have been."""
    if isinstance(allocation, TeamAllocation):
        return Team.objects.filter(authority_id=allocation.authority_id).order_by("name")
    fitting = User.objects.of(allocation.authority_id).with_role(*allocated_as(allocation.kind))
    return User.objects.filter(Q(pk__in=fitting.values("pk")) | Q(pk=stands)).by_name()


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
