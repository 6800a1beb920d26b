"""The same at the pages: what the second of two people reads when both pressed at once."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Holding, User
from children.models import Allocation
from escalations.models import Response
from tests.conftest import NOW, TODAY, employ, person

from .at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def the_doors_clock_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def press(place):
    """An act of somebody who fills a page's form and presses its button, in a browser of their own."""

    def made(name, page, *args, **fields):
        client = Client(raise_request_exception=False)
        client.force_login(place.people[name], backend=BACKEND)
        return lambda: client.post(reverse(page, args=args), fields)

    return made


def pressed(both):
    """The two answers, with the statuses first."""
    first, second = both.first.result, both.second.result
    assert both.has_waited
    return first.status_code, second.status_code, " ".join(second.content.decode().split())


def moving(stage, reason="No answer"):
    return {"stage": stage, "reason": reason, "position": "0", "is_answered": "False"}


def contesting(reason):
    return {"answer": "CONTESTED", "reason": reason, "submission": str(uuid4()), "position": "0"}


def test_two_managers_move_a_concern_up(press, concern):
    uuid = concern().uuid
    first = press("iro_manager", "escalations:move_up", uuid, **moving("1"))
    second = press("iro", "escalations:move_up", uuid, **moving("2", "My own reason"))
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Ivy Lead has already moved this concern to Stage 1." in text
    assert "My own reason" in text


def test_one_person_presses_move_up_twice(press, concern):
    raised = concern()
    move = press("iro", "escalations:move_up", raised.uuid, **moving("2"))
    assert pressed(at_once(move, move))[:2] == (302, 302)
    assert raised.steps.count() == 2


def test_a_manager_answers_as_the_iro_moves_up(press, concern):
    uuid = concern().uuid
    first = press("iro", "escalations:move_up", uuid, **moving("1"))
    second = press("team_manager", "escalations:respond", uuid, **contesting("It was done in May"))
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Ada Iro has already moved this concern to Stage 1." in text
    assert "It was done in May" in text
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "page, fields, kept",
    [
        ("move_up", moving("1", "Nobody answers"), "Nobody answers"),
        ("resolve", {"resolution": "Settled by phone", "position": "0", "is_answered": "False"}, "Settled by phone"),
    ],
)
def test_the_iro_acts_on_no_answer_as_the_manager_answers(press, concern, page, fields, kept):
    raised = concern()
    first = press("team_manager", "escalations:respond", raised.uuid, **contesting("It was done in May"))
    second = press("iro", f"escalations:{page}", raised.uuid, **fields)
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Meera North answered this concern on 17 August 2026 (contest)." in text
    assert kept in text
    raised.refresh_from_db()
    assert (raised.status, raised.stage.position) == ("OPEN", 0)


def test_two_people_resolve_a_concern(press, concern):
    uuid = concern().uuid
    first = press("iro_manager", "escalations:resolve", uuid, resolution="A date was given")
    second = press("iro", "escalations:resolve", uuid, resolution="My own words")
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Ivy Lead has already resolved this concern." in text
    assert "My own words" in text


def test_the_iro_raises_a_concern_as_the_child_is_given_to_another(press, place, ladder, make_child):
    child = make_child()
    first = press("iro_manager", "children:allocate", child.uuid, **allocating(place.people["other_iro"]))
    fields = {"stage": "1", "concern": "No school place", "sought": "A place", "token": str(uuid4())}
    second = press("iro", "escalations:raise", child.uuid, **fields)
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Ivy Lead made Bob Other the child&#x27;s IRO." in text
    assert "No school place" in text


def test_two_people_book_a_review(press, make_child):
    review = make_child().reviews.get()
    first = press("iro_manager", "reviews:book", review.uuid, **booking("26"))
    second = press("iro", "reviews:book", review.uuid, **booking("27"))
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Ivy Lead has booked it for Wednesday 26 August 2026 since you opened this page." in text
    assert 'value="27"' in text


def test_two_people_correct_a_review(press, make_child, record):
    review = make_child().reviews.get()
    record(review)
    first = press("iro_manager", "reviews:correct", review.uuid, **correcting("It was about health"))
    second = press("iro", "reviews:correct", review.uuid, **correcting("My own words"))
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Ivy Lead corrected this review on Monday 17 August 2026, since you opened this page" in text
    assert "My own words" in text


def test_two_people_give_a_record_to_another_child(press, make_child, record):
    review, other = make_child().reviews.get(), make_child()
    record(review)
    answers = {"reference": other.reference, "reason": "Two tabs were open", "seen": "0"}
    found = press("iro", "reviews:another_child", review.uuid, **answers)().context
    answers["shown"] = [*found["leaves"], *found["comes"]]
    first = press("iro_manager", "reviews:another_child", review.uuid, **answers)
    second = press("iro", "reviews:another_child", review.uuid, **answers)
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Two tabs were open" in text


def test_two_people_correct_when_care_began(press, make_child):
    child = make_child()
    day = {"ends_on_day": "", "ends_on_month": "", "ends_on_year": "", "seen": "0"}
    day |= {"starts_on_day": "27", "starts_on_month": "7", "starts_on_year": "2026", "reason": "My own words"}
    codes = {"reason_started": "S", "legal_status": "C2", "category_of_need": "N1", "placement_type": "U6"}
    where = ("children:correct_care", child.uuid, "2026-08-03")
    shown = press("iro_manager", *where, **day, **codes)().context["sentences"]
    first = press("iro_manager", *where, **day, **codes, shown=shown)
    second = press("iro_manager", *where, **day, **codes, shown=shown)
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "My own words" in text


def correcting(discussion):
    day = {"held_on_day": TODAY.day, "held_on_month": TODAY.month, "held_on_year": TODAY.year}
    said = {"participation": "PN1", "childs_views": "I want to stay", "rag": "GREEN", "rag_reason": ""}
    return {**day, **said, "discussion": discussion, "reason": "A slip of the pen", "seen": "0"}


def booking(day):
    parts = {"booked_for_on_day": day, "booked_for_on_month": "8", "booked_for_on_year": "2026"}
    return {**parts, "seen_for_on": ""}


def allocating(chosen, seen=None, change="IRO"):
    kind, field = change.lower(), "team" if change == "TEAM" else "user"
    day = {f"{kind}-on_day": TODAY.day, f"{kind}-on_month": TODAY.month, f"{kind}-on_year": TODAY.year}
    told = {} if seen is None else {f"{kind}-seen": seen}
    return {"change": change, f"{kind}-{field}": chosen.pk, **day, **told}


def test_two_managers_allocate_a_child(press, place, make_child):
    child = make_child()
    place.people["second_manager"] = employ(person(place.authority, "Mona Lead"), "IRO_MANAGER")
    bob, mona, seen = place.people["other_iro"], place.people["second_manager"], child.allocations.get(kind="IRO").pk
    first = press("iro_manager", "children:allocate", child.uuid, **allocating(bob, seen))
    second = press("second_manager", "children:allocate", child.uuid, **allocating(mona, seen))
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Ivy Lead chose Bob Other since you opened this page." in text
    assert f'<option value="{mona.pk}" selected>' in text
    assert Allocation.objects.live().get(child=child, kind="IRO").user == bob


@pytest.mark.parametrize("change", ["IRO", "SOCIAL_WORKER", "TEAM"])
def test_a_manager_presses_allocate_twice(press, place, make_child, change):
    child = make_child()
    is_team = change == "TEAM"
    held = child.team_allocations.all() if is_team else child.allocations.filter(kind=change)
    worker = employ(person(place.authority, "Sid Second"), "SOCIAL_WORKER", team=place.teams["north"])
    chosen = {"IRO": place.people["other_iro"], "SOCIAL_WORKER": worker, "TEAM": place.teams["east"]}[change]
    allocate = press("iro_manager", "children:allocate", child.uuid, **allocating(chosen, held.get().pk, change))
    assert pressed(at_once(allocate, allocate))[:2] == (302, 302)
    assert held.count() == 2


def test_somebody_leaves_their_post_as_a_child_is_allocated_to_them(press, place, make_child):
    child, bob = make_child(), place.people["other_iro"]
    first = press("administrator", "accounts:leave", bob.uuid, bob.holdings.get().pk)
    second = press("iro_manager", "children:allocate", child.uuid, **allocating(bob))
    one, other, text = pressed(at_once(first, second))
    assert (one, other) == (302, 409)
    assert "Bob Other left their last post as IRO on 17 August 2026." in text
    assert Allocation.objects.live().get(child=child, kind="IRO").user == place.people["iro"]


def test_a_child_is_allocated_to_somebody_as_they_leave_their_post(press, place, make_child):
    child, bob = make_child(), place.people["other_iro"]
    first = press("iro_manager", "children:allocate", child.uuid, **allocating(bob))
    second = press("administrator", "accounts:leave", bob.uuid, bob.holdings.get().pk)
    assert pressed(at_once(first, second))[:2] == (302, 302)
    assert Holding.objects.of_user(bob.pk).exists()
    assert Allocation.objects.live().get(child=child, kind="IRO").user == bob


def newcomer():
    post = {"role": "IRO", "fte": "1", "on_day": "17", "on_month": "8", "on_year": "2026"}
    return {"given_name": "Nell", "family_name": "New", "email": "nell.new@westmarsh.example", **post}


def test_opening_an_account_twice_opens_one_and_says_so(press):
    opening = press("administrator", "accounts:open", **newcomer())
    one, other, text = pressed(at_once(opening, opening))
    assert (one, other) == (302, 200)
    assert "That e-mail address already has an account." in text
    assert Holding.objects.of_user(User.objects.get(username="nell.new@westmarsh.example").pk).count() == 1


@pytest.mark.parametrize(
    "page, fields", [("add_post", newcomer()), ("leave", {}), ("close", {})], ids=["add_post", "leave", "close"]
)
def test_an_administrator_presses_twice(press, place, page, fields):
    bob = place.people["other_iro"]
    args = [bob.uuid, bob.holdings.get().pk] if page == "leave" else [bob.uuid]
    act = press("administrator", f"accounts:{page}", *args, **(fields | ({"fte": "0.5"} if fields else {})))
    assert pressed(at_once(act, act))[:2] == (302, 302)
    assert act().status_code == 302  # and once more, long after
    assert bob.holdings.count() == (2 if page == "add_post" else 1)
