"""The pages of people's own sign-in, and of the accounts a system administrator looks after."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authorities.words import say
from screens.cells import link, short_day, status_tag
from screens.fields import is_typed
from screens.tables import Column, Table, day_column
from timescales.refusals import Refused

from .. import services, sessions
from ..drafts import MOST_PATH
from ..forms import PersonForm, PostForm
from ..held import HELD_POST
from ..lists import Listing, asked_file
from ..models import HeldPost, Holding, User
from ..permissions import may_change, may_manage_accounts
from ..querysets import PersonQuerySet
from ..requests import SignedInRequest, viewer_in, words_in
from ..roles import BY_CODE
from ..services import deactivate, employ, forget_held_post, leave_post, open_account_with_post


def _name_cell(account: User) -> SafeString:
    return link(str(account), reverse("accounts:account", args=[account.uuid]))


def _posts(account: Any) -> Iterable[tuple[str]]:
    return [(str(holding.post),) for holding in account.live_holdings]


ACCOUNTS = Table(
    columns=[
        Column("name", "Name", _name_cell, sort=("last_name", "first_name"), value=str),
        Column("email", "Work e-mail address", lambda account: account.username, sort="username"),
        Column(
            "posts",
            "Posts",
            lambda account: format_html_join(SafeString("<br>"), "{}", _posts(account)) or "None",
            value=lambda account: "; ".join(post for (post,) in _posts(account)),
        ),
        Column(
            "state",
            "Account",
            lambda account: status_tag("Open", "good") if account.is_active else status_tag("Closed"),
            value=lambda account: "Open" if account.is_active else "Closed",
        ),
    ],
    caption="Accounts by name",
    per_page=50,
    sorted_by="name",
)


def _posts_table(account: User, *, may_change: bool) -> Table:
    """The posts of one account, each live one with the way to leave it for whoever may."""

    def until(holding: Holding) -> str | SafeString:
        if holding.ends_on is not None or not may_change:
            return short_day(holding.ends_on) or "now"
        return format_html(
            '<a class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" role="button" draggable="false"'
            ' href="{}" data-module="govuk-button">Leaves today<span class="govuk-visually-hidden">: {}</span></a>',
            reverse("accounts:leave", args=[account.uuid, holding.pk]),
            holding.post,
        )

    return Table(
        columns=[
            Column("post", "Post", lambda holding: str(holding.post)),
            day_column("from", "From", lambda holding: holding.starts_on),
            Column("to", "To", until, value=lambda holding: holding.ends_on),
        ],
        caption="Posts",
        empty="No post: this person sees no child and no figure.",
    )


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """The person's own account: who the service thinks they are, and where to change how they sign in."""
    roles, words = [BY_CODE[code] for code in viewer_in(request).roles], words_in(request)
    return render(
        request, "accounts/mine.html", {"roles": [(role.name, say(role.sentence, words)) for role in roles]}
    )


@require_POST
def extend(request: SignedInRequest) -> JsonResponse:
    """ "Stay signed in": begins the time without use again."""
    return JsonResponse({"minutes": sessions.extend(request.session, viewer_in(request).at)})


@require_safe
def resume(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What this person had typed when their session ended, with a form that sends it where it was going."""
    held = get_object_or_404(HeldPost, user=request.user, uuid=uuid)
    fields = [(name, text) for name, texts in held.fields for text in texts]
    kept = [(name.replace("_", " ").capitalize(), text) for name, text in fields if text and "token" not in name]
    context = {"held": held, "fields": fields, "kept": kept, "held_name": HELD_POST}
    return render(request, "accounts/resume.html", context)


@require_POST
def drop(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Throws a held form away."""
    get_object_or_404(HeldPost, user=request.user, uuid=uuid)
    forget_held_post(user=request.user, uuid=uuid)
    messages.info(request, "What you had typed has been thrown away.")
    return redirect("/")


@require_safe
def list(request: SignedInRequest) -> HttpResponse:
    """Every account of the authority with the posts its person holds."""
    must_manage(request)
    rows = _accounts(request).with_posts(Holding.objects.all())
    listing = Listing(ACCOUNTS, rows, "accounts", about=None)
    if file := asked_file(request, listing):
        return file
    return render(request, "accounts/list.html", {"table": listing.drawn(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def open(request: SignedInRequest) -> HttpResponse:
    """Opens an account with its first post, and mails its person a link to choose a password."""
    must_manage(request)
    authority, today = request.user.authority, viewer_in(request).on
    posted = request.POST if request.method == "POST" else None
    person = PersonForm(posted)
    post = PostForm(posted, authority_id=authority.pk, initial={"on": today})
    if request.method == "POST" and person.is_valid() & post.is_valid():
        try:
            account = open_account_with_post(
                authority=authority,
                person=person.newcomer(),
                post=post.new_post(),
                on=post.cleaned_data["on"],
                at=viewer_in(request).at,
                by=request.user,
            )
        except Refused as refusal:
            _blame(refusal, person, post)
        else:
            _send_link(request, account)
            messages.success(request, f"Account opened. A link to choose a password was sent to {account.email}.")
            return redirect("accounts:account", account.uuid)
    return render(request, "accounts/open.html", {"person": person, "post": post, "has_errors": _wrong(person, post)})


@require_safe
def account(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One account: its posts now and before, and what can be done with it."""
    account = account_of(request, uuid)
    may = account.is_active and may_change(request.user, account)
    holdings = account.holdings.select_related("post__team", "post__service").order_by("-starts_on", "-pk")
    listing = Listing(_posts_table(account, may_change=may), holdings, "posts", about=None)
    if file := asked_file(request, listing):
        return file
    context = {"account": account, "posts": listing.drawn(request), "may_change": may}
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_post(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Puts a person in one more post."""
    account = account_of(request, uuid, to_change=True)
    posted = request.POST if request.method == "POST" else None
    form = PostForm(posted, authority_id=account.authority_id, initial={"on": viewer_in(request).on})
    if request.method == "POST" and form.is_valid():
        try:
            employ(
                user=account,
                post=form.new_post(),
                on=form.cleaned_data["on"],
                at=viewer_in(request).at,
                by=request.user,
            )
        except Refused as refusal:
            _blame(refusal, form)
        else:
            messages.success(request, f"{account} now holds the post.")
            return redirect("accounts:account", account.uuid)
    return render(request, "accounts/add_post.html", {"account": account, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, uuid: UUID, holding: int) -> HttpResponse:
    """Asks, then ends a person's time in a post today."""
    account = account_of(request, uuid, to_change=True)
    held = get_object_or_404(account.holdings, pk=holding)
    if request.method != "POST":
        if held.ends_on is not None:
            return redirect("accounts:account", account.uuid)
        return render(request, "accounts/leave.html", {"account": account, "holding": held})
    try:
        leave_post(holding=held, on=viewer_in(request).on, by=request.user, at=viewer_in(request).at)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{account} has left the post. What it opened is closed.")
    return redirect("accounts:account", account.uuid)


@require_POST
def send_link(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Mails a person a link to choose a password."""
    account = account_of(request, uuid, to_change=True)
    _send_link(request, account)
    messages.success(request, f"A link to choose a password was sent to {account.email}.")
    return redirect("accounts:account", account.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Asks, then closes an account: the person is signed out everywhere at once."""
    account = account_of(request, uuid)
    if account.is_active or request.method != "POST":  # a second click on a closed account changes nothing
        _must_change(request, account)
    if request.method != "POST":
        return render(request, "accounts/close.html", {"account": account})
    deactivate(user=account, at=viewer_in(request).at, by=request.user)
    messages.success(request, f"The account of {account} is closed. They have been signed out.")
    return redirect("accounts:account", account.uuid)


@require_POST
def keep_draft(request: SignedInRequest) -> JsonResponse:
    """Keep what is being typed on a page of ours; 409 where the same page was saved from elsewhere since."""
    path, version = request.GET.get("page", ""), request.POST.get("version", "0")
    is_version = version.isascii() and version.isdigit() and len(version) < 10
    if not path.startswith("/") or len(path) > MOST_PATH or not is_version:
        return JsonResponse({"error": "No page of ours is named."}, status=400)
    fields = {name: texts for name, texts in request.POST.lists() if is_typed(name) and "password" not in name}
    try:
        draft = services.keep_draft(
            user=request.user, path=path, fields=fields, version=int(version), at=viewer_in(request).at
        )
    except services.StalePage as stale:
        return JsonResponse({"error": stale.message}, status=409)
    return JsonResponse({"saved_at": draft.saved_at.isoformat(), "version": draft.version})


def must_manage(request: SignedInRequest) -> None:
    """Refuse whoever does not open and close accounts."""
    if not may_manage_accounts(viewer_in(request)):
        raise PermissionDenied


def _accounts(request: SignedInRequest) -> PersonQuerySet:
    """The accounts of the administrator's own authority, by name."""
    return User.objects.by_name().filter(authority_id=request.user.authority_id)


def account_of(request: SignedInRequest, uuid: UUID, *, to_change: bool = False) -> User:
    """The account this administrator looks after; `to_change`: an open one that is not their own."""
    must_manage(request)
    account: User = get_object_or_404(_accounts(request), uuid=uuid)
    if to_change:
        _must_change(request, account)
    return account


def _must_change(request: SignedInRequest, account: User) -> None:
    if not may_change(request.user, account):
        raise PermissionDenied("Nobody changes their own account. Ask another system administrator.")
    if not account.is_active:
        raise PermissionDenied("This account is closed.")


def _send_link(request: SignedInRequest, account: User) -> None:
    form = ResetPasswordForm({"email": account.email})
    if form.is_valid():
        form.save(request)


def _blame(refusal: Refused, *forms: PersonForm | PostForm) -> None:
    field = {"username": "email"}.get(refusal.field or "", refusal.field)
    for form in forms:
        if field in form.fields:
            form.add_error(field, refusal.message)
            return
    forms[0].add_error(None, refusal.message)


def _wrong(*forms: PersonForm | PostForm) -> bool:
    return any(form.errors for form in forms)
