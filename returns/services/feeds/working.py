"""Who works with each child: the IRO, the social worker and the team a file names, set-based."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from accounts.models import Holding, User
from accounts.roles import Scope, allocated_as, managing
from audit.services import record_events
from authorities.models import FormerName, Team
from children.models import Allocation, TeamAllocation
from children.rules import NOT_INDEPENDENT
from children.services import add_allocations

from .rows import FedRow, Taking

KINDS = {"social_worker": Allocation.Kind.SOCIAL_WORKER, "iro": Allocation.Kind.IRO}
OTHER = {"social_worker": Allocation.Kind.IRO, "iro": Allocation.Kind.SOCIAL_WORKER}
Live = Allocation | TeamAllocation


@dataclass
class Staff:
    """The people and teams of an authority whom rows name, by what rows call them, with what they hold now."""

    people: dict[str, User]
    teams: dict[str, Team]
    holdings: dict[int, list[Holding]]

    @classmethod
    def named(cls, authority_id: int, emails: Collection[str], iros: Collection[int]) -> "Staff":
        """As they stand, held until the transaction ends. `iros` are the keys of people who are IROs already."""
        named = User.objects.of(authority_id).filter(username__in=emails)
        keys = set(named.values_list("pk", flat=True)) | set(iros)
        held = list(User.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))
        people = {user.username: user for user in held if user.is_active}
        holdings: dict[int, list[Holding]] = {}
        for holding in _posts_of(keys):
            holdings.setdefault(holding.user_id, []).append(holding)
        return cls(people, _open_teams(authority_id), holdings)

    def holds_post_for(self, user: User, kind: str) -> bool:
        """Whether they hold a post for this kind of allocation."""
        return any(one.post.role in allocated_as(kind) for one in self.holdings.get(user.pk, []))

    def manages(self, user_id: int, team: Team | None) -> bool:
        """Whether a post of theirs manages the cases of this team: reg. 46, as `children.permissions.manages`."""
        for post in (one.post for one in self.holdings.get(user_id, [])):
            of_team = team and post.role in managing(Scope.TEAM) and post.team_id == team.pk
            of_service = team and post.role in managing(Scope.SERVICE) and post.service_id == team.service_id
            if post.role in managing(Scope.AUTHORITY) or of_team or (of_service and post.service_id):
                return True
        return False


def _open_teams(authority_id: int) -> dict[str, Team]:
    """The open teams by name, and by a former name where no other is called so now; held, after people.

    A council's case system may call a team by its old name for a while.
    """
    rows = Team.objects.of(authority_id).open().order_by("pk").select_for_update(no_key=True)
    of_key = {team.pk: team for team in rows}
    found = {team.name.casefold(): team for team in of_key.values()}
    for name, pk in FormerName.objects.filter(team__in=of_key).values_list("name", "team"):
        found.setdefault(name.casefold(), of_key[pk])
    return found


def _posts_of(keys: Collection[int]) -> Iterable[Holding]:
    return Holding.objects.live().filter(user__in=keys).select_related("post")


@dataclass
class Working:
    """Who works with the children of the rows, and what is to be written."""

    taking: Taking
    staff: Staff
    live: dict[tuple[int, str], Live]  # by the child's key and the column
    past: dict[tuple[int, str], list[Allocation]]  # by the child's key and the kind, live ones too
    people: list[Allocation] = field(default_factory=list)
    teams: list[TeamAllocation] = field(default_factory=list)
    ended: list[Live] = field(default_factory=list)

    def take(self, row: FedRow) -> None:
        """Take the cells of one row, the team first, since an IRO may not manage it."""
        team = self._take_team(row)
        for column in KINDS:
            self._take_person(row, column, team)

    def _take_team(self, row: FedRow) -> Team | None:
        live = self.live.get((row.child.pk, "team"))
        now = live.team if isinstance(live, TeamAllocation) else None
        name = row.said.team
        team, iro = self.staff.teams.get(name.casefold()), self.live.get((row.child.pk, "iro"))
        if not name or (now and team == now):
            return now
        if team is None:
            self._leave(row, "team", "There is no such team. Add it, or have sync_staff do so with --add-teams.")
        elif not self._is_the_files(row, "team", is_so=now is None or self._team_before(row) == now):
            return now
        elif isinstance(iro, Allocation) and self.staff.manages(iro.user_id, team):
            self._leave(row, "team", f"The child's IRO manages that team. {NOT_INDEPENDENT}")
        else:
            self._write(row, "team", live, TeamAllocation(team=team, **self._common(row, live, [])))
            return team
        return now

    def _take_person(self, row: FedRow, column: str, team: Team | None) -> None:
        email, kind = getattr(row.said, column), KINDS[column]
        live = self.live.get((row.child.pk, column))
        now = live.user.username if isinstance(live, Allocation) else None
        if not email or email == now:
            return
        user = self.staff.people.get(email)
        if user is None:
            reason = (
                "No open account of this authority has that e-mail address. Sync the staff, then this file again."
            )
            self._leave(row, column, reason)
        elif self._is_the_files(row, column, is_so=now is None or row.was(column, now)):
            reason = self._why_not(row, column, user, team)
            if reason:
                self._leave(row, column, reason)
                return
            past = self.past.get((row.child.pk, kind), [])
            self._write(row, column, live, Allocation(kind=kind, user=user, **self._common(row, live, past)))
            self.past.setdefault((row.child.pk, kind), []).append(self.people[-1])

    def _why_not(self, row: FedRow, column: str, user: User, team: Team | None) -> str:
        kind = KINDS[column]
        if not self.staff.holds_post_for(user, kind):
            return f"That person holds no post as {kind.label}. Give them one with sync_staff, then this file again."
        if any(one.user_id == user.pk for one in self.past.get((row.child.pk, OTHER[column]), [])):
            return f"That person has worked with this child in the other role. {NOT_INDEPENDENT}"
        if kind == Allocation.Kind.IRO and self.staff.manages(user.pk, team):
            return f"That person manages this child's case. {NOT_INDEPENDENT}"
        return ""

    def _team_before(self, row: FedRow) -> Team | None:
        return self.staff.teams.get((row.before or {}).get("team", "").casefold())

    def _is_the_files(self, row: FedRow, column: str, *, is_so: bool) -> bool:
        """Whether nobody stands there, or whom the file named before; somebody chosen here stays, and is listed."""
        if is_so:
            return True
        self.taking.differ(
            row, column, getattr(row.said, column), "Another is held here, and the file did not name it."
        )
        row.left.append(column)
        return False

    def _common(self, row: FedRow, live: Live | None, past: Iterable[Allocation]) -> dict[str, object]:
        return {
            "child": row.child,
            "authority_id": row.child.authority_id,
            "starts_on": self._from(row, live, past),
        }

    def _from(self, row: FedRow, live: Live | None, past: Iterable[Allocation]) -> date:
        """Today; of the first file, which tells how things have stood, the day care began or the last one ended."""
        if live is not None or not self.taking.is_first:
            return self.taking.on
        open_from = [one.starts_on for one in self.taking.care.periods[row.child.pk] if one.ends_on is None]
        return max([*open_from, *(one.ends_on for one in past if one.ends_on)])

    def _leave(self, row: FedRow, column: str, reason: str) -> None:
        self.taking.leave(row, column, reason)

    def _write(self, row: FedRow, column: str, live: Live | None, new: Live) -> None:
        if live is not None:
            live.ends_on = self.taking.on
            self.ended.append(live)
        (self.teams if isinstance(new, TeamAllocation) else self.people).append(new)  # type: ignore[arg-type]
        row.is_changed = True

    def write(self) -> None:
        """End what is over, write what is new, and open the records."""
        on = self.taking.on
        for model in (Allocation, TeamAllocation):
            keys = [one.pk for one in self.ended if isinstance(one, model)]
            if keys:
                model._default_manager.filter(pk__in=keys, ends_on__isnull=True).update(ends_on=on)
        if self.people or self.teams:
            add_allocations(people=self.people, teams=self.teams)
        record_events(verb="allocation.made", subjects=self.people, by=None, at=self.taking.at)
        record_events(verb="team.moved", subjects=self.teams, by=None, at=self.taking.at)


def take_people(taking: Taking) -> None:
    """Take up whom the rows of children looked after now name, where that is not how it stands."""
    rows = [
        row for row in taking.rows if any(one.ends_on is None for one in taking.care.periods.get(row.child.pk, []))
    ]
    keys = [row.child.pk for row in rows]
    past = list(Allocation.objects.filter(child__in=keys).select_related("user"))
    live: dict[tuple[int, str], Live] = {(one.child_id, one.kind.lower()): one for one in past if one.ends_on is None}
    teams = TeamAllocation.objects.filter(child__in=keys, ends_on__isnull=True).select_related("team")
    live |= {(one.child_id, "team"): one for one in teams}
    by_kind: dict[tuple[int, str], list[Allocation]] = {}
    for one in past:
        by_kind.setdefault((one.child_id, one.kind), []).append(one)
    emails = {email for row in rows for email in (row.said.social_worker, row.said.iro) if email}
    iros = {one.user_id for one in live.values() if isinstance(one, Allocation) and one.kind == Allocation.Kind.IRO}
    working = Working(taking, Staff.named(taking.authority.pk, emails, iros), live, by_kind)
    for row in rows:
        working.take(row)
    working.write()
