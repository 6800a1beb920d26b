"""What the browser is told with each page, and what production adds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "a-key-of-a-test-" + "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "iro.example",
    "DEMONSTRATION": "false",
    "SECURE_SSL": "true",
    "PROXY_COUNT": "1",
}
QUESTION = """
import django
from django.conf import settings
django.setup()
from django.test import Client
answer = Client().get("{path}", secure={secure}, headers={{"host": "iro.example"}})
print(answer.status_code, dict(answer.headers), dict(answer.cookies), settings.SESSION_COOKIE_NAME,
      settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
"""


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/mine/", "/no-such-page/", "/accounts/", "/reviews/"]
)
def test_every_answer_bears_the_strict_policy(address, signed_in, place):
    answer = signed_in(place.people["iro"]).get(address)
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/accounts/mine/", "/accounts/login/", "/reviews/"])
def test_no_page_about_anybody_is_kept_by_the_browser(address, signed_in, place):
    assert "no-store" in signed_in(place.people["iro"]).get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/mine/"])
def test_nothing_stands_inline_or_comes_from_elsewhere(address, signed_in, place):
    text = signed_in(place.people["iro"]).get(address, follow=True).content.decode()
    for forbidden in ("<style", "style=", "onclick", "javascript:", "http://", "https://", "<script>"):
        assert forbidden not in text


def production(*command: str) -> subprocess.CompletedProcess[str]:
    servers = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    if not all(servers.values()):
        servers = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    env = {**os.environ, **PRODUCTION, **servers, "DJANGO_SETTINGS_MODULE": "iro_service.settings"}
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser journeys set it for their own process
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_deployment_checks_warn_of_nothing():
    done = production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_production_sends_plain_http_to_https():
    done = production("-c", QUESTION.format(path="/no-such/", secure=False))
    assert done.stdout.startswith("301 "), done.stderr
    assert "https://iro.example/no-such/" in done.stdout


def test_production_adds_hsts_and_host_cookies():
    done = production("-c", QUESTION.format(path="/health/live", secure=True))
    assert "max-age=63072000; includeSubDomains; preload" in done.stdout, done.stderr
    assert "__Host-sessionid __Host-csrftoken True True" in done.stdout
