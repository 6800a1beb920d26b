"""The establishment's posts: opening one, filling it, leaving it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from audit.services import record_event
from authorities.models import Authority, Service, Team
from authorities.services import lock_service, lock_team, refuse_closed
from timescales.refusals import Conflict, Refused

from ..models import Holding, Post, User
from ..roles import BY_CODE, Scope, allocated_as


@dataclass(frozen=True)
class NewPost:
    """A post to be opened or filled: what its holder does, where, for what share of a week, and who pays them."""

    role: str
    team: Team | None = None
    service: Service | None = None
    fte: Decimal | str | int = 1
    hours: Decimal | None = None  # a week, where it is known
    title: str = ""
    is_agency: bool = False  # of its holder


def lock_person(user_id: int) -> User:
    """The person as they stand now, held until the transaction ends.

    For whoever gives this person a child or a post, or takes one away: docs/decisions/0009-one-order-of-locks.md.
    """
    person: User = User.objects.select_for_update(no_key=True).get(pk=user_id)
    return person


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
    service and none is given, Conflict when it has been closed.
    """
    post = NewPost(role=role, team=team, service=service, fte=fte, title=title)
    return add_post(authority=authority, post=post, starts_on=starts_on)


@transaction.atomic
def add_post(*, authority: Authority, post: NewPost, starts_on: date) -> Post:
    """Open a post as `open_post` does, with all that is known of it."""
    scope = BY_CODE[post.role].scope
    if scope is Scope.TEAM and post.team is None:
        raise Refused(f"A {BY_CODE[post.role].name} post needs a team.", "team")
    if scope is Scope.SERVICE and post.service is None:
        raise Refused(f"A {BY_CODE[post.role].name} post needs a service.", "service")
    if post.team:
        refuse_closed(lock_team(post.team.pk), "team")
    if post.service:
        refuse_closed(lock_service(post.service.pk), "service")
    group = None
    name = group_name(post.role, post.team, post.service)
    if name:
        group, _ = Group.objects.get_or_create(name=name)
    return Post.objects.create(
        authority=authority,
        role=post.role,
        starts_on=starts_on,
        team=post.team,
        service=post.service,
        fte=Decimal(post.fte),
        hours=post.hours,
        title=post.title,
        group=group,
    )


def group_name(role: str, team: Team | None, service: Service | None) -> str | None:
    """The name of the group that holds guardian's rows for a role in a team or a service; None for other roles."""
    scope = BY_CODE[role].scope
    place = {Scope.TEAM: team, Scope.SERVICE: service}.get(scope)
    return f"{role}:{scope}:{place.pk}" if place else None


@transaction.atomic
def employ(*, user: User, post: NewPost, on: date, at: datetime, by: User | None = None) -> Holding:
    """Put somebody in a post from a day; the same again gives back what they hold.

    A vacant post of the same role, place and share is filled before another is opened, so that a replacement leaves
    the establishment as it was. Raises Refused as `open_post` and `fill_post` do.
    """
    person = lock_person(user.pk)
    same = Holding.objects.of_user(person.pk).filter(
        starts_on=on, post__role=post.role, post__team=post.team, post__service=post.service, post__fte=post.fte
    )
    held = same.first()
    if held:
        return held
    to_fill = _vacancy(person.authority_id, post, on)
    if to_fill is None:
        to_fill = add_post(authority=person.authority, post=post, starts_on=on)
    return fill_post(post=to_fill, user=person, on=on, at=at, by=by, is_agency=post.is_agency)


def _vacancy(authority_id: int, post: NewPost, on: date) -> Post | None:
    """A post like this that nobody fills and nobody had filled after that day; the one vacant longest."""
    like = Post.objects.of(authority_id).vacant().filter(role=post.role, team=post.team, service=post.service)
    vacant = like.filter(fte=post.fte, title=post.title, starts_on__lte=on).exclude(holdings__ends_on__gt=on)
    return vacant.order_by("starts_on", "pk").first()


@transaction.atomic
def fill_post(
    *, post: Post, user: User, on: date, at: datetime, by: User | None = None, is_agency: bool = False
) -> Holding:
    """Put a person in a post from a day, and in its group; the same again gives back what they hold.

    Raises Refused when the post is closed or belongs to another authority, Conflict when somebody fills it.
    """
    person = lock_person(user.pk)
    now = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    held = _held_already(now, person, on)
    if held:
        return held
    if now.authority_id != person.authority_id:
        raise Refused("That person belongs to another authority.", "user")
    if now.ends_on is not None:
        raise Refused("That post has been closed.", "post")
    if on > localdate(at):
        raise Refused("A post is filled on the day, not before. Record it then.", "on")
    _refuse_before_vacant(now, on)
    if not person.is_active:
        raise Refused("That account is closed.", "user")
    _refuse_managing_own_children(now, person)
    holding = Holding.objects.create(post=now, user=user, starts_on=on, is_agency=is_agency)
    derive_groups(user=user)
    record_event(verb="post.filled", subject=holding, by=by, at=at, authority_id=now.authority_id, role=now.role)
    return holding


def _held_already(post: Post, person: User, on: date) -> Holding | None:
    held = post.holdings.filter(ends_on__isnull=True).first()
    if held is None or (held.user_id, held.starts_on) == (person.pk, on):
        return held
    raise Conflict(f"{held.user} fills that post, since {held.starts_on:%-d %B %Y}. End that first.", "post")


def _refuse_before_vacant(post: Post, on: date) -> None:
    """Nobody fills a post before it was opened, or while somebody else still did."""
    if on < post.starts_on:
        raise Refused(f"That post was opened on {post.starts_on:%-d %B %Y}. Give that day or a later one.", "on")
    left = post.holdings.aggregate(last=Max("ends_on"))["last"]
    if left and on < left:
        raise Refused(f"That post was filled until {left:%-d %B %Y}. Give that day or a later one.", "on")


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
    """End somebody's time in a post, on a day that is not in the future: what it opened closes at once.

    Ending it again on the same day changes nothing. Raises Conflict when it was ended on another day, Refused for
    an impossible day, and while children are allocated to them who need somebody in such a post.
    """
    person = lock_person(holding.user_id)
    held = Holding.objects.get(pk=holding.pk)
    if held.ends_on == on:
        return
    if held.ends_on is not None:
        raise Conflict(f"{person} has already left that post, on {held.ends_on:%-d %B %Y}.", "on")
    if on > localdate(at) or on < held.starts_on:
        raise Refused("Give a day from the start of the post up to today.", "on")
    _refuse_leaving_children(held, person)
    Holding.objects.filter(pk=held.pk).update(ends_on=on)
    derive_groups(user=person)
    record_event(
        verb="post.left",
        subject=held,
        by=by,
        at=at,
        authority_id=held.post.authority_id,
        role=held.post.role,
    )


def _refuse_leaving_children(holding: Holding, person: User) -> None:
    """Nobody leaves the last post through which a child is allocated to them; a closed account leaves them all."""
    if not person.is_active:
        return
    kind = BY_CODE[holding.post.role].allocated_as
    others = Holding.objects.of_user(person.pk).exclude(pk=holding.pk)
    if not kind or others.filter(post__role__in=allocated_as(kind)).exists():
        return
    count = person.allocations.filter(kind=kind, ends_on__isnull=True).count()
    if count:
        children = "1 child is" if count == 1 else f"{count} children are"
        raise Refused(f"{children} allocated to {person}. Allocate them to somebody else first.", "post")


def derive_groups(*, user: User) -> None:
    """Make the person's groups those of the posts they hold now."""
    groups = Holding.objects.of_user(user.pk).filter(post__group__isnull=False).values_list("post__group", flat=True)
    user.groups.set(list(groups))
