"""A council's file of the people who work with its children: their accounts, and the posts they fill."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Holding, User
from accounts.roles import Scope
from accounts.services import NewPost, employ, leave_post, open_account
from audit.services import record_event
from authorities.models import Authority, Service, Team
from authorities.services import open_service, open_team
from timescales.refusals import Refused

from ...checking import Bad
from ...feeds.layouts import STAFF
from ...feeds.reading import FeedFile
from ...feeds.report import FeedReport
from ...feeds.staffing import StaffSaid, staff_said

ADD = "Add it on the page of teams, or give --add-teams to have it added."


def sync_staff(
    *, file: FeedFile, authority: Authority, at: datetime, is_preview: bool = False, adds_teams: bool = False
) -> FeedReport:
    """Take up what the file says of an authority's staff, and say what became of every row.

    Opens accounts without a password, opens and fills posts, and leaves those whose end has come. Each row lands
    whole or not at all; the same file again changes nothing. A preview does all of it and takes it back.
    """
    report = FeedReport(file.name, STAFF.words, is_preview, file.ignored)
    with transaction.atomic():
        locked = Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
        for problem in file.problems:
            report.refuse(problem.row, problem.column, "", problem.reason)
        said = _checked(file, report, localdate(at))
        staffing = Staffing.begin(locked, said, report, at, adds_teams)
        for one in said:
            staffing.take(one)
        if is_preview:
            transaction.set_rollback(True)
    return report


def _checked(file: FeedFile, report: FeedReport, on: date) -> list[StaffSaid]:
    found = []
    seen: dict[tuple[str, ...], int] = {}
    for row in file.rows:
        key = tuple(row.values[column].casefold() for column in ("email", "role", "team", "service"))
        try:
            if key in seen:
                raise Bad("email", row.values["email"], f"Row {seen[key]} is about the same post, and was read.")
            found.append(staff_said(row, on=on))
            seen[key] = row.number
        except Bad as bad:
            report.refuse(row.number, bad.column, bad.value, bad.reason)
    return found


@dataclass
class Staffing:
    """One reading of a file of staff, with the accounts, posts and places as they stand."""

    authority: Authority
    report: FeedReport
    at: datetime
    adds_teams: bool
    people: dict[str, User]  # of every authority, by address
    live: dict[int, list[Holding]]  # by the person's key
    teams: dict[str, Team]  # by name, without regard to capitals
    services: dict[str, Service]

    @classmethod
    def begin(
        cls, authority: Authority, said: list[StaffSaid], report: FeedReport, at: datetime, adds_teams: bool
    ) -> "Staffing":
        """Fetch what the rows name."""
        found = User.objects.filter(username__in=[one.email for one in said]).select_related("authority")
        people = {user.username: user for user in found}
        live: dict[int, list[Holding]] = defaultdict(list)
        rows = Holding.objects.live().filter(user__in=people.values())
        for holding in rows.select_related("post").order_by("starts_on"):
            live[holding.user_id].append(holding)
        teams = {
            team.name.casefold(): team for team in Team.objects.of(authority.pk).open().select_related("service")
        }
        services = {service.name.casefold(): service for service in Service.objects.of(authority.pk).open()}
        return cls(authority, report, at, adds_teams, people, live, teams, services)

    @property
    def on(self) -> date:
        """Today."""
        return localdate(self.at)

    def take(self, said: StaffSaid) -> None:
        """Take up one row, whole or not at all."""
        places = dict(self.teams), dict(self.services)
        try:
            with transaction.atomic():
                outcome = self._take(said)
        except Bad as bad:
            self.teams, self.services = places
            self.report.refuse(said.row, bad.column, bad.value, bad.reason)
        except Refused as refused:
            self.teams, self.services = places
            self.report.refuse(said.row, "email", said.email, refused.message)
        else:
            self.report.count(outcome)

    def _take(self, said: StaffSaid) -> str:
        user = self.people.get(said.email)
        if user and user.authority_id != self.authority.pk:
            raise Bad("email", said.email, "That e-mail address cannot be used here. Ask the system administrator.")
        if said.ends_on and said.ends_on <= self.on:
            return self._leave(said, user)
        if user and not user.is_active:
            raise Bad(
                "email", said.email, "That account is closed. Take the row out, or have the account opened again."
            )
        post = self._post(said)
        is_new = user is None
        user = user or self._open(said)
        is_changed = self._rename(user, said)
        is_filled = self._fill(user, post, said)
        return "created" if is_new else "updated" if is_changed or is_filled else "unchanged"

    def _open(self, said: StaffSaid) -> User:
        user = open_account(
            authority=self.authority,
            username=said.email,
            given_name=said.given_name,
            family_name=said.family_name,
            password=None,
            at=self.at,
        )
        self.people[said.email] = user
        return user

    def _rename(self, user: User, said: StaffSaid) -> bool:
        if (user.first_name, user.last_name) == (said.given_name, said.family_name):
            return False
        user.first_name, user.last_name = said.given_name, said.family_name
        user.save(update_fields=["first_name", "last_name"])
        record_event(verb="account.renamed", subject=user, by=None, at=self.at, authority_id=self.authority.pk)
        return True

    def _fill(self, user: User, post: NewPost, said: StaffSaid) -> bool:
        """Put somebody in the post unless they fill it; where its hours have changed, from today."""
        held = self._held(user, said)
        if held and (said.fte is None or held.post.fte == said.fte):
            return False
        on = self.on if held else said.starts_on or self.on
        new = employ(user=user, post=post, on=on, at=self.at)
        if held:
            leave_post(holding=held, on=on, at=self.at)
            self.live[user.pk].remove(held)
        self.live[user.pk].append(new)
        return True

    def _leave(self, said: StaffSaid, user: User | None) -> str:
        held = self._held(user, said) if user else None
        if held is None:
            return "unchanged"
        leave_post(holding=held, on=said.ends_on or self.on, at=self.at)
        self.live[held.user_id].remove(held)
        return "updated"

    def _held(self, user: User, said: StaffSaid) -> Holding | None:
        """The post of this role and place that somebody fills."""
        team, service = self.teams.get(said.team.casefold()), self.services.get(said.service.casefold())
        team_id = team.pk if team and said.role.may_have_team else None
        service_id = service.pk if service and said.role.scope is Scope.SERVICE else None
        for holding in self.live.get(user.pk, []):
            post = holding.post
            if (post.role, post.team_id, post.service_id) == (said.role.code, team_id, service_id):
                return holding
        return None

    def _post(self, said: StaffSaid) -> NewPost:
        service = self._service(said)
        team = self._team(said, service)
        return NewPost(
            role=said.role.code,
            team=team,
            service=service if said.role.scope is Scope.SERVICE else None,
            fte=1 if said.fte is None else said.fte,
        )

    def _service(self, said: StaffSaid) -> Service | None:
        if not said.service:
            return None
        found = self.services.get(said.service.casefold())
        if found is None:
            if not self.adds_teams:
                raise Bad("service", said.service, f"There is no such service. {ADD}")
            found = open_service(authority=self.authority, name=said.service, at=self.at)
            self.services[said.service.casefold()] = found
        return found

    def _team(self, said: StaffSaid, service: Service | None) -> Team | None:
        if not said.team:
            return None
        found = self.teams.get(said.team.casefold())
        if found is None:
            if not self.adds_teams:
                raise Bad("team", said.team, f"There is no such team. {ADD}")
            found = open_team(authority=self.authority, name=said.team, service=service, at=self.at)
            self.teams[said.team.casefold()] = found
        elif service and found.service_id != service.pk:
            place = f"in {found.service}" if found.service else "in no service"
            self.report.differ(said.row, "service", said.service, f"The team {found} is {place} here.")
        return found
