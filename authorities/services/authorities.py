"""Making an authority."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from timescales.refusals import Refused

from ..models import Authority, Policy


@transaction.atomic
def add_authority(*, code: str, name: str, on: date, is_demonstration: bool = False, **policy: Any) -> Authority:
    """Create an authority with its first policy, default unless named in `policy`.

    Raises Refused when the code is malformed or taken, or the name is missing or too long.
    """
    authority = Authority(code=code, name=name.strip(), is_demonstration=is_demonstration)
    try:
        authority.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    authority.save()
    Policy.objects.create(authority=authority, starts_on=on, **policy)
    return authority
