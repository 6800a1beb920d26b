"""The request as doors behind the sign-in see it, and what is read once for each."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now

from audit.models import AccessEvent
from audit.services import record_access
from authorities.models import Authority
from authorities.words import words_of

from .models import User
from .viewers import Viewer


class SignedInRequest(HttpRequest):
    """A request LoginRequiredMiddleware has let through: somebody is signed in."""

    user: User


def viewer_in(request: HttpRequest) -> Viewer:
    """Who is asking, at the moment this request first asked; the next request has its own."""
    found: Viewer = read_once(request, _viewer_now)
    return found


def authority_in(request: HttpRequest) -> Any:
    """The person's authority with `words`, its own words in force today; read once likewise."""
    return read_once(request, _authority_of, viewer_in(request).on)


def words_in(request: HttpRequest) -> dict[str, str]:
    """Every word as the person's authority says it today, for `authorities.words.say`."""
    return words_of(authority_in(request).words or {})


def log_reading(
    request: HttpRequest,
    child_ids: Iterable[int],
    action: AccessEvent.Action = AccessEvent.Action.LIST,
    authority_id: int | None = None,
) -> None:
    """Log that this request shows, finds or gives away these children; nothing where there are none.

    Under the name of the request's own route, so that no page can be logged as another. `authority_id` is the
    children's, the person's own where it is left out.
    """
    viewer = viewer_in(request)
    assert request.resolver_match
    record_access(
        child_ids=sorted(set(child_ids)),
        authority_id=authority_id or viewer.user.authority_id,
        action=action,
        what=request.resolver_match.view_name,
        by=viewer.user,
        at=viewer.at,
    )


def _viewer_now(user: User) -> Viewer:
    return Viewer(user, now())


def _authority_of(user: User, on: date) -> Any:
    return Authority.objects.with_words(user.authority_id, on)


def read_once(request: HttpRequest, read: Callable[..., Any], *about: object) -> Any:
    """What `read` finds for the person signed in, asked when the request first needs it."""
    known: dict[object, Any] = vars(request).setdefault("read_once", {})
    key = (read, request.user.pk, *about)
    if key not in known:
        known[key] = read(request.user, *about)
    return known[key]
