"""The demonstration authority itself: its services and teams, its posts and who fills them, its ladder."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.roles import ROLES
from accounts.services import NewPost, employ, open_account, open_post
from authorities.models import Authority, Service, Team
from authorities.services import add_authority, add_service, add_team
from escalations.models import Ladder
from escalations.rules import Rung
from escalations.services import set_ladder

from .names import staff_name

CODE = "DEMO"
NAME = "Thornmere Council"
PASSWORD = "thornmere-demonstration"  # noqa: S105  # printed for everybody; holds nothing but invented people
DOMAIN = "demonstration.example"
YEARS_OPEN = 6
SERVICES = {"Children in Care": ("North", "South"), "Safeguarding and Court": ("East", "West")}
IRO_TEAM = "Independent Reviewing Service"
IRO_HOURS = ("1", "1", "1", "1", "0.81", "0.6", "0.6", "0.6")  # filled: 6.61 FTE
VACANT_IRO_HOURS = "1"  # 7.61 FTE in all
WORKERS_PER_TEAM = 7
LADDER = (
    Rung("Informal resolution", ("TEAM_MANAGER",), 5, False),
    Rung("Stage 1: service manager", ("SERVICE_MANAGER",), 5),
    Rung("Stage 2: head of service", ("HEAD_OF_SERVICE",), 5),
    Rung("Stage 3: assistant director", ("ASSISTANT_DIRECTOR",), 5),
    Rung("Stage 4: director", ("DIRECTOR",), 5),
)
LOGINS = {
    "IRO": "iro",
    "IRO_MANAGER": "iro.manager",
    "SOCIAL_WORKER": "social.worker",
    "TEAM_MANAGER": "team.manager",
    "SERVICE_MANAGER": "service.manager",
    "HEAD_OF_SERVICE": "head",
    "ASSISTANT_DIRECTOR": "assistant.director",
    "DIRECTOR": "director",
    "CHIEF_EXECUTIVES_OFFICE": "chief.executive",
    "BUSINESS_SUPPORT": "business.support",
    "RETURNS_OFFICER": "returns",
    "PERFORMANCE_ANALYST": "analyst",
    "AUDITOR": "auditor",
    "INFORMATION_GOVERNANCE": "governance",
    "SYSTEM_ADMINISTRATOR": "administrator",
}


LAST_HIRED = "CHIEF_EXECUTIVES_OFFICE"  # so that everybody else keeps the name they have always had


@dataclass
class Establishment:
    """Who works where. The first of each list is the one with a login."""

    authority: Authority
    ladder: Ladder
    teams: dict[str, Team] = field(default_factory=dict)
    iros: list[User] = field(default_factory=list)
    workers: dict[str, list[User]] = field(default_factory=dict)
    team_managers: dict[str, User] = field(default_factory=dict)
    service_managers: dict[str, User] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)  # the one with a login, by role

    def responder(self, role: str, team: str) -> User:
        """Who answers for a team at a rung."""
        if role == "TEAM_MANAGER":
            return self.team_managers[team]
        if role == "SERVICE_MANAGER":
            return self.service_managers[team]
        return self.people[role]


def logins() -> list[dict[str, str]]:
    """Role, e-mail address and password of each demonstration login."""
    return [{"role": role.name, "email": f"{LOGINS[role.code]}@{DOMAIN}", "password": PASSWORD} for role in ROLES]


class Staffing:
    """Opens accounts and posts, giving each person a name of their own."""

    def __init__(self, authority: Authority, since: date, at: datetime) -> None:
        self.authority, self.since, self.at = authority, since, at
        self.hired = 0
        self.hashed = make_password(PASSWORD)  # once, since hashing is slow on purpose and the word is no secret

    def hire(self, role: str, *, login: str = "", team: Team | None = None, fte: str = "1") -> User:
        """A person in a new post; without a login nobody can sign in as them."""
        given, family = staff_name(self.hired)
        self.hired += 1
        user = open_account(
            authority=self.authority,
            username=f"{login or f'{given}.{family}'.lower()}@{DOMAIN}",
            given_name=given,
            family_name=family,
            password=None,
            at=self.at,
        )
        if login:
            user.password = self.hashed
            user.save(update_fields=["password"])
        post = NewPost(role=role, team=team, service=team.service if team else None, fte=fte)
        employ(user=user, post=post, on=self.since, at=self.at)
        return user


def establish(*, on: date, at: datetime) -> Establishment:
    """Create the authority with everybody in it."""
    since = on - timedelta(days=365 * YEARS_OPEN)
    authority = add_authority(code=CODE, name=NAME, on=since, is_demonstration=True, is_rag_linked_to_ladder=True)
    place = Establishment(authority, set_ladder(authority=authority, starts_on=since, stages=LADDER))
    staff = Staffing(authority, since, at)
    for role in LOGINS:
        if role not in ("IRO", "SOCIAL_WORKER", "TEAM_MANAGER", "SERVICE_MANAGER", LAST_HIRED):
            place.people[role] = staff.hire(role, login=LOGINS[role])
    _fill_iro_team(place, staff)
    for name, teams in SERVICES.items():
        _fill_service(place, staff, add_service(authority=authority, name=name), teams)
    place.people[LAST_HIRED] = staff.hire(LAST_HIRED, login=LOGINS[LAST_HIRED])
    place.people["IRO"] = place.iros[0]
    return place


def _fill_iro_team(place: Establishment, staff: Staffing) -> None:
    team = add_team(authority=place.authority, name=IRO_TEAM)
    for fte in IRO_HOURS:
        place.iros.append(staff.hire("IRO", login="" if place.iros else LOGINS["IRO"], team=team, fte=fte))
    open_post(authority=place.authority, role="IRO", starts_on=staff.since, team=team, fte=VACANT_IRO_HOURS)


def _fill_service(place: Establishment, staff: Staffing, service: Service, teams: tuple[str, ...]) -> None:
    for name in teams:
        team = place.teams[name] = add_team(authority=place.authority, name=name, service=service)
        is_first = len(place.teams) == 1
        place.team_managers[name] = staff.hire("TEAM_MANAGER", login=LOGINS["TEAM_MANAGER"] * is_first, team=team)
        place.workers[name] = [
            staff.hire("SOCIAL_WORKER", login=LOGINS["SOCIAL_WORKER"] * (is_first and number == 0), team=team)
            for number in range(WORKERS_PER_TEAM)
        ]
    is_first = not place.service_managers
    manager = staff.hire("SERVICE_MANAGER", login=LOGINS["SERVICE_MANAGER"] * is_first, team=team)
    place.service_managers |= dict.fromkeys(teams, manager)
    if is_first:
        place.people |= {"TEAM_MANAGER": place.team_managers[teams[0]], "SERVICE_MANAGER": manager}
        place.people["SOCIAL_WORKER"] = place.workers[teams[0]][0]
