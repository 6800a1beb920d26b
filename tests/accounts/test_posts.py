"""The establishment: posts filled, vacant, refilled, ended; and what is kept of who fills them."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Holding, Post, User
from accounts.services import NewPost, end_post, fill_post, leave_post, open_vacancy
from accounts.services import employ as put_in_post
from audit.models import BusinessEvent
from tests.conftest import NOW, TODAY, employ, person
from tests.making import viewer
from tests.together.at_once import at_once
from timescales.refusals import Conflict, Refused

pytestmark = pytest.mark.django_db
ON = {"on_day": "17", "on_month": "8", "on_year": "2026"}


@pytest.fixture
def administrator(signed_in, place):
    with time_machine.travel(NOW, tick=False):
        yield signed_in(place.people["administrator"])


@pytest.fixture
def vacancy(place):
    """The post of an IRO of 0.61 who left today."""
    leaver = employ(person(place.authority, "Lea Left"), "IRO", fte="0.61")
    leave_post(holding=leaver.holdings.get(), on=TODAY, at=NOW)
    return leaver.holdings.get().post


def fte(place, role="IRO"):
    return Post.objects.of(place.authority.pk).live().filter(role=role).fte()


def text(answer):
    return answer.content.decode()


def test_a_replacement_leaves_the_establishment_as_it_was(place, vacancy):
    before = fte(place)
    new = person(place.authority, "Nu New")
    held = put_in_post(user=new, post=NewPost("IRO", fte=Decimal("0.61"), is_agency=True), on=TODAY, at=NOW)
    assert held.post == vacancy
    assert held.is_agency
    assert fte(place) == before == Decimal("2.61")
    assert not Post.objects.of(place.authority.pk).vacant().exists()


@pytest.mark.parametrize("unlike", [{"fte": Decimal(1)}, {"role": "AUDITOR"}, {"title": "Senior"}, {"team": "north"}])
def test_a_post_unlike_the_vacant_one_is_a_new_one(place, vacancy, unlike):
    asked = {"role": "IRO", "fte": Decimal("0.61")} | unlike
    if "team" in asked:
        asked["team"] = place.teams[asked["team"]]
    held = put_in_post(user=person(place.authority, "Nu New"), post=NewPost(**asked), on=TODAY, at=NOW)
    assert held.post != vacancy
    assert Post.objects.vacant().get() == vacancy


def test_nobody_fills_a_post_while_another_did(place, vacancy):
    new = person(place.authority, "Nu New")
    held = put_in_post(user=new, post=NewPost("IRO", fte=Decimal("0.61")), on=date(2026, 8, 10), at=NOW)
    assert held.post != vacancy
    with pytest.raises(Refused, match="That post was filled until 17 August 2026"):
        fill_post(post=vacancy, user=person(place.authority, "An Other"), on=date(2026, 8, 10), at=NOW)


def test_the_list_shows_who_fills_each_and_what_it_comes_to(administrator, place, vacancy):
    page = text(administrator.get("/accounts/posts/"))
    assert "of which 0.61 are vacant" in page
    assert "Ada Iro" in page
    assert "Vacant" in page
    assert place.people["iro"].username not in page


def test_the_list_costs_the_same_at_two_sizes(administrator, place):
    administrator.get("/accounts/posts/")
    with CaptureQueriesContext(connection) as few:
        administrator.get("/accounts/posts/")
    for number in range(12):
        employ(person(place.authority, f"More P{number}"), "IRO")
    with CaptureQueriesContext(connection) as many:
        administrator.get("/accounts/posts/")
    assert len(many) == len(few) <= 12


def test_a_post_is_added_filled_left_and_ended_by_screen(administrator, place):
    bea = place.people["business_support"]
    sent = {"role": "IRO", "fte": "0.6", "hours": "22.2", "title": "Senior IRO", **ON}
    administrator.post("/accounts/posts/add/", sent)
    post = Post.objects.get(title="Senior IRO")
    assert (post.fte, post.hours) == (Decimal("0.60"), Decimal("22.20"))
    administrator.post(f"/accounts/posts/{post.pk}/fill/", {"user": bea.pk, "is_agency": "on", **ON})
    assert "IRO" in viewer(bea).roles
    assert "Bea Support (agency)" in text(administrator.get("/accounts/posts/"))
    still = text(administrator.post(f"/accounts/posts/{post.pk}/end/", ON))
    assert "Bea Support fills that post. It can end once they have left it." in still
    leave_post(holding=post.holdings.get(), on=TODAY, at=NOW)
    administrator.post(f"/accounts/posts/{post.pk}/end/", ON)
    post.refresh_from_db()
    assert post.ends_on == TODAY
    made = BusinessEvent.objects.filter(verb__startswith="post.").order_by("pk").values_list("verb", flat=True)
    assert list(made)[-4:] == ["post.opened", "post.filled", "post.left", "post.ended"]


def test_what_is_said_of_a_post_is_put_right(administrator, place):
    post = place.people["iro"].holdings.get().post
    administrator.post(f"/accounts/posts/{post.pk}/", {"title": "Senior IRO", "fte": "0.8", "hours": ""})
    post.refresh_from_db()
    assert (post.title, post.fte, post.hours) == ("Senior IRO", Decimal("0.80"), None)
    assert "The hours a week must be 60 or fewer" in text(
        administrator.post(f"/accounts/posts/{post.pk}/", {"fte": "1", "hours": "61"})
    )


def test_a_registration_is_kept_with_the_day_it_is_renewed_by(administrator, place):
    ada = place.people["iro"]
    address = f"/accounts/{ada.uuid}/registration/"
    day = {"until_on_day": "30", "until_on_month": "11", "until_on_year": "2027"}
    assert "Enter the registration number" in text(administrator.post(address, day))
    administrator.post(address, {"number": "SW12345", **day})
    page = text(administrator.get(f"/accounts/{ada.uuid}/"))
    assert "Registered as SW12345, to be renewed by 30 November 2027." in page
    administrator.post(address, {"number": ""})
    assert User.objects.get(pk=ada.pk).registration_until_on is None


def test_an_administrator_fills_no_post_with_themselves(administrator, place, vacancy):
    own = place.people["administrator"].pk
    page = text(administrator.post(f"/accounts/posts/{vacancy.pk}/fill/", {"user": own, **ON}))
    assert "Choose one of the people shown" in page
    assert not Holding.objects.filter(post=vacancy, ends_on__isnull=True).exists()


def test_another_authoritys_post_is_not_there(administrator, elsewhere):
    theirs = elsewhere.people["iro"].holdings.get().post
    for page in ("", "fill/", "end/"):
        assert administrator.get(f"/accounts/posts/{theirs.pk}/{page}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_fill_or_end_a_vacant_post_one_is_told(place):
    post = open_vacancy(authority=place.authority, post=NewPost("AUDITOR"), on=TODAY, at=NOW)
    ann, ben = person(place.authority, "Ann New"), person(place.authority, "Ben New")

    def fills(who):
        return lambda: fill_post(post=post, user=who, on=TODAY, at=NOW)

    both = at_once(fills(ann), fills(ben))
    assert both.has_waited
    assert isinstance(both.second.refusal, Conflict)
    assert "Ann New fills that post" in both.second.refusal.message
    other = open_vacancy(authority=place.authority, post=NewPost("AUDITOR"), on=TODAY, at=NOW)
    both = at_once(
        lambda: end_post(post=other, on=TODAY, at=NOW), lambda: fill_post(post=other, user=ben, on=TODAY, at=NOW)
    )
    assert both.has_waited
    assert "That post has been closed" in both.second.refusal.message
