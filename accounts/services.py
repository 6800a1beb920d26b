"""Everything that changes who works here: accounts, posts, who fills them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from audit.services import record_event
from authorities.models import Authority, Service, Team
from timescales.refusals import Refused

from .models import ApiToken, HeldPost, Holding, Post, User
from .roles import BY_CODE, Scope
from .tokens import hash_of, new_token

MOST_TOKEN_DAYS = 366
MOST_HELD = 20  # forms of one person; the oldest goes first
HELD_DAYS = 14


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

    Raises Refused when the e-mail address already has an account.
    """
    username = username.strip().lower()
    if User.objects.filter(username=username).exists():
        raise Refused("That e-mail address already has an account.", "username")
    user = User(
        authority=authority,
        username=username,
        email=username,
        first_name=given_name,
        last_name=family_name,
        is_service_account=is_service_account,
    )
    user.set_password(password)
    user.save()
    record_event(verb="account.opened", subject=user, by=by, at=at, authority_id=authority.pk)
    return user


@transaction.atomic
def open_post(
    *,
    authority: Authority,
    role: str,
    starts_on: date,
    team: Team | None = None,
    service: Service | None = None,
    fte: Decimal | str | int = 1,
    title: str = "",
) -> Post:
    """Open a post in the establishment, with the group its holders see children through.

    `fte` is the share of a full week, over 0 and up to 1. Raises Refused when the role needs a team or a
    service and none is given.
    """
    scope = BY_CODE[role].scope
    if scope is Scope.TEAM and team is None:
        raise Refused(f"A {BY_CODE[role].name} post needs a team.", "team")
    if scope is Scope.SERVICE and service is None:
        raise Refused(f"A {BY_CODE[role].name} post needs a service.", "service")
    group = None
    name = group_name(role, team, service)
    if name:
        group, _ = Group.objects.get_or_create(name=name)
    return Post.objects.create(
        authority=authority,
        role=role,
        starts_on=starts_on,
        team=team,
        service=service,
        fte=Decimal(fte),
        title=title,
        group=group,
    )


def group_name(role: str, team: Team | None, service: Service | None) -> str | None:
    """The name of the group that holds guardian's rows for a role in a team or a service; None for other roles."""
    scope = BY_CODE[role].scope
    place = {Scope.TEAM: team, Scope.SERVICE: service}.get(scope)
    return f"{role}:{scope}:{place.pk}" if place else None


@transaction.atomic
def fill_post(*, post: Post, user: User, on: date, at: datetime, by: User | None = None) -> Holding:
    """Put a person in a post from a day, and in its group.

    Raises Refused when the post is filled or closed, or belongs to another authority.
    """
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if post.authority_id != user.authority_id:
        raise Refused("That person belongs to another authority.", "user")
    if post.ends_on is not None:
        raise Refused("That post has been closed.", "post")
    if post.holdings.filter(ends_on__isnull=True).exists():
        raise Refused("Somebody already fills that post. End that first.", "post")
    if on > localdate(at):
        raise Refused("A post is filled on the day, not before. Record it then.", "on")
    if not user.is_active:
        raise Refused("That account is closed.", "user")
    _refuse_managing_own_children(post, user)
    holding = Holding.objects.create(post=post, user=user, starts_on=on)
    derive_groups(user=user)
    record_event(verb="post.filled", subject=holding, by=by, at=at, authority_id=post.authority_id, role=post.role)
    return holding


def _refuse_managing_own_children(post: Post, user: User) -> None:
    """An IRO manages no child whose IRO they are (Care Planning Regulations 2010, reg. 46)."""
    role = BY_CODE[post.role]
    if not role.manages_cases:
        return
    own = user.allocations.filter(kind="IRO", ends_on__isnull=True)
    reached = {
        Scope.TEAM: {"child__team_allocations__team": post.team_id},
        Scope.SERVICE: {"child__team_allocations__team__service": post.service_id},
    }.get(role.scope)
    if reached is not None:
        own = own.filter(child__team_allocations__ends_on__isnull=True, **reached)
    count = own.count()
    if count:
        raise Refused(
            f"That person is the IRO of {count} of the children this post manages, and an IRO takes no part in"
            " managing the case (Care Planning Regulations 2010, reg. 46). Allocate them to another IRO first.",
            "role",
        )


@transaction.atomic
def leave_post(*, holding: Holding, on: date, at: datetime, by: User | None = None) -> None:
    """End somebody's time in a post, on a day that is not in the future: what it opened closes at once."""
    if on > localdate(at) or on < holding.starts_on:
        raise Refused("Give a day from the start of the post up to today.", "on")
    _refuse_leaving_children(holding)
    Holding.objects.filter(pk=holding.pk, ends_on__isnull=True).update(ends_on=on)
    derive_groups(user=holding.user)
    record_event(
        verb="post.left",
        subject=holding,
        by=by,
        at=at,
        authority_id=holding.post.authority_id,
        role=holding.post.role,
    )


def _refuse_leaving_children(holding: Holding) -> None:
    role, user = holding.post.role, holding.user
    if BY_CODE[role].scope is not Scope.ALLOCATED or not user.is_active:
        return
    if Holding.objects.of_user(user.pk).filter(post__role=role).exclude(pk=holding.pk).exists():
        return
    count = user.allocations.filter(kind=role, ends_on__isnull=True).count()
    if count:
        children = "1 child is" if count == 1 else f"{count} children are"
        raise Refused(f"{children} allocated to {user}. Allocate them to somebody else first.", "post")


@transaction.atomic
def deactivate(*, user: User, at: datetime, by: User | None = None) -> None:
    """Close an account: it sees nothing from the next request on, and its sessions end."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
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


def derive_groups(*, user: User) -> None:
    """Make the person's groups those of the posts they hold now."""
    groups = Holding.objects.of_user(user.pk).filter(post__group__isnull=False).values_list("post__group", flat=True)
    user.groups.set(list(groups))


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
    if token.revoked_at is not None:
        return
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=at)
    token.revoked_at = at
    record_event(verb="token.revoked", subject=token, by=by, at=at, authority_id=token.user.authority_id)


@transaction.atomic
def hold_post(*, user: User, path: str, fields: list[tuple[str, list[str]]], at: datetime) -> HeldPost:
    """Keep what somebody sent after their session had ended, until they are back to send it again."""
    held = HeldPost.objects.create(user=user, path=path, fields=fields, held_at=at)
    kept = HeldPost.objects.filter(user=user).order_by("-held_at", "-pk").values_list("pk", flat=True)[:MOST_HELD]
    HeldPost.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    return held


def forget_held_post(*, user: User, uuid: UUID | str) -> None:
    """Drop a held form that has been sent again; one that is not theirs, or malformed, is left alone."""
    try:
        HeldPost.objects.filter(user=user, uuid=uuid).delete()
    except ValidationError:
        return


@transaction.atomic
def tidy(*, at: datetime) -> int:
    """Drop sessions that have run out and forms held for more than HELD_DAYS days; the number of forms dropped."""
    Session.objects.filter(expire_date__lt=at).delete()
    dropped, _ = HeldPost.objects.filter(held_at__lt=at - timedelta(days=HELD_DAYS)).delete()
    return dropped
