"""Opening and closing accounts."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.timezone import localdate

from audit.services import record_event
from authorities.models import Authority
from timescales.refusals import Refused

from ..models import Holding, User
from ..roles import Permission, roles_with
from .posts import NewPost, employ, leave_post, lock_person


@dataclass(frozen=True)
class Newcomer:
    """Somebody an account is opened for: their name, and the work e-mail address they sign in with."""

    given_name: str
    family_name: str
    email: str


@transaction.atomic
def open_account(
    *,
    authority: Authority,
    username: str,
    given_name: str,
    family_name: str,
    password: str | None,
    at: datetime,
    by: User | None = None,
    is_service_account: bool = False,
) -> User:
    """Open an account; without a password nobody can sign in to it until one is set.

    Raises Refused when the e-mail address already has an account, also one opened at this very moment.
    """
    username = username.strip().lower()
    user, is_new = User.objects.get_or_create(
        username=username,
        defaults={
            "authority": authority,
            "email": username,
            "first_name": given_name,
            "last_name": family_name,
            "is_service_account": is_service_account,
            "password": make_password(password),
        },
    )
    if not is_new:
        raise Refused("That e-mail address already has an account.", "username")
    record_event(verb="account.opened", subject=user, by=by, at=at, authority_id=authority.pk)
    return user


@transaction.atomic
def open_account_with_post(
    *, authority: Authority, person: Newcomer, post: NewPost, on: date, at: datetime, by: User | None = None
) -> User:
    """Open somebody's account and put them in their first post from a day, both or neither.

    Raises Refused as `open_account` and `employ` do.
    """
    user = open_account(
        authority=authority,
        username=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        password=None,
        at=at,
        by=by,
    )
    employ(user=user, post=post, on=on, at=at, by=by)
    return user


@transaction.atomic
def open_first_administrator(
    *, authority: Authority, person: Newcomer, on: date, at: datetime, by: User | None = None
) -> User:
    """Open the account of an authority's first system administrator, who opens all the others.

    Raises Refused where somebody looks after its accounts already, and as `open_account` does.
    """
    Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    there = User.objects.of(authority.pk).with_role(*roles_with(Permission.MANAGE_ACCOUNTS)).by_name().first()
    if there:
        raise Refused(
            f"{authority} has a system administrator already: {there}, {there.username}, who opens the other"
            f" accounts. Where they cannot sign in, run: manage.py password_link {there.username}",
            "administrator",
        )
    post = NewPost(role="SYSTEM_ADMINISTRATOR")
    return open_account_with_post(authority=authority, person=person, post=post, on=on, at=at, by=by)


@transaction.atomic
def register(*, user: User, number: str, until_on: date | None, at: datetime, by: User | None = None) -> None:
    """Note somebody's registration as a social worker, and by when it is renewed; the same again changes nothing."""
    person = lock_person(user.pk)
    if (person.registration_number, person.registration_until_on) == (number, until_on):
        return
    User.objects.filter(pk=user.pk).update(registration_number=number, registration_until_on=until_on)
    record_event(verb="account.registered", subject=user, by=by, at=at, authority_id=user.authority_id)


def note_password_link(*, user: User, at: datetime, by: User | None = None) -> None:
    """Note that a link to choose this person's password was given out otherwise than by mail to them."""
    record_event(verb="password_link.made", subject=user, by=by, at=at, authority_id=user.authority_id)


@transaction.atomic
def deactivate(*, user: User, at: datetime, by: User | None = None) -> None:
    """Close an account: it sees nothing from the next request on, and its sessions end.

    Closing it again changes nothing.
    """
    was_active = lock_person(user.pk).is_active
    user.is_active = False
    if not was_active:
        return
    User.objects.filter(pk=user.pk).update(is_active=False)
    for holding in Holding.objects.of_user(user.pk).select_related("post"):
        leave_post(holding=holding, on=max(localdate(at), holding.starts_on), at=at, by=by)
    end_sessions(user=user)
    record_event(verb="account.closed", subject=user, by=by, at=at, authority_id=user.authority_id)


def end_sessions(*, user: User) -> None:
    """Sign the person out everywhere."""
    from allauth.usersessions.models import UserSession

    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    UserSession.objects.filter(user=user).delete()
