"""Requests no page of ours sends, refused before they reach one; and machines told of errors in their own way."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

API, PAGES_OF_THE_API = "/api/", ("/api/v1/docs/",)
METHODS = ("GET", "HEAD", "POST")  # of pages; which of them a page takes is said where the page is
Handler = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: Handler) -> Handler:
    """Answer 400 to a NUL byte in the address: PostgreSQL cannot store one, and no form field sends it."""

    def handle(request: HttpRequest) -> HttpResponse:
        if "\x00" in unquote(request.get_full_path()):
            return _refused(request)
        return get_response(request)

    return handle


def refuse_other_methods(get_response: Handler) -> Handler:
    """Answer 405 to whatever a page is asked but to be read or posted to; the API answers for itself.

    Here, since the pages of sign-in are not ours: some of them take a PUT for a POST.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method in METHODS or _is_for_machines(request):
            return get_response(request)
        return HttpResponseNotAllowed(METHODS)

    return handle


def errors_for_machines(get_response: Handler) -> Handler:
    """Make a problem document of every error page below the API's address: a machine is never given HTML."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code < 400 or not is_page or not _is_for_machines(request):
            return response
        from machines.problems import plain_problem

        return plain_problem(HTTPStatus(response.status_code))

    return handle


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path.startswith(API) and request.path not in PAGES_OF_THE_API


def _refused(request: HttpRequest) -> HttpResponse:
    from screens.errors import bad_request

    return bad_request(request, BadRequest("The address holds a character that no address has."))
