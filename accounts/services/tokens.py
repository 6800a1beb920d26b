"""Machines' keys to the API: issuing, finding and revoking them."""

from datetime import datetime, timedelta

from django.db import transaction

from audit.services import record_event
from timescales.refusals import Refused

from ..models import ApiToken, User
from ..tokens import hash_of, new_token

MOST_TOKEN_DAYS = 366


@transaction.atomic
def issue_token(*, user: User, name: str, days: int, at: datetime, by: User | None = None) -> tuple[ApiToken, str]:
    """A new key to the API, good for this many days; the key itself is returned once and never kept.

    Raises Refused when the account is closed, the name is blank or the days are not 1 to 366.
    """
    if not user.is_active:
        raise Refused("That account is closed.", "user")
    if not name.strip():
        raise Refused("Give the token a name, such as the system that will use it.", "name")
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise Refused(f"A token lasts from 1 to {MOST_TOKEN_DAYS} days.", "days")
    text = new_token()
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        token_hash=hash_of(text),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    record_event(verb="token.issued", subject=token, by=by, at=at, authority_id=user.authority_id, days=days)
    return token, text


def find_token(*, token: str | bytes, at: datetime) -> ApiToken | None:
    """The key as it was sent, if it is one that opens the API at this moment."""
    return ApiToken.objects.usable(at).with_hash(hash_of(token)).first()


@transaction.atomic
def revoke_token(*, token: ApiToken, at: datetime, by: User | None = None) -> None:
    """Make a key useless from now on; revoking it again changes nothing."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
        return
    token.revoked_at = at
    record_event(verb="token.revoked", subject=token, by=by, at=at, authority_id=token.user.authority_id)
