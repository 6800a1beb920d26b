"""Sessions end after a time without use, and after a day's work at most; nothing typed is lost by it."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from .held import HELD_POST, as_typed, is_too_long, typed_fields
from .models import User
from .services import forget_held_post, hold_post
from .sessions import ended

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]


class SessionTimeoutMiddleware:
    """Ends idle and old sessions, after the proof of origin was checked and before the page runs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"  # no page about anybody stays behind on a shared machine
        if request.method == "POST" and response.status_code < 400 and request.user.is_authenticated:
            uuid = request.POST.get(HELD_POST) if _is_form(request) else None
            if uuid:
                forget_held_post(user=request.user, uuid=uuid)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The answer to a request whose session has run out; None lets the page run."""
        if not request.user.is_authenticated or not request.session.session_key:
            return None
        why = ended(request.session, timezone.now())
        if why is None:
            return None
        return _sign_out(request, why, is_public=not getattr(view, "login_required", True))


class SignedInMiddleware(LoginRequiredMiddleware):
    """Login is required everywhere but on public pages. A script is told 401; typed text is given back."""

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponse:  # type: ignore[override]  # stubs know only redirects
        if wants_json(request):
            return signed_out_json()
        kept = typed_fields(request)
        if kept:
            return _give_back(request, kept)
        return super().handle_no_permission(request, view_func)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script sent this and would follow a redirect without the person seeing it."""
    asked = request.headers.get("X-Requested-With", "").lower() in ("fetch", "xmlhttprequest")
    accepts = request.headers.get("Accept", "")
    return asked or "HX-Request" in request.headers or ("json" in accepts and "html" not in accepts)


def signed_out_json() -> JsonResponse:
    """What a script is told when nobody is signed in."""
    return JsonResponse({"detail": "You have been signed out.", "sign_in_url": reverse("account_login")}, status=401)


def _sign_out(request: HttpRequest, why: str, *, is_public: bool) -> HttpResponse | None:
    user = cast(User, request.user)
    logout(request)
    if is_public:
        return None
    if wants_json(request):
        return signed_out_json()
    kept = typed_fields(request)
    if not kept:
        messages.info(request, why)
        return _to_login(request.get_full_path() if request.method == "GET" else "/")
    if is_too_long(kept):
        return _give_back(request, kept)
    held = hold_post(user=user, path=request.get_full_path(), fields=kept, at=timezone.now())
    messages.info(request, f"{why} What you typed has been kept: sign in again and you can send it.")
    return _to_login(reverse("accounts:resume", args=[held.uuid]))


def _to_login(path: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': path})}")


def _give_back(request: HttpRequest, kept: list[tuple[str, list[str]]]) -> HttpResponse:
    back = urlencode({"next": _page_left(request)})
    return render(request, "accounts/signed_out.html", {"kept": as_typed(kept), "back": back}, status=401)


def _page_left(request: HttpRequest) -> str:
    """The address of our page a form was sent from; the home page where the browser does not say."""
    left = urlsplit(request.headers.get("Referer", ""))
    return left._replace(scheme="", netloc="").geturl() if left.netloc == request.get_host() else "/"


def _is_form(request: HttpRequest) -> bool:
    return request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
