"""What people type about their own sign-in, and what an administrator types about somebody's account."""

from datetime import date
from decimal import Decimal
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from authorities.models import Service, Team
from screens.fields import ChoiceField, DateField, TextField

from . import roles
from .models import User
from .services import Newcomer, NewPost, PostDetails

SHORT = {"class": "govuk-input--width-4", "inputmode": "decimal"}
EARLIEST = date(1990, 1, 1)  # no post is filled from before


def plain(form: forms.BaseForm, **labels: str) -> None:
    """Give the fields of a library's form our labels, no placeholders, and errors that say what to do."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
        field.error_messages["required"] = f"Enter your {str(field.label).lower()}"


class LoginForm(account.LoginForm):
    """Signing in with the work e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, login="Work e-mail address")
        self.fields["login"].widget.input_type = "email"
        self.fields["password"].help_text = ""

    def clean_login(self) -> str:
        """One spelling for each address, so that attempts under another are counted together."""
        return super().clean_login().lower()


class ChangePasswordForm(account.ChangePasswordForm):
    """Changing one's own password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, oldpassword="Present password", password1="New password", password2="New password again")
        self.fields["password1"].help_text = "At least 12 characters. Three random words are easy to remember."


class ResetPasswordForm(account.ResetPasswordForm):
    """Asking for a link to choose a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, email="Work e-mail address")


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    """Choosing a new password from the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, password1="New password", password2="New password again")
        self.fields["password1"].help_text = "At least 12 characters. Three random words are easy to remember."


class ReauthenticateForm(account.ReauthenticateForm):
    """Proving again who one is before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["password"].help_text = ""


class AuthenticateForm(mfa.AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code="Code")


class CodeAgainForm(mfa.ReauthenticateForm):
    """The second step, asked for again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code="Code")


class ActivateForm(totp.ActivateTOTPForm):
    """Setting up the second step with an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code="Code shown by the app")


class PersonForm(forms.Form):
    """Who the account is for."""

    given_name = TextField(label="Given name", called="the given name", max_length=80)
    family_name = TextField(label="Family name", called="the family name", max_length=80)
    email = forms.EmailField(
        label="Work e-mail address",
        max_length=150,
        help_text="They sign in with it. A link to choose a password is sent to it.",
        error_messages={
            "required": "Enter the work e-mail address",
            "invalid": "Enter an e-mail address like name@council.gov.uk",
        },
    )

    def newcomer(self) -> Newcomer:
        """The person as the services ask for them."""
        return Newcomer(**self.cleaned_data)


class ShareField(forms.DecimalField):
    """For how much of a full week."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {
            "required": "Enter the share of a full week",
            "invalid": "The share of a full week must be a number such as 0.6",
            "min_value": "The share of a full week must be more than 0",
            "max_value": "The share of a full week must be 1 or less",
            "max_decimal_places": "The share of a full week must have two decimals at most, such as 0.61",
        }
        super().__init__(
            label="Share of a full week",
            min_value=Decimal("0.01"),
            max_value=1,
            decimal_places=2,
            initial=1,
            help_text="1 is full time, 0.6 is three days.",
            error_messages=errors,
            widget=forms.TextInput(attrs=SHORT),
            **kwargs,
        )


class HoursField(forms.DecimalField):
    """How many hours a week, where that is known."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {
            "invalid": "The hours a week must be a number such as 22.5",
            "min_value": "The hours a week must be more than 0",
            "max_value": "The hours a week must be 60 or fewer",
            "max_decimal_places": "The hours a week must have two decimals at most, such as 22.25",
        }
        super().__init__(
            label="Hours a week (optional)",
            required=False,
            min_value=Decimal("0.01"),
            max_value=60,
            decimal_places=2,
            error_messages=errors,
            widget=forms.TextInput(attrs=SHORT),
            **kwargs,
        )


class PostForm(forms.Form):
    """The post a person takes up: what they do, where, and for how much of the week."""

    role = ChoiceField(
        label="Role",
        called="a role",
        help_text="A vacant post of the same role, place and share is filled before another is added.",
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label="Team",
        required=False,
        empty_label="None",
        help_text="For social workers and team managers; an Independent Reviewing Officer may have one.",
    )
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label="Service",
        required=False,
        empty_label="None",
        help_text="For service managers.",
    )
    fte = ShareField()
    hours = HoursField()
    is_agency = forms.BooleanField(label="They are employed by an agency", required=False)
    on = DateField(label="From", called="the day the post is filled from")

    def __init__(self, *args: Any, authority_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choose a role"), *roles.CHOICES]  # type: ignore[attr-defined]
        for name, model in (("team", Team), ("service", Service)):
            rows = model.objects.of(authority_id).open().by_name()
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """A day no post here can have been filled before is a slip of the hand."""
        day: date = self.cleaned_data["on"]
        if day < EARLIEST:
            raise forms.ValidationError(f"The day must be {EARLIEST:%-d %B %Y} or later")
        return day

    def clean(self) -> dict[str, Any]:
        """A team and a service are given where the role has one, and nowhere else."""
        data = super().clean() or {}
        role = roles.BY_CODE.get(data.get("role", ""))
        if role:
            self._ask_for("team", needed=role.needs_team, allowed=role.may_have_team)
            is_of_service = role.scope is roles.Scope.SERVICE
            self._ask_for("service", needed=is_of_service, allowed=is_of_service)
        return data

    def _ask_for(self, name: str, *, needed: bool, allowed: bool) -> None:
        given = self.cleaned_data.get(name)
        if needed and not given and name not in self.errors:
            self.add_error(name, f"Choose a {name}: every post of this role has one")
        if given and not allowed:
            self.add_error(name, f"Choose None: posts of this role have no {name}")

    def new_post(self) -> NewPost:
        """The post as the services ask for it."""
        named = ("role", "team", "service", "fte", "hours", "title", "is_agency")
        return NewPost(**{name: self.cleaned_data[name] for name in named if name in self.cleaned_data})


class VacancyForm(PostForm):
    """A post of the establishment that nobody fills yet."""

    title = TextField(label="Title (optional)", called="the title", max_length=120, required=False)
    on = DateField(label="From", called="the day the post begins")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_agency"]  # of who fills it
        self.fields["role"].help_text = ""


class DetailsForm(forms.Form):
    """What is put right of a post."""

    title = TextField(label="Title (optional)", called="the title", max_length=120, required=False)
    fte = ShareField()
    hours = HoursField()

    def details(self) -> PostDetails:
        """The details as the services ask for them."""
        return PostDetails(**self.cleaned_data)


class FillForm(forms.Form):
    """Who fills a vacant post, from a day."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label="Who",
        empty_label="Choose a person",
        help_text="Somebody who has an account.",
        error_messages={"required": "Choose who fills it", "invalid_choice": "Choose one of the people shown"},
    )
    is_agency = forms.BooleanField(label="They are employed by an agency", required=False)
    on = DateField(label="From", called="the day the post is filled from")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.of(by.authority_id).filter(is_service_account=False).exclude(pk=by.pk)
        self.fields["user"].queryset = people.by_name()  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The day a vacant post ends."""

    on = DateField(label="Ends on", called="the day the post ends")


class RegistrationForm(forms.Form):
    """Somebody's registration as a social worker."""

    number = TextField(
        label="Registration number",
        called="the registration number",
        max_length=20,
        required=False,
        help_text="With Social Work England, such as SW12345. Leave it empty where they have none.",
    )
    until_on = DateField(label="Renew by", called="the day it has to be renewed by", required=False)

    def clean(self) -> dict[str, Any]:
        """A day of renewal belongs to a number."""
        data = super().clean() or {}
        if data.get("until_on") and not data.get("number") and not self.errors:
            self.add_error("number", "Enter the registration number that is to be renewed")
        return data
