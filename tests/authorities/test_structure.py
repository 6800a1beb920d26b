"""Services and teams by screen: added, renamed, merged, closed, reopened, put under another service."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import can
from accounts.models import Holding, Post
from accounts.roles import ChildPermission
from accounts.services import NewPost
from accounts.services import employ as put_in_post
from audit.models import BusinessEvent
from authorities.models import FormerName, Service, Team
from authorities.services import add_team, open_team, rename
from children.models import TeamAllocation
from children.places import with_team
from children.services import Merge, close_team, merge_teams, move_team
from tests.conftest import NOW, TODAY, employ, person
from tests.making import viewer
from tests.together.at_once import at_once
from timescales.refusals import Conflict, Refused

pytestmark = pytest.mark.django_db
ON = {"on_day": "17", "on_month": "8", "on_year": "2026"}
BASE = "/settings/teams/"


@pytest.fixture
def administrator(signed_in, place):
    with time_machine.travel(NOW, tick=False):
        yield signed_in(place.people["administrator"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def verbs() -> list[str]:
    return list(BusinessEvent.objects.order_by("-pk").values_list("verb", flat=True))


def merge(team: Team, into: Team, **more: Any) -> Any:
    """Merge two teams as somebody who has seen what moves."""
    asked = Merge(team, into, more.pop("on", TODAY), "Fewer children.")
    return merge_teams(merge=asked, seen=more.pop("seen", with_team(team).key), at=NOW, **more)


def test_a_service_and_a_team_in_it_are_added(administrator, place):
    administrator.post("/settings/services/add/", {"name": "  Leaving   Care "})
    made = Service.objects.get(name="Leaving Care")
    assert administrator.post(f"{BASE}add/", {"name": "Sixteen Plus", "service": made.pk}).url == BASE
    page = text(administrator.get(BASE))
    assert "Leaving Care" in page
    assert Team.objects.get(name="Sixteen Plus").service == made
    assert verbs()[:2] == ["team.opened", "service.opened"]
    assert BusinessEvent.objects.latest("pk").actor_id == place.people["administrator"].pk


def test_a_team_outside_the_council_has_managers_on_the_ladder(administrator, place):
    administrator.post(f"{BASE}add/", {"name": "Bright Futures", "is_outside": "on"})
    team = Team.objects.get(name="Bright Futures")
    assert team.is_outside
    manager = employ(person(place.authority, "Mo Bright"), "TEAM_MANAGER", team=team)
    assert viewer(manager).roles == ["TEAM_MANAGER"]
    assert "Outside" in text(administrator.get(BASE))


@pytest.mark.parametrize(
    "address, sent, says",
    [
        (f"{BASE}add/", {"name": "north"}, "There is an open team called “North” already"),
        (f"{BASE}add/", {"name": " "}, "Enter the name"),
        (f"{BASE}add/", {"name": "n" * 121}, "must be 120 characters or fewer"),
        (f"{BASE}add/", {"name": "N\x00"}, "a character that cannot be kept"),
        (f"{BASE}add/", {"name": "New", "service": "999999"}, "Choose one of the services shown"),
        (
            "/settings/services/add/",
            {"name": "SAFEGUARDING"},
            "There is an open service called “Safeguarding” already",
        ),
    ],
)
def test_what_cannot_be_added_says_why_and_keeps_what_was_typed(administrator, place, address, sent, says):
    before = Team.objects.count(), Service.objects.count()
    page = text(administrator.post(address, sent))
    assert says in page
    assert "<title>Error: " in page
    assert (Team.objects.count(), Service.objects.count()) == before


def test_a_name_may_be_taken_again_once_its_team_is_closed(administrator, place):
    close_team(team=place.teams["south"], on=TODAY, reason="Empty.", at=NOW)
    administrator.post(f"{BASE}add/", {"name": "South"})
    assert Team.objects.filter(name="South").count() == 2
    refused = administrator.post(f"{BASE}{place.teams['south'].pk}/reopen/", follow=True)
    assert "There is an open team called “South” already" in text(refused)


def test_an_old_name_stays_with_its_time(administrator, place, make_child, signed_in):
    child = make_child()
    north = place.teams["north"]
    move_team(child=child, team=place.teams["east"], on=date(2026, 8, 10), at=NOW)
    sent = {"name": "Northern", "seen": "North", "on_day": "12", "on_month": "8", "on_year": "2026"}
    administrator.post(f"{BASE}{north.pk}/rename/", sent)
    north.refresh_from_db()
    assert north.name == "Northern"
    assert north.name_on(date(2026, 8, 11)) == "North"
    assert north.name_on(date(2026, 8, 12)) == "Northern"
    assert "North" in text(administrator.get(f"{BASE}{north.pk}/"))
    people = text(signed_in(place.people["iro"]).get(f"/children/{child.uuid}/people/"))
    assert "North<" in people
    assert "Northern" not in people


def test_the_name_of_a_team_is_the_one_it_had_at_each_time(place):
    team = place.teams["north"]
    rename(place=team, name="Second", on=date(2026, 3, 1), seen="North", at=NOW)
    rename(place=team, name="Third", on=date(2026, 6, 1), seen="Second", at=NOW)
    team.refresh_from_db()
    assert [team.name_on(date(2026, month, 1)) for month in (2, 3, 6)] == ["North", "Second", "Third"]
    with pytest.raises(Refused, match="got its present name on Monday 1 June 2026"):
        rename(place=team, name="Fourth", on=date(2026, 5, 1), seen="Third", at=NOW)
    with pytest.raises(Refused, match="Give today or a day before"):
        rename(place=team, name="Fourth", on=date(2026, 9, 1), seen="Third", at=NOW)


def test_merging_shows_first_what_moves_and_then_moves_it(administrator, place, make_child):
    children = [make_child() for _ in range(2)]
    north, east = place.teams["north"], place.teams["east"]
    asked = {"into": east.pk, "reason": "Fewer children.", **ON}
    preview = text(administrator.post(f"{BASE}{north.pk}/merge/", asked))
    assert "2 children and 2 posts move to East, and North is closed." in preview
    assert Team.objects.get(pk=north.pk).ended_on is None
    done = administrator.post(f"{BASE}{north.pk}/merge/", asked | {"seen": "2-2-0"})
    assert done.url == f"{BASE}{east.pk}/"
    for child in children:
        rows = child.team_allocations.order_by("starts_on", "pk")
        assert [(row.team, row.ends_on) for row in rows] == [(north, TODAY), (east, None)]
    assert {post.team for post in Post.objects.live().filter(role__in=("TEAM_MANAGER", "SOCIAL_WORKER"))} == {east}
    north.refresh_from_db()
    assert (north.ended_on, north.merged_into, north.ended_reason) == (TODAY, east, "Fewer children.")
    assert "merged into" in text(administrator.get(f"{BASE}{north.pk}/"))
    assert verbs().count("team.moved") >= 2
    assert verbs()[:2] == ["team.merged", "team.closed"]


def test_after_a_merge_the_people_see_the_children_of_the_team_they_went_to(place, make_child):
    child, other = make_child(), make_child(team="east", worker=None)
    merge(place.teams["north"], place.teams["east"])
    meera, tom = place.people["team_manager"], place.people["other_team_manager"]
    sian = place.people["service_manager"]  # of the service that North was in and East is not
    for manager in (meera, tom):
        assert can(viewer(manager), ChildPermission.VIEW, child)
        assert can(viewer(manager), ChildPermission.VIEW, other)
    assert not can(viewer(sian), ChildPermission.VIEW, child)
    assert Holding.objects.of_user(meera.pk).get().starts_on == TODAY
    assert meera.holdings.filter(ends_on=TODAY).count() == 1


def test_the_back_of_the_preview_keeps_what_was_chosen(administrator, place):
    asked = {"into": place.teams["east"].pk, "reason": "Fewer.", "seen": "0-2-0", "change": "1", **ON}
    page = text(administrator.post(f"{BASE}{place.teams['north'].pk}/merge/", asked))
    assert "Continue" in page
    assert "Fewer." in page


def test_what_moved_meanwhile_is_looked_at_again(place, make_child):
    seen = with_team(place.teams["north"]).key
    make_child()
    with pytest.raises(Conflict, match="Now 1 child and 2 posts would move"):
        merge(place.teams["north"], place.teams["east"], seen=seen)
    assert not TeamAllocation.objects.filter(team=place.teams["east"]).exists()


@pytest.mark.parametrize(
    "on, says", [(date(2026, 8, 18), "Give today or a day before"), (date(2026, 8, 2), "A child came to North on")]
)
def test_a_merge_on_an_impossible_day_is_refused_and_nothing_moves(place, make_child, on, says):
    make_child()
    with pytest.raises(Refused, match=says):
        merge(place.teams["north"], place.teams["east"], on=on)
    assert with_team(place.teams["north"]).key == "1-2-0"


def test_a_merge_that_would_let_an_iro_manage_their_own_child_is_refused(place, make_child):
    make_child()
    employ(place.people["iro"], "TEAM_MANAGER", team=place.teams["east"])
    with pytest.raises(Refused, match="The IRO of 1 child would manage the case"):
        merge(place.teams["north"], place.teams["east"])


def test_a_team_with_children_or_posts_is_not_closed_and_the_counts_say_what_to_do(administrator, place, make_child):
    make_child()
    north = place.teams["north"]
    assert "North has 1 child and 2 posts, so it cannot be closed yet" in text(
        administrator.get(f"{BASE}{north.pk}/close/")
    )
    page = text(administrator.post(f"{BASE}{north.pk}/close/", {"reason": "No use.", **ON}))
    assert "North cannot be closed while 1 child and 2 posts are with it. Merge it into another team" in page
    assert Team.objects.get(pk=north.pk).ended_on is None


def test_an_empty_team_is_closed_offered_no_more_and_reopened(administrator, place, make_child):
    south = place.teams["south"]
    administrator.post(f"{BASE}{south.pk}/close/", {"reason": "Nobody left.", **ON})
    south.refresh_from_db()
    assert (south.ended_on, south.ended_reason) == (TODAY, "Nobody left.")
    assert ">South<" not in text(administrator.get("/accounts/open/"))
    assert "Closed 17 Aug 2026" in text(administrator.get(BASE))
    child = make_child()
    with pytest.raises(Conflict, match="South was closed on Monday 17 August 2026"):
        move_team(child=child, team=south, on=TODAY, at=NOW)
    with pytest.raises(Conflict, match="South was closed"):
        put_in_post(user=person(place.authority, "Nu New"), post=NewPost("TEAM_MANAGER", south), on=TODAY, at=NOW)
    administrator.post(f"{BASE}{south.pk}/reopen/")
    south.refresh_from_db()
    assert south.ended_on is None
    assert verbs()[0] == "team.reopened"


def test_a_service_with_teams_or_managers_is_not_closed(administrator, place):
    care = place.services["care"]
    page = text(administrator.post(f"/settings/services/{care.pk}/close/", {"reason": "x", **ON}))
    assert "Children in Care cannot be closed while it has 2 open teams and 1 post." in page


def test_a_team_of_a_closed_service_is_reopened_after_it(administrator, place):
    east, safeguarding = place.teams["east"], place.services["safeguarding"]
    merge(east, place.teams["north"])
    administrator.post(f"/settings/services/{safeguarding.pk}/close/", {"reason": "Merged.", **ON})
    refused = text(administrator.post(f"{BASE}{east.pk}/reopen/", follow=True))
    assert "Reopen Safeguarding first" in refused
    administrator.post(f"/settings/services/{safeguarding.pk}/reopen/")
    administrator.post(f"{BASE}{east.pk}/reopen/")
    east.refresh_from_db()
    assert (east.ended_on, east.merged_into) == (None, None)


def test_a_team_put_under_another_service_opens_to_its_manager(administrator, place, make_child):
    child = make_child(team="east", worker=None)
    sian, east = place.people["service_manager"], place.teams["east"]
    assert not can(viewer(sian), ChildPermission.VIEW, child)
    sent = {"service": place.services["care"].pk, "seen": place.services["safeguarding"].pk}
    administrator.post(f"{BASE}{east.pk}/service/", sent)
    assert can(viewer(sian), ChildPermission.VIEW, child)
    again = text(administrator.post(f"{BASE}{east.pk}/service/", {"service": "", "seen": sent["seen"]}))
    assert "It was put in Children in Care since you opened this page" in again
    assert (
        administrator.post(f"{BASE}{east.pk}/service/", {"service": "", "seen": sent["service"]}).status_code == 302
    )
    assert not can(viewer(sian), ChildPermission.VIEW, child)


def test_the_list_costs_the_same_at_two_sizes(administrator, place):
    administrator.get(BASE)
    with CaptureQueriesContext(connection) as few:
        administrator.get(BASE)
    for number in range(12):
        add_team(authority=place.authority, name=f"Team {number}", service=place.services["care"])
    with CaptureQueriesContext(connection) as many:
        administrator.get(BASE)
    assert len(many) == len(few) <= 12


def test_another_authoritys_team_is_not_there(administrator, elsewhere):
    for page in ("", "rename/", "service/", "merge/", "close/"):
        assert administrator.get(f"{BASE}{elsewhere.teams['north'].pk}/{page}").status_code == 404
    assert "Eastmoor" not in text(administrator.get(BASE))


@pytest.mark.parametrize("who", ["iro_manager", "director", "iro", "team_manager"])
def test_only_a_system_administrator_keeps_teams(signed_in, place, who):
    client = signed_in(place.people[who])
    assert client.get(BASE).status_code == 403
    assert client.post(f"{BASE}add/", {"name": "Mine"}).status_code == 403
    assert not Team.objects.filter(name="Mine").exists()


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """One is done, the other is told."""

    def test_the_same_name_is_taken_once(self, place):
        def opens() -> Team:
            return open_team(authority=place.authority, name="West", at=NOW)

        both = at_once(opens, opens)
        assert both.has_waited
        assert both.second.refusal is not None
        assert "open team called “West” already" in both.second.refusal.message

    def test_two_renames(self, place):
        team = place.teams["north"]
        both = at_once(
            lambda: rename(place=team, name="One", on=TODAY, seen="North", at=NOW),
            lambda: rename(place=team, name="Two", on=TODAY, seen="North", at=NOW),
        )
        assert both.has_waited
        assert both.second.refusal is not None
        assert "It was renamed “One” since you opened this page" in both.second.refusal.message
        assert FormerName.objects.count() == 1

    def test_closing_and_giving_it_a_child(self, place, make_child):
        child, south = make_child(), place.teams["south"]
        both = at_once(
            lambda: close_team(team=south, on=TODAY, reason="Empty.", at=NOW),
            lambda: move_team(child=child, team=south, on=TODAY, at=NOW),
        )
        assert both.has_waited
        assert isinstance(both.second.refusal, Conflict)
        other = place.teams["east"]
        both = at_once(
            lambda: move_team(child=child, team=other, on=TODAY, at=NOW),
            lambda: close_team(team=other, on=TODAY, reason="Empty.", at=NOW),
        )
        assert both.has_waited
        assert "cannot be closed while 1 child" in both.second.refusal.message

    def test_merging_and_giving_it_a_child(self, place, make_child):
        make_child()
        late, north, east = make_child(team=None), place.teams["north"], place.teams["east"]
        both = at_once(
            lambda: move_team(child=late, team=north, on=TODAY, at=NOW),
            lambda: merge(north, east),
        )
        assert both.has_waited
        assert isinstance(both.second.refusal, Conflict)
        assert "Now 2 children and 2 posts would move" in both.second.refusal.message

    def test_merging_and_somebody_taking_up_a_post_there(self, place):
        north, east = place.teams["north"], place.teams["east"]
        new = person(place.authority, "Nu New")
        both = at_once(
            lambda: merge(north, east),
            lambda: put_in_post(user=new, post=NewPost("TEAM_MANAGER", north), on=TODAY, at=NOW),
        )
        assert both.has_waited
        assert isinstance(both.second.refusal, Conflict)
        assert not new.holdings.exists()

    def test_two_teams_merged_into_each_other(self, place):
        north, east = place.teams["north"], place.teams["east"]
        both = at_once(lambda: merge(north, east), lambda: merge(east, north))
        assert both.has_waited
        assert both.first.refusal is None
        assert isinstance(both.second.refusal, Conflict)
