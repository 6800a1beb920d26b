"""Everything that goes wrong is a problem document: never a page, never 500, never more than is one's to know."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from accounts.models import ApiToken
from tests.api.conftest import V1, Machine, assert_problem, record_body
from tests.conftest import NOW


def paths(one, unknown=None):
    for kind, row, acts in (
        ("children", one.child, ()),
        ("reviews", one.review, ("book/", "record/")),
        ("escalations", one.escalation, ("respond/", "move-up/", "resolve/")),
    ):
        uuid = unknown or row.uuid
        yield "GET", f"/{kind}/{uuid}/"
        yield from (("POST", f"/{kind}/{uuid}/{act}") for act in acts)


def test_a_strangers_record_reads_as_unknown(ada, meera, own, strangers, foreign):
    for machine in (ada, meera):
        for one in (strangers, foreign):
            for (method, path), (_, unknown) in zip(paths(one), paths(one, uuid4()), strict=True):
                answers = [
                    machine.ask(method, where, data="{}", content_type="application/json")
                    for where in (path, unknown)
                ]
                assert assert_problem(answers[0], 404) == assert_problem(answers[1], 404)


def test_without_a_good_token_401(own, place):
    expired, revoked = Machine(place.people["iro"]), Machine(place.people["iro"])
    ApiToken.objects.filter(pk=ApiToken.objects.latest("pk").pk).update(revoked_at=NOW)
    unknown, odd = Machine(None), Machine(None)
    unknown.headers, odd.headers = {"Authorization": "Bearer iro_guess"}, {"Authorization": "Bearer a b"}
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        for machine in (Machine(None), expired, revoked, unknown, odd):
            for method, path in [*paths(own), ("GET", "/reviews/"), ("GET", "/schema/")]:
                answer = machine.ask(method, path)
                assert_problem(answer, 401)
                assert answer["WWW-Authenticate"] == "Bearer"


def test_only_the_hash_of_a_token_is_kept(ada, place):
    text = ada.headers["Authorization"].split()[1]
    assert text not in str(ApiToken.objects.values_list().get())


def test_somebody_signed_in_may_read_and_must_prove_origin_to_act(own, place):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(place.people["iro"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get(f"{V1}/reviews/{own.review.uuid}/").status_code == 200
    answer = browser.post(f"{V1}/reviews/{own.review.uuid}/record/", record_body(), content_type="application/json")
    assert_problem(answer, 403)


def test_wrong_methods_bodies_and_addresses(ada, own):
    record = f"/reviews/{own.review.uuid}/record/"
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert_problem(ada.ask(method, f"/reviews/{own.review.uuid}/"), 405)
    answer = ada.ask("GET", record)
    assert_problem(answer, 405)
    assert answer["Allow"] == "POST"
    assert_problem(ada.ask("POST", record, data="a=b", content_type="application/x-www-form-urlencoded"), 415)
    for broken in ("{", b"\xff", "[" * 100_000, '{"rag": NaN}', "[]", '"x"', "null", '{"discussion": ' + "9" * 5000):
        answer = ada.post(record, broken)
        assert answer.status_code == 400, broken[:20]
        assert answer["Content-Type"] == "application/problem+json"
    assert_problem(ada.post(record, " " * 2_500_001), 413)


@pytest.mark.parametrize(
    "path", ["/nothing/", "/reviews/not-a-uuid/", "/reviews/1/", "/children/../../", "/reviews/%F0%9F%92%A9/"]
)
def test_an_unknown_address_is_a_problem_too(path, ada, db):
    assert_problem(ada.ask("GET", path), 404)


@pytest.mark.parametrize("path", ["/reviews/?standing=%00", "/reviews/%00/", "/children/?%00=1", "/schema/?a=%00"])
def test_nul_bytes_in_an_address_are_400(path, ada, db):
    assert_problem(ada.client.get(V1 + path, headers=ada.headers), 400)


def test_more_parameters_than_anybody_sends(ada, db):
    assert_problem(ada.ask("GET", "/reviews/?" + "&".join(f"a{number}=1" for number in range(2000))), 400)


def test_only_json_is_given(ada, db):
    ada.headers["Accept"] = "text/html"
    assert_problem(ada.get("/reviews/"), 406)
