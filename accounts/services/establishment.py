"""The establishment as an administrator keeps it: posts changed, ended, and moved with their team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from audit.services import record_event
from authorities.models import Authority, Team
from timescales.refusals import Conflict, Refused

from ..models import Holding, Post, User
from .posts import NewPost, add_post, derive_groups


@dataclass(frozen=True)
class PostDetails:
    """What may be put right of a post: its title, its share of a full week, its hours."""

    title: str
    fte: Decimal
    hours: Decimal | None


@transaction.atomic
def open_vacancy(*, authority: Authority, post: NewPost, on: date, at: datetime, by: User | None = None) -> Post:
    """Add a post to the establishment, vacant until somebody fills it. Raises Refused for a day in the future."""
    if on > localdate(at):
        raise Refused("Give today or a day before. Record what is planned on the day.", "on")
    opened = add_post(authority=authority, post=post, starts_on=on)
    _log("post.opened", opened, at, by)
    return opened


@transaction.atomic
def change_post(*, post: Post, details: PostDetails, at: datetime, by: User | None = None) -> None:
    """Put right what is said of a post; the same again changes nothing. Raises Conflict where it has ended."""
    now = _lock(post)
    if now.ends_on:
        raise Conflict(f"That post was ended on {now.ends_on:%-d %B %Y}.")
    if (now.title, now.fte, now.hours) == (details.title, details.fte, details.hours):
        return
    now.title, now.fte, now.hours = details.title, details.fte, details.hours
    now.save(update_fields=["title", "fte", "hours"])
    _log("post.changed", now, at, by)


@transaction.atomic
def end_post(*, post: Post, on: date, at: datetime, by: User | None = None) -> None:
    """Take a vacant post out of the establishment from a day; the same again changes nothing.

    Raises Conflict while somebody fills it or where it was ended on another day, Refused for an impossible day.
    """
    now = _lock(post)
    if now.ends_on == on:
        return
    if now.ends_on:
        raise Conflict(f"That post was ended already, on {now.ends_on:%-d %B %Y}.", "on")
    held = now.holdings.filter(ends_on__isnull=True).select_related("user").first()
    if held:
        raise Conflict(f"{held.user} fills that post. It can end once they have left it.", "on")
    last = now.holdings.aggregate(last=Max("ends_on"))["last"] or now.starts_on
    if not last <= on <= localdate(at):
        raise Refused(f"Give a day from {last:%-d %B %Y}, when the post was last filled or opened, to today.", "on")
    Post.objects.filter(pk=now.pk).update(ends_on=on)
    _log("post.ended", now, at, by)


def lock_posts_of(team: Team) -> list[Post]:
    """The team's live posts, held until the transaction ends together with the people who fill them."""
    posts = Post.objects.live().filter(team=team)
    people = Holding.objects.live().filter(post__in=posts).values_list("user", flat=True)
    list(User.objects.filter(pk__in=list(people)).order_by("pk").select_for_update(no_key=True))
    return list(posts.order_by("pk").select_for_update(no_key=True))


@transaction.atomic
def move_posts(*, posts: Sequence[Post], into: Team, on: date, at: datetime, by: User | None = None) -> None:
    """Let these posts go on in another team from a day, with who fills them; those they were end that day.

    For whoever holds them by `lock_posts_of`. Raises Refused where one began, or was filled, after that day.
    """
    holdings = {held.post_id: held for held in Holding.objects.live().filter(post__in=posts).select_related("user")}
    began = max([on, *(post.starts_on for post in posts), *(held.starts_on for held in holdings.values())])
    if began > on:
        raise Refused(f"A post there began, or was filled, on {began:%-d %B %Y}. Give that day or a later one.", "on")
    for post in posts:
        _move(post, holdings.get(post.pk), into, on)
        _log("post.moved", post, at, by)


def _move(post: Post, held: Holding | None, into: Team, on: date) -> None:
    service = into.service if post.service_id else None
    like = NewPost(post.role, into, service, post.fte, post.hours, post.title)
    opened = add_post(authority=into.authority, post=like, starts_on=on)
    Post.objects.filter(pk=post.pk).update(ends_on=on)
    if held:
        Holding.objects.filter(pk=held.pk).update(ends_on=on)
        Holding.objects.create(post=opened, user=held.user, starts_on=on, is_agency=held.is_agency)
        derive_groups(user=held.user)


def _lock(post: Post) -> Post:
    return Post.objects.select_for_update(no_key=True).get(pk=post.pk)


def _log(verb: str, post: Post, at: datetime, by: User | None) -> None:
    record_event(verb=verb, subject=post, by=by, at=at, authority_id=post.authority_id, role=post.role)
