"""Signing in: the page, the words, the lock, and that none of it needs Redis."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from tests.conftest import PASSWORD, make_place, person

LOGIN = "/accounts/login/"
DEAD_REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture
def ada(place):
    return person(place.authority, "Nell Login", password=PASSWORD)


def try_to_sign_in(client, username, password, **extra):
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def test_the_page_speaks_of_the_work_e_mail_address(client, db):
    page = client.get(LOGIN).content.decode()
    assert "Work e-mail address" in page
    assert 'class="govuk-button"' in page
    assert "placeholder" not in page


def test_the_right_password_signs_in_whatever_the_capitals(client, ada):
    answer = try_to_sign_in(client, ada.username.upper(), PASSWORD)
    assert answer.status_code == 302
    assert client.get("/accounts/mine/").status_code == 200


def test_a_wrong_password_says_what_to_do_and_not_which_was_wrong(client, ada):
    known = try_to_sign_in(client, ada.username, "wrong").content.decode()
    unknown = try_to_sign_in(client, "nobody@council.example", "wrong").content.decode()
    assert "The work e-mail address or the password is not right." in known
    assert "The work e-mail address or the password is not right." in unknown


def test_nothing_typed_says_what_is_missing(client, db):
    page = client.post(LOGIN, {}).content.decode()
    assert "Enter your work e-mail address" in page
    assert "Enter your password" in page


def lock(client, username, **extra):
    for _ in range(5):
        answer = try_to_sign_in(client, username, "wrong", **extra)
    return answer


def test_five_wrong_passwords_lock_the_address_from_that_place_only(client, ada):
    locked = lock(client, ada.username)
    assert locked.status_code == 429
    assert "paused here for 15 minutes" in locked.content.decode()
    assert try_to_sign_in(client, ada.username, PASSWORD).status_code == 429
    assert try_to_sign_in(Client(), ada.username, PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_capitals_and_spaces_do_not_make_five_more_tries(client, ada):
    lock(client, ada.username)
    assert try_to_sign_in(client, f" {ada.username.title()} ", "wrong").status_code == 429


def test_a_forged_forwarding_header_is_not_believed_without_a_proxy(client, ada):
    for number in range(5):
        try_to_sign_in(client, ada.username, "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert try_to_sign_in(client, ada.username, PASSWORD).status_code == 429


@override_settings(PROXY_COUNT=1)
def test_behind_one_proxy_only_what_the_proxy_saw_counts(client, ada):
    for number in range(5):
        try_to_sign_in(client, ada.username, "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.5")
    assert try_to_sign_in(client, ada.username, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 429
    assert try_to_sign_in(client, ada.username, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.6").status_code == 302


def test_signing_in_needs_no_redis(client, ada, settings):
    settings.CACHES = settings.CACHES | {"redis": settings.CACHES["redis"] | {"LOCATION": DEAD_REDIS}}
    settings.CELERY_BROKER_URL = DEAD_REDIS
    assert try_to_sign_in(client, ada.username, "wrong").status_code == 200
    assert try_to_sign_in(client, ada.username, PASSWORD).status_code == 302
    assert client.get("/accounts/mine/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302


def test_the_cache_that_signing_in_may_use_is_not_redis(settings):
    assert "redis" not in settings.CACHES["default"]["BACKEND"].lower()


def test_a_closed_account_is_told_so(client, ada):
    type(ada).objects.filter(pk=ada.pk).update(is_active=False)
    answer = client.post(LOGIN, {"login": ada.username, "password": PASSWORD}, follow=True)
    assert not answer.wsgi_request.user.is_authenticated


def test_nobody_signs_up(client, db):
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", {"username": "x"})):
        assert "Accounts are opened for you" in answer.content.decode()


def test_signing_out_asks_once_and_ends_the_session(signed_in, place):
    client = signed_in(place.people["iro"])
    assert "Do you want to sign out?" in client.get("/accounts/logout/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/accounts/mine/").status_code == 302


def test_changing_the_password_refuses_a_short_one_and_keeps_the_session(client, ada):
    try_to_sign_in(client, ada.username, PASSWORD)
    short = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert "at least 12 characters" in client.post("/accounts/password/change/", short).content.decode()
    wrong = {"oldpassword": "no", "password1": "three-random-words", "password2": "three-random-words"}
    assert "present password is not right" in client.post("/accounts/password/change/", wrong).content.decode()
    assert client.post("/accounts/password/change/", wrong | {"oldpassword": PASSWORD}).status_code == 302
    assert try_to_sign_in(Client(), ada.username, "three-random-words").status_code == 302


def test_a_forgotten_password_is_chosen_again_by_a_link_that_works_once(client, ada, mailoutbox):
    client.post("/accounts/password/reset/", {"email": ada.email})
    (mail,) = mailoutbox
    link = next(word for word in mail.body.split() if "/key/" in word)
    page = client.get(link, follow=True)
    new = {"password1": "three-random-words", "password2": "three-random-words"}
    assert client.post(page.request["PATH_INFO"], new).status_code == 302
    assert try_to_sign_in(Client(), ada.username, "three-random-words").status_code == 302
    assert "This link no longer works" in Client().get(link).content.decode()


def test_asking_for_a_link_for_an_unknown_address_sends_nothing_and_looks_the_same(client, ada, mailoutbox):
    known = client.post("/accounts/password/reset/", {"email": ada.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@council.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mailoutbox) == 1


def test_a_configured_provider_has_its_button(client, db, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "council",
                    "name": "Westmarsh sign-in",
                    "client_id": "iro",
                    "secret": "not-a-real-one",
                    "settings": {"server_url": "https://sign-in.example"},
                }
            ]
        }
    }
    page = client.get(LOGIN).content.decode()
    assert "Sign in with Westmarsh sign-in" in page
    assert reverse("openid_connect_login", args=["council"]) in page


def test_the_two_authorities_share_one_door(client, db):
    other = make_place("E06999009", "Northdale Council")
    nina = person(other.authority, "Nina Far", password=PASSWORD)
    assert try_to_sign_in(client, nina.username, PASSWORD).status_code == 302
