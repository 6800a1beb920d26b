"""Error pages: what happened, what to do next, and what became of the person's work."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from screens.components import Link
from screens.fields import is_typed


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be understood."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this person's role may not do this. Words given to PermissionDenied are shown as the reason."""
    reason = exception.args[0] if exception and exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "403.html", {"reason": reason}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or one this person may not know about; the two read the same."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's proof of origin was missing or old; gives the typed text back."""
    return render(request, "403_csrf.html", {"kept": _typed(request)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: needs neither database nor context processors, which may be what broke."""
    return HttpResponse(render_to_string("500.html"), status=500)


def conflict(
    request: HttpRequest,
    *,
    heading: str,
    message: str,
    kept: Sequence[tuple[str, str]] = (),
    links: Sequence[Link] = (),
    **context: Any,
) -> HttpResponse:
    """409: somebody else was first. `kept`, (label, text), is what this person typed, shown to be copied."""
    page = {
        "heading": heading,
        "message": message,
        "kept": [pair for pair in kept if pair[1]],
        "links": links,
    }
    return render(request, "409.html", {**context, **page}, status=409)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What a person typed in a refused form, without any password."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, values in request.POST.lists()
        for value in values
        if value and is_typed(name) and "password" not in name and "code" not in name
    ]
