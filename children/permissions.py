"""What somebody may see or do about one child, or about the log of who looked."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.access import can
from accounts.models import Holding
from accounts.roles import ChildPermission, Permission, Scope, managing
from accounts.viewers import Viewer
from authorities.models import Team

from .models import Allocation, Child


def may_see_readers(viewer: Viewer, child: Child) -> bool:
    """Whether this person may see who has looked at the record: the IRO, and the IRO's manager."""
    return can(viewer, ChildPermission.RECORD, child)


def may_read_record(viewer: Viewer, child: Child) -> bool:
    """Whether this person may see what reviews and escalations say."""
    return can(viewer, ChildPermission.READ_RECORD, child)


def whose_record_is_read(viewer: Viewer, child_ids: Iterable[int]) -> set[int]:
    """Of these children, those whose record this person may read: one query for a whole page."""
    found = Child.objects.filter(pk__in=child_ids).visible_to(viewer, ChildPermission.READ_RECORD)
    return set(found.values_list("pk", flat=True))


def may_see_address(viewer: Viewer, child: Child) -> bool:
    """Whether this person may see where the child lives."""
    return can(viewer, ChildPermission.SENSITIVE, child)


def may_allocate(viewer: Viewer, child: Child) -> bool:
    """Whether this person says who works with the child."""
    return can(viewer, ChildPermission.ALLOCATE, child)


def may_correct_facts(viewer: Viewer, child: Child) -> bool:
    """Whether this person may correct when care began or ended, an episode or an allocation: the IRO manager.

    Who mends returns opens no record, and corrects the return.
    """
    return can(viewer, ChildPermission.ALLOCATE, child)


def may_read_access_log(viewer: Viewer) -> bool:
    """Whether this person may search the authority's log of who looked at what."""
    return viewer.permits(Permission.READ_ACCESS_LOG)


def manages(*, user_id: int, child: Child, team: Team | None = None) -> bool:
    """Whether a post this person holds now manages the child's case, or would if this team were responsible."""
    if team is None:
        held = child.team_allocations.filter(ends_on__isnull=True).select_related("team").first()
        team = held.team if held else None
    posts = Q(post__role__in=managing(Scope.AUTHORITY), post__authority=child.authority_id)
    if team is not None:
        posts |= Q(post__role__in=managing(Scope.TEAM), post__team=team)
        posts |= Q(post__role__in=managing(Scope.SERVICE), post__service__isnull=False, post__service=team.service_id)
    return Holding.objects.of_user(user_id).filter(posts).exists()


def count_managed_by_their_iro(team: Team) -> int:
    """How many of a team's children have an IRO whose post in the team, or over it, manages their case."""
    posts = Q(post__role__in=managing(Scope.TEAM), post__team=team)
    posts |= Q(post__role__in=managing(Scope.SERVICE), post__service__isnull=False, post__service=team.service_id)
    holders = Holding.objects.live().filter(posts).values("user")
    theirs = Allocation.objects.live().filter(kind=Allocation.Kind.IRO, user__in=holders)
    return theirs.filter(child__team_allocations__team=team, child__team_allocations__ends_on__isnull=True).count()
