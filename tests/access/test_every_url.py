"""Every address, for every role, about one's own child and a stranger's, read and posted to.

Who sees whose child is told here from the roles' scopes alone, not by the code under test.
"""

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.roles import BY_CODE
from tests.access.expectations import PUBLIC, SIGNED_IN, Row
from tests.access.routes import NAMES, routes
from tests.access.world import Subject, World, sees

pytestmark = pytest.mark.django_db  # each test in a savepoint inside the world's transaction

METHODS = ("get", "post")
FINE = {200, 302, 400, 405, 409, 422}
WORDS = {
    "section": "meeting",
    "uidb36": "1",
    "key": "x-y",
    "provider_id": "none",
    "slug": "reviews-in-time",
    "position": "0",
    "number": "0",
    "year": "2018",
    "day": "2026-08-03",
    "allocation": "1",
}
SLUGS = {"returns:data_quality_list": "no-placement"}
ABOUT_A_CHILD = ("child", "review", "decision", "duty", "escalation")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def address(name: str, subject: Subject, about: str) -> str:
    """The address with what its blanks name filled in from the subject."""
    pattern = dict(routes())[name]
    blanks: dict[str, object] = {}
    for blank in dict(_blanks(name)):
        if blank == "uuid":
            blanks[blank] = subject.ids[about]
        elif blank == "holding":
            blanks[blank] = subject.holding
        elif blank in subject.places:
            blanks[blank] = subject.places[blank]
        else:
            blanks[blank] = SLUGS.get(name, WORDS[blank])
    try:
        return reverse(name, kwargs=blanks)
    except NoReverseMatch as error:
        raise AssertionError(f"Say in WORDS what stands for the blanks of {name} ({pattern.pattern})") from error


def _blanks(name: str) -> list[tuple[str, object]]:
    from django.urls import get_resolver

    resolver = get_resolver()
    for part in name.split(":")[:-1]:
        resolver = resolver.namespace_dict[part][1]
    possibilities = resolver.reverse_dict.getlist(name.split(":")[-1])
    return [(blank, None) for blank in possibilities[0][0][0][1]]


def ask(client: Client, method: str, url: str, **headers: str) -> HttpResponse:
    """One request in a browser that remembers nothing but who is signed in; its changes are taken back."""
    fresh = Client(enforce_csrf_checks=client.handler.enforce_csrf_checks)
    session = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if session:
        fresh.cookies[settings.SESSION_COOKIE_NAME] = session.value
    with transaction.atomic():
        answer: HttpResponse = getattr(fresh, method)(url, headers=headers)
        transaction.set_rollback(True)
    return answer


def test_every_address_has_one_row():
    assert sorted(set(NAMES) - PUBLIC - set(SIGNED_IN)) == [], "add a row to tests/access/expectations.py"
    assert PUBLIC & set(SIGNED_IN) == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PUBLIC])
def test_nobody_signed_in_is_sent_to_sign_in(name, world):
    url = address(name, world.subjects["own"], SIGNED_IN[name].about)
    for method in METHODS:
        answer = ask(Client(), method, url)
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={quote(url)}")


@pytest.mark.parametrize("name", [name for name in NAMES if name in PUBLIC])
def test_public_addresses_tell_nothing_of_anybody(name, world):
    url = address(name, world.subjects["own"], "")
    for method in METHODS:
        answer = ask(Client(), method, url)
        assert answer.status_code in FINE | {404, 503}
        text = answer.content.decode()
        assert "Secret" not in text
        assert "Westmarsh" not in text


@pytest.mark.parametrize("name", [name for name in NAMES if name in SIGNED_IN])
def test_each_role_gets_what_its_row_says(name, world):
    row = SIGNED_IN[name]
    for role, client in world.clients.items():
        for which, subject in world.subjects.items() if row.about else [("own", world.subjects["own"])]:
            url = address(name, subject, row.about)
            for method in METHODS:
                answer = ask(client, method, url)
                right = expected(row, role, which)
                assert answer.status_code in right, f"{role} {method} {which}: {answer.status_code}, not {right}"
                if right == {404, 405}:
                    assert_like_unknown(world, client, method, name, row, answer)


def expected(row: Row, role: str, which: str) -> set[int]:
    """The answers that are right for this role about this child."""
    asked = row.asks if isinstance(row.asks, tuple) else (row.asks,)
    held = BY_CODE[role].child_permissions | BY_CODE[role].permissions
    holds = row.asks is None or any(permission in held for permission in asked)
    if row.about == "held_post":
        return FINE if which == "own" and role == "IRO" else {404, 405}
    if row.about in ("account", "place"):
        if not holds:
            return {403, 405}
        return FINE | {404} if which != "elsewhere" else {404, 405}
    if row.about in ABOUT_A_CHILD and not sees(role, which):
        return {404, 405}
    return FINE | set(row.also) if holds else {403, 405}


def assert_like_unknown(world: World, client: Client, method: str, name: str, row: Row, answer: HttpResponse) -> None:
    """A stranger's record answers exactly as one that does not exist."""
    asked = (id(client), method, name)
    if asked not in world.answers:
        world.answers[asked] = _seen(ask(client, method, address(name, world.unknown, row.about)))
    assert _seen(answer) == world.answers[asked]
    assert "Secret" not in answer.content.decode()


def _seen(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, TOKEN.sub("", answer.content.decode())


def test_somebody_without_a_post_sees_no_child(world):
    from tests.access.world import BACKEND
    from tests.conftest import person

    nobody = Client()
    home = world.subjects["own"].child.authority
    with transaction.atomic():
        nobody.force_login(person(home, "Nora Nopost"), backend=BACKEND)
        for name, row in SIGNED_IN.items():
            if row.about in ABOUT_A_CHILD and name in NAMES:
                answer = nobody.get(address(name, world.subjects["own"], row.about))
                assert answer.status_code in (404, 405), name
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "tampered", ["not-a-uuid", "%00", "%ED%A0%80", "../../etc/passwd", "0" * 36, "1" * 400, "%F0%9F%92%A9"]
)
def test_a_tampered_id_is_an_error_page_never_500(tampered, world):
    client = world.clients["IRO_MANAGER"]
    for name, row in SIGNED_IN.items():
        if row.about in world.unknown.ids and name in NAMES:
            url = address(name, world.unknown, row.about).replace(str(world.unknown.ids[row.about]), tampered)
            answer = ask(client, "get", url)
            assert answer.status_code in (400, 404), url
            assert b"govuk-heading-l" in answer.content


def test_a_nul_byte_is_refused_wherever_it_stands(world):
    client = world.clients["IRO_MANAGER"]
    for name, row in SIGNED_IN.items():
        if name in NAMES:
            url = address(name, world.subjects["own"], row.about)
            assert ask(client, "get", f"{url}?page=a%00b").status_code == 400, url


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "options"])
def test_a_page_is_read_or_posted_to_and_asked_nothing_else(method, world):
    for name in NAMES:
        about = SIGNED_IN[name].about if name in SIGNED_IN else ""
        answer = ask(world.clients["IRO_MANAGER"], method, address(name, world.subjects["own"], about))
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST"), name


def test_every_page_of_ours_says_whether_it_is_posted_to():
    ours = {name: view for name, view in pages_of_ours().items() if not name.startswith("api:")}
    assert len(ours) > 30
    silent = [name for name, view in ours.items() if HOW_ASKED.isdisjoint(decorators(view))]
    assert silent == []


HOW_ASKED = {"require_safe", "require_POST", "require_http_methods", "form_page"}


def pages_of_ours() -> dict[str, Callable[..., HttpResponse]]:
    """The function behind each address, bare of its decorators, where it is of this house."""
    bare = {name: inspect.unwrap(pattern.callback) for name, pattern in routes()}
    root = settings.BASE_DIR.resolve()
    return {
        name: view
        for name, view in bare.items()
        if Path(inspect.getfile(view)).resolve().parent.is_relative_to(root) and ".venv" not in inspect.getfile(view)
    }


def decorators(view: Callable[..., HttpResponse]) -> set[str]:
    """What stands over a function, by name."""
    (function,) = ast.parse(inspect.getsource(view)).body
    assert isinstance(function, ast.FunctionDef)
    return {getattr(getattr(one, "func", one), "id", "") for one in function.decorator_list}


HALF = "%ED%A0%80"  # half of a surrogate pair, as bytes that are no UTF-8


@pytest.mark.parametrize("name", [name for name in NAMES if name in SIGNED_IN])
def test_half_a_letter_is_no_500_wherever_it_stands(name, world):
    client = world.clients["SYSTEM_ADMINISTRATOR" if name.startswith("accounts:") else "IRO"]
    url = address(name, world.subjects["own"], SIGNED_IN[name].about)
    with transaction.atomic():
        shown = client.get(url)
        transaction.set_rollback(True)
    posted = "&".join(f"{field}={HALF}" for field in [HALF, *fields_of(shown.content.decode())])
    for method, asked, data in (("get", f"{url}?{posted}", ""), ("post", url, posted)):
        with transaction.atomic():
            answer = client.generic(method, asked, data, content_type="application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        assert answer.status_code in FINE | {403, 404}, f"{method} {answer.status_code}"


def fields_of(html: str) -> list[str]:
    """The names of a page's fields."""
    names = re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', html)
    return sorted(set(names) - {"csrfmiddlewaretoken"})


def test_a_form_without_its_proof_of_origin_is_refused(world):
    for role in ("IRO_MANAGER", "SYSTEM_ADMINISTRATOR"):  # between them they may post everywhere
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = world.clients[role].cookies
        for name, row in SIGNED_IN.items():
            if name in NAMES and not name.startswith("api:"):
                answer = ask(strict, "post", address(name, world.subjects["own"], row.about))
                assert answer.status_code == 403, name
