"""Whatever happens to allocations, teams, posts and accounts: list, detail and guardian's rows agree with the facts.

The facts are kept by the test in plain Python, which knows neither the database nor the code under test.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from guardian.core import ObjectPermissionChecker

from accounts.access import can, visible, who, why
from accounts.models import Holding, User
from accounts.roles import BY_CODE, ChildPermission, Scope
from accounts.services import deactivate, fill_post, leave_post, open_post
from children.access_rows import reconcile_access
from children.models import Allocation, Child, ChildGroupObjectPermission, ChildUserObjectPermission
from children.services import allocate, end_allocation, move_team
from tests.conftest import LONG_AGO, NOW, TODAY, Place, employ, person
from tests.making import viewer
from timescales.refusals import Refused

pytestmark = pytest.mark.django_db

# Whose post makes an allocation of each kind live.
FITTING = {"IRO": {"IRO", "IRO_MANAGER"}, "SOCIAL_WORKER": {"SOCIAL_WORKER"}}
SEEDS = range(5)
STEPS = 24
EMPLOYABLE = (
    "IRO",
    "SOCIAL_WORKER",
    "TEAM_MANAGER",
    "SERVICE_MANAGER",
    "IRO_MANAGER",
    "HEAD_OF_SERVICE",
    "BUSINESS_SUPPORT",
    "AUDITOR",
)


@dataclass
class Facts:
    """Who holds what, as plain values."""

    authority: dict[int, int]  # person → authority
    active: set[int]
    posts: dict[int, tuple[int, str, int | None, int | None]] = field(
        default_factory=dict
    )  # holding → person, role, place
    allocations: dict[tuple[int, str], int] = field(default_factory=dict)  # child, kind → person
    team: dict[int, int] = field(default_factory=dict)  # child → team
    service_of: dict[int, int | None] = field(default_factory=dict)  # team → service
    home: dict[int, int] = field(default_factory=dict)  # child → authority

    def permits(self, user: int, child: int) -> set[str]:
        """What the facts let this person do to this child."""
        if user not in self.active:
            return set()
        held = {role for holder, role, _, _ in self.posts.values() if holder == user}
        found = self.stored(user, child, [kind for kind in FITTING if held & FITTING[kind]])
        for role in held:
            if BY_CODE[role].scope is Scope.AUTHORITY and self.authority[user] == self.home[child]:
                found |= BY_CODE[role].child_permissions
        return {str(permission) for permission in found}

    def stored(self, user: int, child: int, kinds: Iterable[str] = ("IRO", "SOCIAL_WORKER")) -> set[str]:
        """What guardian's rows say: of allocations of these kinds, and of posts in the child's team and service."""
        found: set[str] = set()
        for kind in kinds:
            if self.allocations.get((child, kind)) == user:
                found |= BY_CODE[kind].child_permissions
        for holder, role, team, service in self.posts.values():
            if holder == user and self._reaches(role, team, service, child):
                found |= BY_CODE[role].child_permissions
        return {str(permission) for permission in found}

    def _reaches(self, role: str, team: int | None, service: int | None, child: int) -> bool:
        now = self.team.get(child)
        return {
            Scope.TEAM: now is not None and team == now,
            Scope.SERVICE: now is not None and service == self.service_of[now],
        }.get(BY_CODE[role].scope, False)


class Story:
    """A random sequence of events, each told to the service and, if it was not refused, to the facts."""

    def __init__(self, seed: int, place: Place, children: list[Child]) -> None:
        self.chance = random.Random(seed)
        self.place = place
        self.children = children
        self.people = [*place.people.values(), *(person(place.authority, f"Spare P{n}") for n in range(3))]
        self.facts = Facts(
            authority={user.pk: user.authority_id for user in self.people},
            active={user.pk for user in self.people},
            service_of={team.pk: team.service_id for team in place.teams.values()},
            home={child.pk: child.authority_id for child in children},
        )
        for holding in Holding.objects.select_related("post"):
            self._learn_post(holding)
        for child in children:
            for held in child.allocations.live():
                self.facts.allocations[child.pk, held.kind] = held.user_id
            for place_held in child.team_allocations.filter(ends_on__isnull=True):
                self.facts.team[child.pk] = place_held.team_id

    def step(self) -> str:
        event = self.chance.choice(
            [self.allocate, self.allocate, self.end, self.move, self.fill, self.leave, self.close_account]
        )
        try:
            with transaction.atomic():
                event()
        except Refused:
            return f"{event.__name__} refused"
        return event.__name__

    def allocate(self) -> None:
        child, kind = self.chance.choice(self.children), self.chance.choice(["IRO", "SOCIAL_WORKER"])
        user = self.chance.choice(self.people)
        allocate(child=child, kind=kind, user=user, on=TODAY, at=NOW)
        self.facts.allocations[child.pk, kind] = user.pk

    def end(self) -> None:
        child, kind = self.chance.choice(self.children), self.chance.choice(["IRO", "SOCIAL_WORKER"])
        for held in child.allocations.live().filter(kind=kind):
            end_allocation(allocation=held, on=TODAY, at=NOW)
            del self.facts.allocations[child.pk, kind]

    def move(self) -> None:
        child, team = self.chance.choice(self.children), self.chance.choice([*self.place.teams.values()])
        move_team(child=child, team=team, on=TODAY, at=NOW)
        self.facts.team[child.pk] = team.pk

    def fill(self) -> None:
        role, user = self.chance.choice(EMPLOYABLE), self.chance.choice(self.people)
        team = self.chance.choice([*self.place.teams.values()])
        post = open_post(authority=user.authority, role=role, starts_on=LONG_AGO, team=team, service=team.service)
        self._learn_post(fill_post(post=post, user=user, on=TODAY, at=NOW))

    def leave(self) -> None:
        if self.facts.posts:
            key = self.chance.choice(sorted(self.facts.posts))
            leave_post(holding=Holding.objects.get(pk=key), on=TODAY, at=NOW)
            del self.facts.posts[key]

    def close_account(self) -> None:
        user = self.chance.choice(self.people)
        if self.chance.random() < 0.3:
            deactivate(user=user, at=NOW)
            self.facts.active.discard(user.pk)
            self.facts.posts = {key: post for key, post in self.facts.posts.items() if post[0] != user.pk}

    def _learn_post(self, holding: Holding) -> None:
        post = holding.post
        self.facts.posts[holding.pk] = (holding.user_id, post.role, post.team_id, post.service_id)


def everything_agrees(story: Story) -> None:
    """List, detail, guardian's own answer, the page of who can see, and the facts."""
    allocated = set(Allocation.objects.values_list("child_id", flat=True))
    seen: dict[int, set[int]] = {child.pk: set() for child in story.children}
    for user in User.objects.filter(pk__in=story.facts.active | {user.pk for user in story.people}):
        for permission in (ChildPermission.VIEW, ChildPermission.RESPOND, ChildPermission.RECORD):
            told = {c.pk for c in story.children if permission in story.facts.permits(user.pk, c.pk)}
            assert {c.pk for c in visible(viewer(user), Child.objects.all(), permission)} == told
            assert {
                a.child_id for a in visible(viewer(user), Allocation.objects.all(), permission)
            } == told & allocated
            if permission is ChildPermission.VIEW:
                for key in told:
                    seen[key].add(user.pk)
        checker = ObjectPermissionChecker(user)
        for child in story.children:
            facts = story.facts.permits(user.pk, child.pk)
            assert set(checker.get_perms(child)) == (
                story.facts.stored(user.pk, child.pk) if user.is_active else set()
            )
            assert {name for reason in why(user, child) for name in reason.permissions} == facts
            assert can(viewer(user), ChildPermission.VIEW, child) == (ChildPermission.VIEW in facts)
    for child in story.children:
        assert {user.pk for user, _ in who(child)} == seen[child.pk]


@pytest.mark.parametrize("seed", SEEDS)
def test_list_detail_and_rows_agree_with_the_facts(seed, place, make_child):
    story = Story(seed, place, [make_child(), make_child(team="east", worker=None), make_child(team=None, iro=None)])
    everything_agrees(story)
    told = []
    for _ in range(STEPS // 6):
        told += [story.step() for _ in range(6)]
        everything_agrees(story)
    assert reconcile_access() == 0, told


def test_a_post_opened_after_the_children_came_sees_them_at_once(place, make_child):
    child = make_child()
    newcomer = person(place.authority, "Nia New")
    post = open_post(authority=place.authority, role="DIRECTOR", starts_on=LONG_AGO)
    fill_post(post=post, user=newcomer, on=TODAY, at=NOW)
    assert can(viewer(newcomer), ChildPermission.VIEW, child)


def test_the_first_post_of_its_kind_sees_the_children_at_once(db):
    from authorities.services import add_authority
    from children.services import add_child

    authority = add_authority(code="NEW1", name="New Council", on=LONG_AGO)
    child = add_child(child=Child(authority=authority, reference="1", date_of_birth=TODAY, sex="F"), at=NOW)
    newcomer = person(authority, "Nia New")
    fill_post(
        post=open_post(authority=authority, role="DIRECTOR", starts_on=LONG_AGO), user=newcomer, on=TODAY, at=NOW
    )
    assert can(viewer(newcomer), ChildPermission.VIEW, child)


def test_a_stale_row_opens_nothing(place, make_child):
    child = make_child()
    child.allocations.filter(kind="IRO").update(ends_on=TODAY)
    assert ChildUserObjectPermission.objects.filter(user=place.people["iro"]).exists()
    assert not can(viewer(place.people["iro"]), ChildPermission.VIEW, child)
    assert why(place.people["iro"], child) == []


def test_a_group_kept_after_leaving_opens_nothing(place, make_child):
    child, meera = make_child(), place.people["team_manager"]
    Holding.objects.filter(user=meera).update(ends_on=TODAY)
    assert meera.groups.exists()
    assert not can(viewer(meera), ChildPermission.VIEW, child)


def test_an_allocation_opens_nothing_without_a_post_of_its_role(place, make_child):
    child, ada = make_child(), place.people["iro"]
    assert can(viewer(ada), ChildPermission.RECORD, child)
    Holding.objects.filter(user=ada).update(ends_on=TODAY)
    employ(ada, "SOCIAL_WORKER", team=place.teams["south"])
    assert not can(viewer(ada), ChildPermission.VIEW, child)
    assert why(ada, child) == []
    assert ada not in [user for user, _ in who(child)]
    employ(ada, "IRO_MANAGER")
    assert [reason.sentence for reason in why(ada, child)] == [
        "Allocated as IRO since 3 August 2026",
        "IRO manager since 6 January 2020",
    ]


def test_posts_of_the_whole_authority_have_no_row_for_each_child(place, make_child):
    child = make_child()
    assert can(viewer(place.people["director"]), ChildPermission.RESPOND, child)
    holders = User.objects.filter(groups__childgroupobjectpermission__content_object=child)
    assert set(holders.distinct()) == {place.people["team_manager"], place.people["service_manager"]}


def test_whoever_reaches_the_whole_authority_is_asked_about_no_child(place, make_child):
    make_child()
    query = str(visible(viewer(place.people["head"]), Allocation.objects.all()).query)
    assert "objectpermission" not in query


def test_what_was_done_under_an_authority_stays_with_it(place, elsewhere, make_child):
    child = make_child()
    Child.objects.filter(pk=child.pk).update(authority=elsewhere.authority)
    before, now = place.people["iro_manager"], elsewhere.people["iro_manager"]
    of_child = Allocation.objects.filter(child=child)
    assert visible(viewer(before), of_child).count() == 2
    assert not visible(viewer(now), of_child).exists()
    assert [can(viewer(user), ChildPermission.VIEW, child) for user in (before, now)] == [False, True]


@pytest.mark.parametrize("name", ["iro", "team_manager", "head"])
def test_a_list_is_one_in_and_never_an_or(name, place, make_child):
    make_child()
    employ(place.people["team_manager"], "SOCIAL_WORKER", team=place.teams["east"])
    assert " OR " not in str(visible(viewer(place.people[name]), Child.objects.all()).query)


def test_the_reconciler_repairs_and_counts(place, make_child):
    child = make_child()
    assert reconcile_access() == 0
    rows = ChildUserObjectPermission.objects.filter(content_object=child)
    lost = rows.count() + ChildGroupObjectPermission.objects.filter(content_object=child).count()
    rows.delete()
    ChildGroupObjectPermission.objects.filter(content_object=child).delete()
    assert not can(viewer(place.people["iro"]), ChildPermission.VIEW, child)
    assert reconcile_access() == lost
    assert can(viewer(place.people["iro"]), ChildPermission.VIEW, child)


def test_rows_once_made_for_the_whole_authority_are_removed_by_the_reconciler(place, make_child):
    child = make_child()
    group = Group.objects.create(name=f"DIRECTOR:AUTHORITY:{place.authority.pk}")
    place.people["other_iro"].groups.add(group)
    for permission in Permission.objects.filter(
        content_type__model="child", codename__in=["view_child", "read_record"]
    ):
        ChildGroupObjectPermission.objects.create(content_object=child, group=group, permission=permission)
    others = ChildGroupObjectPermission.objects.exclude(group=group).count()
    assert not can(viewer(place.people["other_iro"]), ChildPermission.VIEW, child)
    assert reconcile_access() == 2
    assert ChildGroupObjectPermission.objects.count() == others > 0


def test_the_task_says_how_many_rows_differed(place, make_child, caplog):
    from structlog.testing import capture_logs

    from children.tasks import reconcile_access as task

    ChildUserObjectPermission.objects.filter(content_object=make_child()).first().delete()
    with capture_logs() as logs:
        task()
    assert logs == [{"event": "access_reconciled", "differences": 1, "log_level": "info"}]


def test_moving_many_children_costs_no_query_per_child(place, make_child, django_assert_max_num_queries):
    from children.access_rows import derive_access

    ids = [make_child().pk for _ in range(12)]
    ChildGroupObjectPermission.objects.filter(content_object__in=ids).delete()
    with django_assert_max_num_queries(12):
        derive_access(child_ids=ids)
