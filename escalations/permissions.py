"""Who raises, answers, moves and resolves: named questions, each about one person and one thing."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from accounts.access import can
from accounts.models import Holding, User
from accounts.roles import BY_CODE, RESPONDERS, ChildPermission, Scope, overseers, roles_granting
from accounts.viewers import Viewer
from children.models import Allocation, Child, TeamAllocation

from .models import Escalation, Ladder, Response, Stage, Step
from .querysets import RESPONDING, holdings_reaching, live_team, live_worker


def may_read(viewer: Viewer, child: Child) -> bool:
    """Whether this person may read what escalations about this child say."""
    return can(viewer, ChildPermission.READ_RECORD, child)


def may_escalate(viewer: Viewer, child: Child) -> bool:
    """Whether this person raises, moves up and resolves for this child: its IRO now, or who runs the IRO service.

    Raising a concern is the IRO's own duty (IRO Handbook, ch. 6); no other manager may end it.
    """
    if not can(viewer, ChildPermission.ESCALATE, child):
        return False
    is_iro = Allocation.objects.live().filter(child=child, kind=Allocation.Kind.IRO, user=viewer.user.pk).exists()
    return is_iro or not overseers().isdisjoint(viewer.roles)


def reads_some_record(viewer: Viewer) -> bool:
    """Whether any of this person's roles reads what records say: opens the list of escalations."""
    return not roles_granting(ChildPermission.READ_RECORD).isdisjoint(viewer.roles)


def stage_names(authority_id: int) -> list[str]:
    """The names of an authority's stages, lowest first, each once though ladders changed."""
    names = Stage.objects.filter(ladder__authority=authority_id).order_by("position", "name")
    return list(dict.fromkeys(names.values_list("name", flat=True)))


def stages_now(authority_id: int, on: date) -> list[Stage]:
    """The rungs of the ladder in force that day, lowest first; [] where there is none."""
    ladder = Ladder.objects.in_force(authority_id, on)
    return list(ladder.stages.order_by("position")) if ladder else []


def responders(step: Step) -> QuerySet[User]:
    """The people asked at this rung now: active, in a post of its role that reaches the child.

    Without the one who raised the concern, since nobody answers what they raised.
    """
    return _asked_at(step.stage, step.child_id, step.authority_id).exclude(pk=step.escalation.raised_by_id)


def people_at(stage: Stage, child: Child) -> list[User]:
    """The people a stage would ask about this child, before any concern is raised."""
    return list(_asked_at(stage, child.pk, child.authority_id))


def _asked_at(stage: Stage, child_id: int, authority_id: int) -> QuerySet[User]:
    reaching = holdings_reaching(live_team(child_id), live_worker(child_id), authority_id)
    asked = reaching.filter(post__role__in=stage.responder_roles)
    return User.objects.filter(pk__in=asked.values("user")).order_by("last_name", "first_name", "pk")


def people_round(child: Child) -> dict[str, list[str]]:
    """Names of who works with the child now, by role: those allocated, and who holds a post that reaches it."""
    found: dict[str, list[str]] = {}
    for allocation in child.allocations.live().select_related("user"):
        found.setdefault(allocation.kind, []).append(str(allocation.user))
    held = Holding.objects.live().filter(post__authority=child.authority_id, user__is_active=True)
    answering = {code for code, _ in RESPONDERS} | overseers()
    asked = held.filter(post__role__in=answering)
    team = _live_teams({child.pk}).get(child.pk)
    for holding in asked.select_related("post", "user").order_by("user__last_name", "user__first_name", "user"):
        if _reaches(holding, team):
            found.setdefault(holding.post.role, []).append(str(holding.user))
    return found


def may_answer(viewer: Viewer, step: Step) -> bool:
    """Whether this person is asked at this rung and may respond about the child."""
    return can(viewer, ChildPermission.RESPOND, step.child) and responders(step).filter(pk=viewer.user.pk).exists()


def may_keep_promise(viewer: Viewer, response: Response) -> bool:
    """Whether this person may say that a promise was kept: who made it, while they see the child, and the IRO."""
    is_own = response.responded_by_id == viewer.user.pk and may_read(viewer, response.child)
    return is_own or may_escalate(viewer, response.child)


def why_not_answer(viewer: Viewer, step: Step) -> str | None:
    """Why this person may not answer this rung, in words for them; None when they may."""
    if step.escalation.raised_by_id == viewer.user.pk:
        return "You raised this concern, so somebody else must answer it."
    if not may_answer(viewer, step):
        role = step.stage.role_name
        return f"Only the {role} responsible for this child answers at this stage ({step.stage.name})."
    return None


def responders_of(escalations: Iterable[Escalation]) -> dict[int, list[User]]:
    """Who is asked now in each escalation of a page, by its key: three queries however many there are.

    The third only where a rung asks those allocated to the child.
    """
    rows = list(escalations)
    roles = {role for row in rows for role in row.stage.responder_roles}
    teams = _live_teams({row.child_id for row in rows})
    workers = _live_workers({row.child_id for row in rows}, roles.intersection(RESPONDING[Scope.ALLOCATED]))
    holdings = list(
        Holding.objects.live()
        .filter(post__role__in=roles, user__is_active=True)
        .filter(post__authority__in={row.authority_id for row in rows})
        .select_related("post", "user")
        .order_by("user__last_name", "user__first_name", "user")
    )
    return {row.pk: _asked(row, teams.get(row.child_id), workers, holdings) for row in rows}


def with_whom(stage: Stage, people: Iterable[User]) -> str:
    """The rung's role and who holds it: "team manager Ada Holt", "team manager (nobody in post)"."""
    names = [str(person) for person in people]
    return f"{stage.role_name} {' or '.join(names) or '(nobody in post)'}"


def _live_teams(child_ids: set[int]) -> dict[int, tuple[int, int | None]]:
    rows = TeamAllocation.objects.filter(child__in=child_ids, ends_on__isnull=True)
    return {child: (team, service) for child, team, service in rows.values_list(*TEAM_KEYS)}


TEAM_KEYS = ("child_id", "team_id", "team__service_id")


def _live_workers(child_ids: set[int], kinds: set[str]) -> set[tuple[int, int, str]]:
    """Child, person and kind of each live allocation of these kinds; no query where no kind is asked."""
    if not kinds:
        return set()
    return set(Allocation.objects.live().filter(child__in=child_ids, kind__in=kinds).values_list(*WORKER_KEYS))


WORKER_KEYS = ("child_id", "user_id", "kind")


def _asked(
    row: Escalation,
    team: tuple[int, int | None] | None,
    workers: set[tuple[int, int, str]],
    holdings: list[Holding],
) -> list[User]:
    found = [
        holding.user
        for holding in holdings
        if holding.post.role in row.stage.responder_roles
        and holding.post.authority_id == row.authority_id
        and holding.user_id != row.raised_by_id
        and (_reaches(holding, team) or (row.child_id, holding.user_id, holding.post.role) in workers)
    ]
    return list(dict.fromkeys(found))


def _reaches(holding: Holding, team: tuple[int, int | None] | None) -> bool:
    post = holding.post
    scope = BY_CODE[post.role].scope
    if scope is Scope.AUTHORITY:
        return True
    if team is None or scope is Scope.ALLOCATED:
        return False
    key = post.team_id if scope is Scope.TEAM else post.service_id
    return key is not None and key == team[0 if scope is Scope.TEAM else 1]
