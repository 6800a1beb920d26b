"""The second step of signing in, where an installation switches it on."""

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

import iro_service.urls  # noqa: F401  # the addresses as they are without the second step, before it is switched on
from tests.conftest import NOW, PASSWORD, person

LOGIN = "/accounts/login/"


@pytest.fixture
def switched_on(settings):
    settings.MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
    settings.ROOT_URLCONF = "tests.accounts.second_step_urls"


@pytest.fixture
def nell(place, switched_on):
    with time_machine.travel(NOW, tick=False):
        yield person(place.authority, "Nell Login", password=PASSWORD)


def sign_in(user):
    client = Client()
    return client, client.post(LOGIN, {"login": user.username, "password": PASSWORD})


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(client):
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/code/totp/activate/")
    secret = page.context["form"].secret
    return page, secret, client.post("/accounts/code/totp/activate/", {"code": code_for(secret)})


def test_setting_up_shows_a_square_that_the_content_policy_allows(nell):
    client, _ = sign_in(nell)
    page, secret, answer = set_up(client)
    text = page.content.decode()
    assert "<svg" in text
    assert "data:image" not in text
    assert 'style="' not in text
    assert secret in text
    assert answer.status_code == 302
    assert "Signing in asks for a code" in client.get("/accounts/code/").content.decode()


def test_signing_in_then_asks_for_a_code_which_works_once(nell):
    _, secret, _ = set_up(sign_in(nell)[0])
    client, answer = sign_in(nell)
    assert answer.url.startswith("/accounts/code/authenticate/")
    assert client.get("/accounts/mine/").status_code == 302
    assert "Enter your code" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {"code": "000000"}).status_code == 200
    assert client.post(answer.url, {"code": code_for(secret)}).status_code == 302
    assert client.get("/accounts/mine/").status_code == 200
    again, answer = sign_in(nell)
    assert again.post(answer.url, {"code": code_for(secret)}).status_code == 200
    assert again.get("/accounts/mine/").status_code == 302


def test_guessing_codes_is_slowed_down(nell):
    set_up(sign_in(nell)[0])
    client, answer = sign_in(nell)
    for number in range(11):
        page = client.post(answer.url, {"code": f"{number:06}"})
    assert "Too many attempts" in page.content.decode()


@pytest.mark.parametrize("page", ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"])
def test_each_page_is_in_our_design(nell, page):
    client, _ = sign_in(nell)
    set_up(client)
    answer = client.get(f"/accounts/code/{page}")
    assert answer.status_code == 200
    assert "govuk-heading-l" in answer.content.decode()


def test_where_it_is_off_no_page_speaks_of_it(signed_in, place):
    assert "Second step" not in signed_in(place.people["iro"]).get("/accounts/mine/").content.decode()
