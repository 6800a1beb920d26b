"""From the text of a row to a post somebody fills, or the reason it cannot be."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.roles import BY_CODE, Role, Scope

from .. import checking
from ..checking import Bad
from ..reading import Row
from .checking import checked, day

MOST_OF_NAME = 150  # characters, as an account holds them
ROLES = {words.casefold(): role for role in BY_CODE.values() for words in (role.code, role.name)}


@dataclass(frozen=True)
class StaffSaid:
    """What one row says of a person and a post of theirs."""

    row: int
    email: str
    given_name: str
    family_name: str
    role: Role
    team: str
    service: str
    fte: Decimal | None
    starts_on: date | None
    ends_on: date | None


def _email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise ValueError("This must be a work e-mail address") from error
    return value.lower()


def _role(value: str) -> Role:
    if value.casefold() not in ROLES:
        raise ValueError(f"This is not one of the roles {', '.join(sorted(BY_CODE))}")
    return ROLES[value.casefold()]


def _fte(value: str) -> Decimal | None:
    if not value:
        return None
    try:
        share = Decimal(value)
    except InvalidOperation:
        share = Decimal(0)
    if not 0 < share <= 1 or share != round(share, 2):
        raise ValueError("This must be a share of a full week over 0 and up to 1, such as 0.6")
    return share


CHECKS: dict[str, checking.Check] = {
    "email": _email,
    "given_name": checking.text(MOST_OF_NAME, required=True),
    "family_name": checking.text(MOST_OF_NAME, required=True),
    "role": _role,
    "team": checking.text(120),
    "service": checking.text(120),
    "fte": _fte,
    "starts_on": day(),
    "ends_on": day(),
}


def staff_said(row: Row, *, on: date) -> StaffSaid:
    """What a row says; raises Bad for its first cell that cannot be held. `on` is today."""
    said = StaffSaid(
        row=row.number, **{column: checked(check, column, row.values[column]) for column, check in CHECKS.items()}
    )
    _check_place(said)
    if said.ends_on and said.starts_on and said.ends_on < said.starts_on:
        raise Bad("ends_on", row.values["ends_on"], "The post is left before it begins.")
    if said.starts_on and said.starts_on > on:
        raise Bad("starts_on", row.values["starts_on"], "A post is filled on its day, not before. Send the row then.")
    return said


def _check_place(said: StaffSaid) -> None:
    role = said.role
    if role.needs_team and not said.team:
        raise Bad("team", "", f"A {role.name} post needs a team.")
    if role.scope is Scope.SERVICE and not said.service:
        raise Bad("service", "", f"A {role.name} post needs a service.")
    if said.team and not role.may_have_team:
        raise Bad("team", said.team, f"A {role.name} post is in no team. Leave the cell blank.")
