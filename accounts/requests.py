"""The request as doors behind the sign-in see it."""

from django.http import HttpRequest

from .models import User


class SignedInRequest(HttpRequest):
    """A request LoginRequiredMiddleware has let through: somebody is signed in."""

    user: User
