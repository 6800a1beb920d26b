"""The pages about a child: people, care, who has looked, what changed, and changing who works with them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import who
from audit.models import AccessEvent, BusinessEvent
from authorities.services import add_team
from children.models import Allocation, Episode
from children.services import end_allocation
from reviews.services import end_care, start_care
from tests.conftest import NOW, TODAY, employ, person
from tests.making import viewer

pytestmark = pytest.mark.django_db
PAGES = ("people", "care", "access", "changes")


def page(client, name, child, **query):
    return client.get(reverse(f"children:{name}", args=[child.uuid]), query)


@pytest.mark.parametrize("name", PAGES)
def test_the_iro_opens_each_page_and_leaves_one_trace(name, signed_in, place, make_child):
    child = make_child()
    answer = page(signed_in(place.people["iro"]), name, child)
    assert answer.status_code == 200
    assert str(child) in answer.content.decode()
    (event,) = AccessEvent.objects.all()
    assert (event.child_ids, event.actor_id, event.what) == ([child.pk], place.people["iro"].pk, f"children:{name}")


def test_people_names_everybody_who_can_see_the_child_and_why(signed_in, place, make_child):
    child = make_child()
    text = page(signed_in(place.people["iro"]), "people", child).content.decode()
    assert "Allocated as IRO since 3 August 2026" in text
    assert "Team manager, North since 6 January 2020" in text
    assert "Business support since 6 January 2020 (names and dates only)" in text
    assert "Tom East" not in text


def test_everybody_listed_sees_the_child_and_nobody_else_does(place, elsewhere, make_child):
    child = make_child()
    listed = {user.pk for user, _ in who(child)}
    everybody = [*place.people.values(), *elsewhere.people.values()]
    assert listed == {user.pk for user in everybody if type(child).objects.visible_to(viewer(user)).exists()}


def test_business_support_sees_neither_reasons_nor_need_nor_postcode(signed_in, place, make_child):
    child = make_child()
    Episode.objects.filter(child=child).update(placement_postcode="AB1 2CD")
    client = signed_in(place.people["business_support"])
    assert "Who can see this child" not in page(client, "people", child).content.decode()
    care = page(client, "care", child).content.decode()
    assert "Full care order" in care
    assert "AB1 2CD" not in care
    assert "buse or neglect" not in care
    changes = page(client, "changes", child).content.decode()
    assert "AB1 2CD" not in changes
    assert "category of need" not in changes


def test_the_iro_sees_need_and_postcode(signed_in, place, make_child):
    child = make_child()
    Episode.objects.filter(child=child).update(placement_postcode="AB1 2CD")
    client = signed_in(place.people["iro"])
    care = page(client, "care", child).content.decode()
    assert "AB1 2CD" in care
    assert "Abuse or neglect" in care
    assert (
        "Episode from 3 August 2026 changed: placement postcode AB1 2CD."
        in page(client, "changes", child).content.decode()
    )


def test_who_has_looked_is_for_the_iro_and_the_manager(signed_in, place, make_child):
    child = make_child()
    page(signed_in(place.people["head"]), "people", child)
    for name, status in (("iro", 200), ("iro_manager", 200), ("head", 403), ("social_worker", 403)):
        answer = page(signed_in(place.people[name]), "access", child)
        assert answer.status_code == status
        if status == 200:
            assert "Hana Head" in answer.content.decode()
            assert "opened: who works with the child" in answer.content.decode()


def test_the_log_pages_by_key(signed_in, place, make_child):
    child = make_child()
    client = signed_in(place.people["iro"])
    for _ in range(51):
        page(client, "people", child)
    first = page(client, "access", child)
    assert len(first.context["table"].rows) == 50
    older = client.get(reverse("children:access", args=[child.uuid]) + first.context["page"].next_url)
    assert len(older.context["table"].rows) == 2
    newer = client.get(reverse("children:access", args=[child.uuid]) + older.context["page"].previous_url)
    assert newer.context["page"].rows[-1] == first.context["page"].rows[-1]


@pytest.mark.parametrize("key", ["x", "-1", "9" * 40, "1\u0660", ""])
def test_a_tampered_page_key_shows_the_newest(key, signed_in, place, make_child):
    assert page(signed_in(place.people["iro"]), "access", make_child(), before=key).status_code == 200


@pytest.mark.parametrize("moment", ["x", "2026-13-45", "2026-08-17", "9999-99-99T99:99:99+00:00"])
def test_a_tampered_moment_shows_the_newest(moment, signed_in, place, make_child):
    assert page(signed_in(place.people["iro"]), "changes", make_child(), before=moment).status_code == 200


def test_what_changed_says_who_and_from_what_to_what(signed_in, place, make_child):
    child = make_child()
    client = signed_in(place.people["iro_manager"])
    other = place.people["other_iro"]
    allocate(client, child, "IRO", user=other.pk)
    text = page(client, "changes", child).content.decode()
    assert "Allocation of Ada Iro changed: ends on 17 August 2026." in text
    assert "Allocation added: kind IRO; person Bob Other; starts on 17 August 2026." in text
    assert "Ivy Lead" in text


def allocate(client, child, change, on=TODAY, **fields):
    data = {f"{change.lower()}-{name}": value for name, value in fields.items()}
    days = {f"{change.lower()}-on_{part}": getattr(on, part) for part in ("day", "month", "year")}
    return client.post(reverse("children:allocate", args=[child.uuid]), {"change": change, **data, **days})


@pytest.fixture
def manager(signed_in, place, time_machine_today):
    return signed_in(place.people["iro_manager"])


@pytest.fixture
def time_machine_today(time_machine):
    time_machine.move_to("2026-08-17T09:30:00Z")


def test_the_manager_allocates_another_iro(manager, place, make_child):
    child = make_child()
    assert allocate(manager, child, "IRO", user=place.people["other_iro"].pk).status_code == 302
    assert Allocation.objects.live().get(child=child, kind="IRO").user == place.people["other_iro"]
    assert BusinessEvent.objects.filter(verb="allocation.made", actor_id=place.people["iro_manager"].pk).exists()


def test_the_manager_moves_the_child_to_another_team(manager, place, make_child):
    child = make_child()
    assert allocate(manager, child, "TEAM", team=place.teams["east"].pk).status_code == 302
    assert place.people["other_team_manager"].pk in {user.pk for user, _ in who(child)}
    assert place.people["team_manager"].pk not in {user.pk for user, _ in who(child)}


@pytest.mark.parametrize(
    "fields, says",
    [
        ({}, "Choose the IRO"),
        ({"user": "999999"}, "Choose one of the people shown"),
        ({"user": "x\x00"}, "Null characters are not allowed"),
        ({"user": "other_iro", "on": date(2026, 8, 18)}, "cannot begin in the future"),
        ({"user": "other_iro", "on": date(2026, 8, 2)}, "The present allocation began on 3 August 2026"),
    ],
)
def test_a_refusal_stands_at_its_field_and_changes_nothing(manager, place, make_child, fields, says):
    child = make_child()
    if fields.get("user") in place.people:
        fields = fields | {"user": place.people[fields["user"]].pk}
    answer = allocate(manager, child, "IRO", **fields)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert Allocation.objects.live().get(child=child, kind="IRO").user == place.people["iro"]


def form_of(client, child):
    """The page that allocates, and what its hidden fields say stands now."""
    answer = client.get(reverse("children:allocate", args=[child.uuid]))
    return answer.content.decode(), {kind: form["seen"].value() for kind, form in answer.context["forms"].items()}


def test_the_page_says_who_stands_now(manager, make_child):
    text, _ = form_of(manager, make_child(worker=None))
    assert "Now Ada Iro, since 3 August 2026" in text
    assert "Now North, since 3 August 2026" in text
    assert "None now" in text


@pytest.mark.parametrize(
    "kind, mine, other", [("IRO", "other_iro", "iro_manager"), ("SOCIAL_WORKER", "social_worker", "other_worker")]
)
def test_of_two_who_allocate_at_once_the_second_is_told_and_keeps_the_choice(
    manager, place, make_child, kind, mine, other
):
    if kind == "SOCIAL_WORKER":
        place.people[other] = employ(person(place.authority, "Olga Other"), kind, team=place.teams["north"])
    child = make_child(worker=None)
    _, seen = form_of(manager, child)
    seen = seen[kind] or ""
    assert allocate(manager, child, kind, user=place.people[other].pk, seen=seen).status_code == 302

    answer = allocate(manager, child, kind, user=place.people[mine].pk, seen=seen)
    text, form = answer.content.decode(), answer.context["forms"][kind]
    assert answer.status_code == 409
    assert f"Ivy Lead chose {place.people[other]} since you opened this page. Save again to go on" in text
    assert f"Now {place.people[other]}, since 17 August 2026" in text
    assert form["user"].value() == str(place.people[mine].pk)
    assert Allocation.objects.live().get(child=child, kind=kind).user == place.people[other]

    again = allocate(manager, child, kind, user=place.people[mine].pk, seen=form["seen"].value())
    assert again.status_code == 302
    assert Allocation.objects.live().get(child=child, kind=kind).user == place.people[mine]


def test_who_moves_a_child_meanwhile_moved_is_told(manager, place, make_child):
    child, east = make_child(), place.teams["east"]
    _, seen = form_of(manager, child)
    third = add_team(authority=place.authority, name="Third")
    assert allocate(manager, child, "TEAM", team=third.pk, seen=seen["TEAM"]).status_code == 302
    answer = allocate(manager, child, "TEAM", team=east.pk, seen=seen["TEAM"])
    assert "Ivy Lead chose Third since you opened this page" in answer.content.decode()
    assert allocate(manager, child, "TEAM", team=third.pk, seen=seen["TEAM"]).status_code == 302  # a second click
    again = allocate(manager, child, "TEAM", on=TODAY - timedelta(days=1), team=third.pk)
    assert again.context["forms"]["TEAM"].errors == {"team": ["Third is already the team, since 17 August 2026."]}
    assert child.team_allocations.count() == 2


def test_who_has_left_meanwhile_is_told_of(manager, place, make_child):
    child = make_child()
    _, seen = form_of(manager, child)
    end_allocation(allocation=Allocation.objects.live().get(child=child, kind="IRO"), on=TODAY, at=NOW)
    answer = allocate(manager, child, "IRO", user=place.people["other_iro"].pk, seen=seen["IRO"])
    assert "The one shown before has left since you opened this page" in answer.content.decode()
    assert "None now" in answer.content.decode()


@pytest.mark.parametrize("seen", ["x", "9" * 50, "1\x00", "-1"])
def test_a_tampered_key_of_who_stood_is_refused_in_words(manager, place, make_child, seen):
    child = make_child()
    answer = allocate(manager, child, "IRO", user=place.people["other_iro"].pk, seen=seen)
    assert answer.status_code in (200, 409)
    assert Allocation.objects.live().get(child=child, kind="IRO").user == place.people["iro"]


def test_a_person_of_another_authority_is_not_even_offered(manager, elsewhere, make_child):
    answer = allocate(manager, make_child(), "IRO", user=elsewhere.people["iro"].pk)
    assert "Choose one of the people shown" in answer.content.decode()


def test_only_the_manager_allocates(signed_in, place, make_child):
    child = make_child()
    for name in ("iro", "head", "team_manager", "business_support", "auditor"):
        assert allocate(signed_in(place.people[name]), child, "IRO", user=1).status_code == 403


def search(client, **fields):
    return client.post(reverse("children:access_log"), fields)


def test_governance_searches_by_reference_and_never_sees_a_name(signed_in, place, make_child):
    child = make_child()
    page(signed_in(place.people["iro"]), "people", child)
    text = search(signed_in(place.people["governance"]), reference=child.reference).content.decode()
    assert "Ada Iro" in text
    assert child.reference in text
    assert child.family_name not in text
    assert BusinessEvent.objects.filter(verb="access_log.searched", child_id=child.pk).exists()


def test_governance_searches_by_person(signed_in, place, make_child):
    child = make_child()
    page(signed_in(place.people["iro"]), "people", child)
    text = search(signed_in(place.people["governance"]), email=place.people["iro"].username).content.decode()
    assert child.reference in text


def test_the_log_of_another_authority_stays_closed(signed_in, place, elsewhere, make_child):
    child, ada = make_child(), place.people["iro"]
    page(signed_in(ada), "people", child)
    stranger = signed_in(elsewhere.people["governance"])
    for sought, says in (
        ({"reference": child.reference}, "No child of your authority has this reference"),
        ({"reference": "NEVER"}, "No child of your authority has this reference"),
        ({"email": ada.username}, "No account of your authority has this address"),
        ({"email": "nobody@council.example"}, "No account of your authority has this address"),
    ):
        text = search(stranger, **sought).content.decode()
        assert says in text
        assert "Ada Iro" not in text
        assert "Nobody." not in text
    assert BusinessEvent.objects.filter(verb="access_log.searched").count() == 4


def test_a_child_nobody_has_looked_at_reads_as_nobody(signed_in, place, make_child):
    text = search(signed_in(place.people["governance"]), reference=make_child().reference).content.decode()
    assert "Nobody." in text
    assert "No child of your authority" not in text


def test_the_log_asks_for_one_of_the_two(signed_in, place):
    client = signed_in(place.people["governance"])
    assert "one of the two" in search(client).content.decode()
    assert search(client, reference="a\x00b").status_code == 200
    assert search(signed_in(place.people["iro"]), reference="x").status_code == 403


def test_the_care_page_asks_as_often_for_three_times_in_care_as_for_one(signed_in, place, make_child):
    child, client = make_child(), signed_in(place.people["iro"])
    page(client, "care", child)
    with CaptureQueriesContext(connection) as few:
        page(client, "care", child)
    for day in (10, 12):
        period = child.care_periods.get(ends_on=None)
        end_care(care_period=period, on=TODAY.replace(day=day), reason="E4A", at=NOW)
        start_care(child=child, on=TODAY.replace(day=day + 1), at=NOW, **CODES)
    with CaptureQueriesContext(connection) as many:
        text = page(client, "care", child).content.decode()
    assert text.count("<table") == 3
    assert "to 10 August 2026: " in text
    assert len(many) == len(few)


CODES = {"legal_status": "C2", "category_of_need": "N1", "placement_type": "U6"}
