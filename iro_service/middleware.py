"""Requests nobody honest sends, refused before they reach a page."""

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: Handler) -> Handler:
    """Answer 400 to a NUL byte in the address: PostgreSQL cannot store one, and no form field sends it."""

    def handle(request: HttpRequest) -> HttpResponse:
        if "\x00" in unquote(request.get_full_path()):
            return _refused(request)
        return get_response(request)

    return handle


def _refused(request: HttpRequest) -> HttpResponse:
    from screens.errors import bad_request

    return bad_request(request, BadRequest("The address holds a character that no address has."))
