"""Keys for machines: printed once, kept hashed, expiring, revoked at once; and errors as problem documents."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError

from accounts.models import ApiToken
from accounts.services import deactivate, issue_token
from accounts.tokens import hash_of
from audit.models import BusinessEvent
from tests.conftest import NOW, employ, person
from timescales.refusals import Conflict, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(place):
    return employ(person(place.authority, "Case System"), "IRO_MANAGER")


@pytest.fixture
def key(machine):
    return issue_token(user=machine, name="nightly", days=30, at=NOW)[1]


def call(view, key=None, at=NOW, scheme="Bearer"):
    headers = {"Authorization": f"{scheme} {key}"} if key else {}
    with time_machine.travel(at, tick=False), transaction.atomic():  # as ATOMIC_REQUESTS does
        answer = view(RequestFactory().get("/api/v1/", headers=headers))
    return answer.render()


@api_view(["GET"])
def hello(request):
    from rest_framework.response import Response

    return Response({"as": request.user.username})


def failing(error):
    @api_view(["GET"])
    def view(request):
        raise error

    return view


def test_a_token_opens_the_api_as_its_account(machine, key):
    assert call(hello, key).data == {"as": machine.username}


def test_only_the_hash_is_kept(key):
    token = ApiToken.objects.get()
    assert token.token_hash == hash_of(key)
    assert key not in str(ApiToken.objects.values().get())
    assert key not in str(list(BusinessEvent.objects.values()))


@pytest.mark.parametrize("wrong", [None, "iro_wrong", "", "a b", "\xff", "x" * 5000])
def test_a_wrong_token_is_401_with_what_to_send(key, wrong):
    answer = call(hello, wrong)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


def test_another_scheme_is_not_a_token(key):
    assert call(hello, key, scheme="Basic").status_code == 401


def test_a_token_ends_on_its_last_moment(key):
    assert call(hello, key, NOW + timedelta(days=30) - timedelta(seconds=1)).status_code == 200
    assert call(hello, key, NOW + timedelta(days=30)).status_code == 401


def test_a_revoked_token_and_a_closed_account_open_nothing(machine, key):
    other = issue_token(user=machine, name="weekly", days=30, at=NOW)[1]
    with time_machine.travel(NOW, tick=False):
        call_command("revoke_token", machine.username, "--name", "nightly", stdout=StringIO())
    assert call(hello, key).status_code == 401
    assert call(hello, other).status_code == 200
    deactivate(user=machine, at=NOW)
    assert call(hello, other).status_code == 401


def test_a_role_without_the_api_is_403(place):
    key = issue_token(user=place.people["auditor"], name="x", days=1, at=NOW)[1]
    answer = call(hello, key)
    assert answer.status_code == 403
    assert answer.data["detail"] == "No role you hold may use the API."


def test_the_command_prints_the_token_once(machine):
    out, err = StringIO(), StringIO()
    call_command("issue_token", machine.username.upper(), "--name", "job", "--days", "7", stdout=out, stderr=err)
    assert hash_of(out.getvalue().strip()) == ApiToken.objects.get(name="job").token_hash
    assert "will not be shown again" in err.getvalue()


@pytest.mark.parametrize(
    "email, extra, says",
    [
        ("nobody@x.example", ["--days", "7"], "No account has the e-mail address nobody@x.example"),
        ("case.system@e06999001.example", ["--days", "0"], "from 1 to 366 days"),
        ("case.system@e06999001.example", ["--days", "367"], "from 1 to 366 days"),
    ],
)
def test_the_command_says_what_is_wrong(machine, email, extra, says):
    with pytest.raises(CommandError, match=says) as failure:
        call_command("issue_token", email, "--name", "job", *extra)
    assert failure.value.returncode == 2


def test_revoking_what_is_not_there_says_so(machine):
    with pytest.raises(CommandError, match="No usable token matches"):
        call_command("revoke_token", machine.username, "--all")


@pytest.mark.parametrize(
    "error, status, errors",
    [
        (Refused("The review was held before the child was born.", "held_on"), 422, ["held_on"]),
        (Refused("That cannot be."), 422, []),
        (Conflict("Somebody else recorded it first."), 409, []),
        (Http404(), 404, []),
        (ApiToken.DoesNotExist(), 404, []),
        (ValidationError({"decisions": [{}, {"owner": ["Enter the owner"]}]}), 400, ["decisions.1.owner"]),
        (ValidationError(["Nothing was sent"]), 400, [""]),
        (ZeroDivisionError("secret words"), 500, []),
    ],
)
def test_every_failure_is_a_problem_document(key, error, status, errors):
    answer = call(failing(error), key)
    assert answer.status_code == answer.data["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.data) == {"type", "title", "status", "detail", "errors"}
    assert [entry["field"] for entry in answer.data["errors"]] == errors
    assert b"secret words" not in answer.content
