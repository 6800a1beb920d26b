"""The request as doors behind the sign-in see it."""

from django.http import HttpRequest

from .access import roles_of
from .models import User


class SignedInRequest(HttpRequest):
    """A request LoginRequiredMiddleware has let through: somebody is signed in."""

    user: User


def roles_in(request: HttpRequest) -> list[str]:
    """Codes of the roles the person held when this request first asked; nothing is kept for the next one."""
    known: dict[int | None, list[str]] = vars(request).setdefault("roles_held", {})
    if request.user.pk not in known:
        known[request.user.pk] = roles_of(request.user)
    return known[request.user.pk]
