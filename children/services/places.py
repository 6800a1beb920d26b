"""Teams and services that children stand in: merged, closed, put under another service."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from accounts.models import User
from accounts.services import lock_posts_of, move_posts
from audit.services import record_event, record_events
from authorities.models import Service, Team
from authorities.rules import check_day
from authorities.services import close, lock_service, lock_team, refuse_closed
from timescales.refusals import Conflict, Refused
from timescales.words import counted, in_words

from ..access_rows import derive_access
from ..models import TeamAllocation
from ..permissions import count_managed_by_their_iro
from ..places import WithTeam, in_service, with_team
from ..rules import NOT_INDEPENDENT
from .batches import BATCH
from .locks import lock_children


@dataclass(frozen=True)
class Merge:
    """One team going into another from a day, and why."""

    team: Team
    into: Team
    on: date
    reason: str


@transaction.atomic
def merge_teams(*, merge: Merge, seen: str, at: datetime, by: User | None = None) -> WithTeam:
    """Move a team's children and live posts to another team from a day, and close it.

    `seen` is the key of what the preview said would move: Conflict where something else would, or where either team
    was closed meanwhile. Raises Refused for the same team, another authority's, an impossible day, and where a
    child's IRO would manage its case. The same again changes nothing.
    """
    children, posts = _lock_children_of(merge.team), lock_posts_of(merge.team)
    teams = {pk: lock_team(pk) for pk in sorted({merge.team.pk, merge.into.pk})}
    team, into = teams[merge.team.pk], teams[merge.into.pk]
    moving = with_team(team)
    if team.merged_into_id == into.pk and team.ended_on == merge.on:
        return moving
    _refuse_merge(team, into)
    if seen != moving.key or moving.children != len(children) or moving.posts != len(posts):
        raise Conflict(f"Now {moving.words} would move, which is not what you were shown. Look again.", "into")
    _move_children(team, into, children, merge.on, at, by)
    move_posts(posts=posts, into=into, on=merge.on, at=at, by=by)
    _refuse_dependent(into)
    close(place=team, on=merge.on, reason=merge.reason, at=at, by=by)
    Team.objects.filter(pk=team.pk).update(merged_into=into)
    record_event(verb="team.merged", subject=team, by=by, at=at, authority_id=team.authority_id, into=into.pk)
    return moving


@transaction.atomic
def close_team(*, team: Team, on: date, reason: str, at: datetime, by: User | None = None) -> Team:
    """Close a team that nobody is with. Raises Refused with counts where a child or a post still is."""
    now = lock_team(team.pk)
    stands = with_team(now)
    if stands.key != WithTeam().key and now.ended_on is None:
        raise Refused(
            f"{now} cannot be closed while {stands.words} {stands.are} with it. Merge it into another team, or move"
            " the children and end the posts first.",
        )
    return close(place=now, on=on, reason=reason, at=at, by=by)


@transaction.atomic
def close_service(*, service: Service, on: date, reason: str, at: datetime, by: User | None = None) -> Service:
    """Close a service without teams and posts. Raises Refused with counts where it still has some."""
    now = lock_service(service.pk)
    left = in_service(now)
    if left and now.ended_on is None:
        raise Refused(f"{now} cannot be closed while it has {left}. Move or close them first.")
    return close(place=now, on=on, reason=reason, at=at, by=by)


@transaction.atomic
def place_team(
    *, team: Team, service: Service | None, seen: int | None, is_outside: bool, at: datetime, by: User | None = None
) -> Team:
    """Put a team under another service, or none: its children open to that service's managers at once.

    `seen` is the key of the service it stood under when the person decided; Conflict where it stands elsewhere since.
    The same again changes nothing. Raises Refused where a child's IRO would manage its case.
    """
    children = _lock_children_of(team)
    now = lock_team(team.pk)
    refuse_closed(now, "service")
    if (now.service, now.is_outside) == (service, is_outside):
        return now
    if now.service_id != seen:
        where = f"in {now.service}" if now.service else "in no service"
        raise Conflict(f"It was put {where} since you opened this page. Save again to go on.", "service")
    if service:
        if service.authority_id != now.authority_id:
            raise Refused("That service belongs to another authority.", "service")
        refuse_closed(lock_service(service.pk), "service")
    now.service, now.is_outside = service, is_outside
    now.save(update_fields=["service", "is_outside"])
    _refuse_dependent(now)
    derive_access(child_ids=children)
    record_event(verb="team.placed", subject=now, by=by, at=at, authority_id=now.authority_id, service=now.service_id)
    return now


def _lock_children_of(team: Team) -> list[int]:
    live = TeamAllocation.objects.filter(team=team, ends_on__isnull=True)
    return [child.pk for child in lock_children(list(live.values_list("child", flat=True)))]


def _refuse_merge(team: Team, into: Team) -> None:
    if team.pk == into.pk:
        raise Refused("Choose another team: this is the one that would go.", "into")
    if team.authority_id != into.authority_id:
        raise Refused("That team belongs to another authority.", "into")
    if team.ended_on:
        raise Conflict(f"{team} was closed on {in_words(team.ended_on)} already.")
    refuse_closed(into, "into")


def _move_children(team: Team, into: Team, children: list[int], on: date, at: datetime, by: User | None) -> None:
    live = TeamAllocation.objects.filter(team=team, ends_on__isnull=True)
    last = live.aggregate(last=Max("starts_on"))["last"]
    check_day(on, last, localdate(at), f"A child came to {team}")
    live.update(ends_on=on)
    moved = TeamAllocation.objects.bulk_create(
        [
            TeamAllocation(child_id=child, authority_id=team.authority_id, team=into, starts_on=on, made_by=by)
            for child in children
        ],
        batch_size=BATCH,
    )
    derive_access(child_ids=children)
    record_events(verb="team.moved", subjects=moved, by=by, at=at, team=into.pk)


def _refuse_dependent(team: Team) -> None:
    """An IRO manages no child whose IRO they are (Care Planning Regulations 2010, reg. 46)."""
    count = count_managed_by_their_iro(team)
    if count:
        raise Refused(
            f"The IRO of {counted(count, 'child') if count == 1 else f'{count} children'} would manage the case."
            f" {NOT_INDEPENDENT} Allocate another IRO first."
        )
