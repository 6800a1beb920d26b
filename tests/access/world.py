"""Two authorities, a person in each role, and three children: own, another team's, another authority's."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.test import Client

from accounts.models import Holding, User
from accounts.roles import BY_CODE, Scope
from accounts.services import hold_post
from children.models import Child
from children.services import add_child, allocate, move_team
from escalations.models import Escalation
from escalations.rules import ConcernRaised
from escalations.services import raise_concern, set_ladder
from reviews.models import Decision, Review
from reviews.services import start_care
from tests.conftest import LONG_AGO, NOW, TODAY, Place, make_place
from tests.escalations.conftest import RUNGS
from tests.making import make_decision, make_review

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CARE_FROM = TODAY.replace(day=3)
# Person of the cast who stands for each role.
CAST = {
    "IRO": "iro",
    "IRO_MANAGER": "iro_manager",
    "SOCIAL_WORKER": "social_worker",
    "TEAM_MANAGER": "team_manager",
    "SERVICE_MANAGER": "service_manager",
    "HEAD_OF_SERVICE": "head",
    "ASSISTANT_DIRECTOR": "assistant_director",
    "DIRECTOR": "director",
    "CHIEF_EXECUTIVES_OFFICE": "chief_executive",
    "BUSINESS_SUPPORT": "business_support",
    "RETURNS_OFFICER": "returns_officer",
    "PERFORMANCE_ANALYST": "analyst",
    "AUDITOR": "auditor",
    "INFORMATION_GOVERNANCE": "governance",
    "SYSTEM_ADMINISTRATOR": "administrator",
}


@dataclass(frozen=True)
class Subject:
    """A child with everything an address may name, by what the address is about."""

    child: Child
    ids: dict[str, UUID]
    holding: int
    places: dict[str, int]  # a team, a service and a post of its authority


@dataclass(frozen=True)
class World:
    """The people's browsers by role, and the three children."""

    clients: dict[str, Client]
    subjects: dict[str, Subject]
    unknown: Subject
    answers: dict[tuple[int, str, str], tuple[int, str]] = field(default_factory=dict)  # about nothing, by asker


def sees(role: str, subject: str) -> bool:
    """Whose children a role reaches, told from its scope alone."""
    if subject == "elsewhere" or BY_CODE[role].scope is Scope.NONE:
        return False
    return subject == "own" or BY_CODE[role].scope is Scope.AUTHORITY


def make_world() -> World:
    """Build it all in the present transaction."""
    here, there = make_place("E06999001", "Westmarsh Council"), make_place("E06999002", "Eastmoor Council")
    set_ladder(authority=here.authority, starts_on=LONG_AGO, stages=RUNGS)
    set_ladder(authority=there.authority, starts_on=LONG_AGO, stages=RUNGS)
    own = _subject(here, "OWN1", "north", iro="iro", worker="social_worker", colleague="other_iro")
    other = _subject(here, "OTHER1", "east", iro="other_iro", worker=None, colleague="other_iro")
    far = _subject(there, "FAR1", "north", iro="iro", worker="social_worker", colleague="other_iro")
    clients = {role: _browser(here.people[name]) for role, name in CAST.items()}
    kinds = ("child", "review", "decision", "duty", "escalation", "account", "held_post")
    unknown = Subject(
        own.child, {kind: uuid4() for kind in kinds}, 10**9, {"team": 10**9, "service": 10**9, "post": 10**9}
    )
    return World(clients, {"own": own, "other": other, "elsewhere": far}, unknown)


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def _subject(home: Place, reference: str, team: str, *, iro: str, worker: str | None, colleague: str) -> Subject:
    child = add_child(
        child=Child(
            authority=home.authority,
            reference=reference,
            given_name="Secretgiven",
            family_name=f"Secretfamily{reference.lower()}",
            date_of_birth=TODAY.replace(year=2014),
            sex="F",
        ),
        at=NOW,
    )
    start_care(child=child, on=CARE_FROM, at=NOW, legal_status="C2", category_of_need="N1", placement_type="U6")
    move_team(child=child, team=home.teams[team], on=CARE_FROM, at=NOW)
    allocate(child=child, kind="IRO", user=home.people[iro], on=CARE_FROM, at=NOW)
    if worker:
        allocate(child=child, kind="SOCIAL_WORKER", user=home.people[worker], on=CARE_FROM, at=NOW)
    held = hold_post(user=home.people[iro], path="/accounts/mine/", fields=[("note", ["secret"])], at=NOW)
    review = Review.objects.get(child=child)
    ids = {
        "child": child.uuid,
        "review": review.uuid,
        "decision": _decision(child).uuid,
        "duty": review.duty.uuid,
        "escalation": _concern(home, child, iro).uuid,
        "account": home.people[colleague].uuid,
        "held_post": held.uuid,
    }
    places = {"team": home.teams[team].pk, "service": home.services["care"].pk}
    holding = Holding.objects.get(user=home.people[colleague])
    return Subject(child, ids, holding.pk, places | {"post": holding.post_id})


def _decision(child: Child) -> Decision:
    """Of a review held before the one that is open."""
    held_on = CARE_FROM
    before = make_review(child, rule="NOT_KNOWN", held_on=held_on, source="RETURN")
    return make_decision(before, text="Find a mentor", due_on=TODAY)


def _concern(home: Place, child: Child, iro: str) -> Escalation:
    ladder = home.authority.ladders.get()
    return raise_concern(
        child=child,
        stage=ladder.stages.get(position=0),
        raised=ConcernRaised("The health assessment has not been done.", "A date within two weeks."),
        by=home.people[iro],
        at=NOW,
        on=TODAY,
    )
