"""The request as doors behind the sign-in see it, and what is read once for each."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest

from authorities.models import Authority
from authorities.words import words_of

from .access import roles_of
from .models import User


class SignedInRequest(HttpRequest):
    """A request LoginRequiredMiddleware has let through: somebody is signed in."""

    user: User


def roles_in(request: HttpRequest) -> list[str]:
    """Codes of the roles the person held when this request first asked; nothing is kept for the next one."""
    found: list[str] = _once(request, roles_of)
    return found


def authority_in(request: HttpRequest, on: date) -> Any:
    """The person's authority with `words`, its own words in force that day; read once likewise."""
    return _once(request, _authority_of, on)


def words_in(request: HttpRequest, on: date) -> dict[str, str]:
    """Every word as the person's authority says it that day, for `authorities.words.say`."""
    return words_of(authority_in(request, on).words or {})


def _authority_of(user: User, on: date) -> Any:
    return Authority.objects.with_words(user.authority_id, on)


def _once(request: HttpRequest, read: Callable[..., Any], *about: object) -> Any:
    """What `read` finds for the person signed in, asked when the request first needs it."""
    known: dict[object, Any] = vars(request).setdefault("read_once", {})
    key = (read, request.user.pk, *about)
    if key not in known:
        known[key] = read(request.user, *about)
    return known[key]
