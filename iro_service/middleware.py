"""Requests nobody honest sends, refused before they reach a page; and machines told of errors in their own way."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

API, PAGES_OF_THE_API = "/api/", ("/api/v1/docs/",)
Handler = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: Handler) -> Handler:
    """Answer 400 to a NUL byte in the address: PostgreSQL cannot store one, and no form field sends it."""

    def handle(request: HttpRequest) -> HttpResponse:
        if "\x00" in unquote(request.get_full_path()):
            return _refused(request)
        return get_response(request)

    return handle


def errors_for_machines(get_response: Handler) -> Handler:
    """Make a problem document of every error page below the API's address: a machine is never given HTML."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_for_machines = request.path.startswith(API) and request.path not in PAGES_OF_THE_API
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code < 400 or not is_for_machines or not is_page:
            return response
        from machines.problems import plain_problem

        return plain_problem(HTTPStatus(response.status_code))

    return handle


def _refused(request: HttpRequest) -> HttpResponse:
    from screens.errors import bad_request

    return bad_request(request, BadRequest("The address holds a character that no address has."))
