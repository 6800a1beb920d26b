"""What an administrator types about services and teams."""

from typing import Any

from django import forms

from children.places import WithTeam
from screens.fields import DateField, TextField
from timescales.refusals import Refused

from .models import Service, Team

NO_SERVICE = "No service"


class PlaceForm(forms.Form):
    """A form about a service or a team, which shows a refusal beside the field it is about."""

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class NameForm(PlaceForm):
    """What a new service is called."""

    name = TextField(label="Name", called="the name", max_length=120)


class ServiceChoice(forms.ModelChoiceField):
    """One of the authority's open services, or none."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {"invalid_choice": "Choose one of the services shown: that one was closed or is not yours"}
        super().__init__(
            Service.objects.none(),
            label="Service",
            required=False,
            empty_label=NO_SERVICE,
            help_text="Its manager answers for the team's children.",
            error_messages=errors,
            **kwargs,
        )


class TeamForm(NameForm):
    """What a new team is called, and where it stands."""

    service = ServiceChoice()
    is_outside = forms.BooleanField(
        label="It is outside the council",
        required=False,
        help_text="A provider or another council's team. Its managers answer on the ladder like any other.",
    )

    def __init__(self, *args: Any, authority_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_services(self, authority_id)


class RenameForm(NameForm):
    """Another name, from a day."""

    on = DateField(label="Called so from", called="the day the name changed")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class PlacingForm(PlaceForm):
    """Which service a team stands in, and whether it is the council's own."""

    service = ServiceChoice()
    is_outside = forms.BooleanField(label="It is outside the council", required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, authority_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_services(self, authority_id)


class CloseForm(PlaceForm):
    """The last day, and why."""

    on = DateField(label="Closed on", called="the day it closed")
    reason = TextField(
        label="Why", called="why it closes", lines=3, max_length=500, help_text="Do not name a child here."
    )


class MergeForm(PlaceForm):
    """Into which team, from which day, and why."""

    into = forms.ModelChoiceField(
        Team.objects.none(),
        label="Merge into",
        empty_label="Choose a team",
        error_messages={
            "required": "Choose the team that takes over",
            "invalid_choice": "Choose one of the teams shown: that one was closed or is not yours",
        },
    )
    on = DateField(label="From", called="the day the other team takes over")
    reason = TextField(
        label="Why", called="why they merge", lines=3, max_length=500, help_text="Do not name a child here."
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Team.objects.of(team.authority_id).open().exclude(pk=team.pk)
        self.fields["into"].queryset = others.by_name()  # type: ignore[attr-defined]

    def preview(self, team: Team, moving: WithTeam) -> str:
        """What saving would do, in a sentence."""
        into = self.cleaned_data["into"]
        verb = "moves" if moving.are == "is" else "move"
        moved = f"{moving.words} {verb} to {into}" if moving != WithTeam() else "Nobody moves"
        return f"{moved[:1].upper()}{moved[1:]}, and {team} is closed."


def offer_services(form: forms.Form, authority_id: int) -> None:
    """Let the form choose among the open services of an authority."""
    form.fields["service"].queryset = Service.objects.of(authority_id).open().by_name()  # type: ignore[attr-defined]
