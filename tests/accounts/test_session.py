"""Sessions end after a time without use and after a day's work; what was typed is there after signing in again."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import HeldPost
from accounts.services import deactivate, hold_post, tidy
from tests.conftest import NOW, PASSWORD, person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = {"childs_views": "She wants to stay.", "decisions": ["one", "two"], "token": "t-1"}
AJAX = {"X-Requested-With": "fetch", "Accept": "application/json"}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada(place):
    return place.people["iro"]


@pytest.fixture
def visitor(client, ada, clock):
    client.force_login(ada, backend=BACKEND)
    assert client.get("/accounts/mine/").status_code == 200
    return client


def test_use_before_the_limit_keeps_the_session(visitor, clock, settings):
    for _ in range(5):
        clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1))
        assert visitor.get("/accounts/mine/").status_code == 200


def test_a_session_without_use_ends_and_says_why(visitor, clock, settings):
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES))
    answer = visitor.get("/accounts/mine/?page=2", follow=True)
    assert answer.redirect_chain == [("/accounts/login/?next=%2Faccounts%2Fmine%2F%3Fpage%3D2", 302)]
    assert f"nothing was sent for {settings.SESSION_IDLE_MINUTES} minutes" in answer.content.decode()
    assert not answer.wsgi_request.user.is_authenticated


def test_a_session_in_use_all_day_ends_at_the_absolute_limit(visitor, clock, settings):
    for _ in range(settings.SESSION_ABSOLUTE_HOURS * 2 - 1):
        clock.shift(timedelta(minutes=30))
        assert visitor.get("/accounts/mine/").status_code == 200
    clock.shift(timedelta(minutes=30))
    answer = visitor.get("/accounts/mine/", follow=True)
    assert f"a session lasts {settings.SESSION_ABSOLUTE_HOURS} hours at most" in answer.content.decode()


def test_a_page_costs_no_write_more_than_once_a_minute(visitor, clock, django_assert_num_queries, settings):
    visitor.get("/accounts/mine/")
    saved = Session.objects.get().session_data
    clock.shift(timedelta(seconds=59))
    visitor.get("/accounts/mine/")
    assert Session.objects.get().session_data == saved
    clock.shift(timedelta(seconds=1))
    visitor.get("/accounts/mine/")
    assert Session.objects.get().session_data != saved


def test_stay_signed_in_begins_the_time_again(visitor, clock, settings):
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1))
    assert visitor.post(reverse("accounts:extend")).json() == {"minutes": settings.SESSION_IDLE_MINUTES}
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1))
    assert visitor.get("/accounts/mine/").status_code == 200
    assert visitor.get(reverse("accounts:extend")).status_code == 405


def post_too_late(visitor, clock, settings, path="/accounts/password/change/?from=a"):
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES))
    return visitor.post(path, FORM | {"csrfmiddlewaretoken": "x"})


def test_what_was_typed_is_kept_shown_and_sent_where_it_was_going(visitor, ada, clock, settings):
    answer = post_too_late(visitor, clock, settings)
    (held,) = HeldPost.objects.all()
    assert held.user == ada
    assert held.path == "/accounts/password/change/?from=a"
    assert dict(held.fields) == {
        "childs_views": [FORM["childs_views"]],
        "decisions": ["one", "two"],
        "token": ["t-1"],
    }
    assert answer.url == f"/accounts/login/?next=%2Faccounts%2Fresume%2F{held.uuid}%2F"
    visitor.force_login(ada, backend=BACKEND)
    page = visitor.get(f"/accounts/resume/{held.uuid}/").content.decode()
    assert "She wants to stay." in page
    assert 'action="/accounts/password/change/?from=a"' in page
    assert '<input type="hidden" name="decisions" value="two">' in page
    assert visitor.post(held.path, FORM | {"held_post": held.uuid}).status_code < 400
    assert not HeldPost.objects.exists()


def test_the_login_page_says_that_the_text_was_kept(visitor, clock, settings):
    post_too_late(visitor, clock, settings)
    assert "What you typed has been kept" in visitor.get("/accounts/login/").content.decode()


def test_nobody_else_sees_sends_or_drops_what_was_held(visitor, place, clock, settings):
    post_too_late(visitor, clock, settings)
    held = HeldPost.objects.get()
    stranger = Client()
    stranger.force_login(place.people["other_iro"], backend=BACKEND)
    assert stranger.get(f"/accounts/resume/{held.uuid}/").status_code == 404
    assert stranger.post(f"/accounts/resume/{held.uuid}/drop/").status_code == 404
    stranger.post("/accounts/extend/", {"held_post": str(held.uuid)})
    assert HeldPost.objects.filter(pk=held.pk).exists()


def test_its_owner_may_throw_it_away(visitor, ada, clock, settings):
    post_too_late(visitor, clock, settings)
    held = HeldPost.objects.get()
    visitor.force_login(ada, backend=BACKEND)
    assert visitor.post(f"/accounts/resume/{held.uuid}/drop/").status_code == 302
    assert not HeldPost.objects.exists()


def test_a_failed_second_sending_keeps_it(visitor, ada, clock):
    held = hold_post(user=ada, path="/no-such-page/", fields=[("a", ["b"])], at=NOW)
    assert visitor.post(held.path, {"a": "b", "held_post": held.uuid}).status_code == 404
    assert HeldPost.objects.filter(pk=held.pk).exists()


def test_a_malformed_held_post_id_is_ignored(visitor):
    assert visitor.post("/accounts/extend/", {"held_post": "not-a-uuid\x00"}).status_code == 200


def test_passwords_are_never_held(visitor, clock, settings):
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES))
    visitor.post("/accounts/password/change/", {"oldpassword": "secret", "password1": "x", "note": "y"})
    assert not HeldPost.objects.exists()


def test_a_form_too_long_to_hold_is_shown_back_at_once(visitor, clock, settings):
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES))
    answer = visitor.post("/accounts/password/change/", {"childs_views": "long " * 100_001})
    assert answer.status_code == 401
    assert answer.content.decode().count("long ") > 100_000
    assert not HeldPost.objects.exists()


def test_a_stranger_is_given_back_what_was_typed_and_the_way_back(client, db):
    form = {
        "version": "3",
        "page": "1f6e4593",
        "do": "next",
        "seen_for_on": "2026-11-20",
        "iro-seen": "17",
        "childs_views": "I want to stay",
    }
    page = "/reviews/some/record/views/?at=1"
    answer = client.post("/accounts/mine/", form, headers={"Referer": f"http://testserver{page}"})
    text = answer.content.decode()
    assert (answer.status_code, answer.context["kept"]) == (401, [("Childs views", "I want to stay")])
    assert f"/accounts/login/?{urlencode({'next': page})}" in text
    elsewhere = client.post("/accounts/mine/", form, headers={"Referer": "https://elsewhere.example/x"})
    assert f"/accounts/login/?{urlencode({'next': '/'})}" in elsewhere.content.decode()


def test_a_script_is_told_401_and_nothing_is_held(visitor, clock, settings):
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES))
    answer = visitor.post("/accounts/password/change/", FORM, headers=AJAX)
    assert answer.status_code == 401
    assert answer.json()["sign_in_url"] == "/accounts/login/"
    assert not HeldPost.objects.exists()


@pytest.mark.parametrize("headers", [AJAX, {"HX-Request": "true"}])
def test_a_script_without_a_session_is_told_401(client, db, headers):
    assert client.get("/accounts/mine/", headers=headers).status_code == 401


def test_a_form_sent_without_any_session_is_given_back(client, db):
    answer = client.post("/accounts/extend/", {"childs_views": "She wants to stay."})
    assert answer.status_code == 401
    assert "She wants to stay." in answer.content.decode()


def test_a_forged_form_is_refused_before_anything_is_held(ada, clock, settings):
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(ada, backend=BACKEND)
    visitor.get("/accounts/mine/")
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES))
    answer = visitor.post("/accounts/extend/", FORM)
    assert answer.status_code == 403
    assert "She wants to stay." in answer.content.decode()
    assert not HeldPost.objects.exists()


def test_one_person_holds_twenty_forms_at_most_the_oldest_goes(ada):
    for number in range(22):
        hold_post(user=ada, path=f"/{number}/", fields=[("a", ["b"])], at=NOW + timedelta(minutes=number))
    assert sorted(HeldPost.objects.values_list("path", flat=True)) == sorted(f"/{n}/" for n in range(2, 22))


def test_old_forms_and_sessions_are_tidied_away(visitor, ada):
    hold_post(user=ada, path="/", fields=[("a", ["b"])], at=NOW)
    assert tidy(at=NOW + timedelta(days=14)) == 0
    assert tidy(at=NOW + timedelta(days=15)) == 1
    assert not Session.objects.exists()


def test_closing_an_account_ends_its_sessions_by_the_next_request(client, place):
    leaver = person(place.authority, "Lee Leaver", password=PASSWORD)
    client.post("/accounts/login/", {"login": leaver.username, "password": PASSWORD})
    assert client.get("/accounts/mine/").status_code == 200
    deactivate(user=leaver, at=NOW)
    assert not Session.objects.exists()
    assert client.get("/accounts/mine/").status_code == 302


def test_a_closed_account_has_no_way_in_by_a_session_nobody_knew_of(visitor, ada):
    deactivate(user=ada, at=NOW)
    assert visitor.get("/accounts/mine/").status_code == 302
