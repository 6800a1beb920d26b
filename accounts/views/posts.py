"""The posts of the establishment: who fills each, and which stand vacant."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from screens.cells import link, status_tag
from screens.tables import Column, Table, day_column
from timescales.refusals import Refused

from .. import services
from ..forms import DetailsForm, EndForm, FillForm, VacancyForm
from ..lists import Listing, asked_file
from ..models import Holding, Post
from ..querysets import PostQuerySet
from ..requests import SignedInRequest, viewer_in
from .accounts import must_manage


def _held(post: Any) -> Holding | None:
    return next(iter(post.live_holdings), None)


def _holder(post: Any) -> str:
    held = _held(post)
    return f"{held.user}{' (agency)' if held.is_agency else ''}" if held else "Vacant"


def _holder_cell(post: Any) -> SafeString | str:
    return _holder(post) if _held(post) else status_tag("Vacant", "warn")


def _share(fte: Decimal) -> str:
    return f"{fte.normalize():f}"


POSTS = Table(
    columns=[
        Column(
            "post",
            "Post",
            lambda post: link(str(post), reverse("accounts:post", args=[post.pk])),
            value=str,
            sort=("role", "team__name", "service__name", "title"),
        ),
        Column("who", "Filled by", _holder_cell, value=_holder),
        Column("fte", "FTE", lambda post: _share(post.fte), sort="-fte", is_number=True),
        Column("hours", "Hours a week", lambda post: post.hours or "", sort="-hours", is_number=True),
        day_column("from", "Since", lambda post: post.starts_on, sort="starts_on"),
    ],
    caption="Posts of the establishment",
    empty="No post yet. Opening an account opens the post its person takes up.",
    per_page=50,
    sorted_by="post",
)
HOLDERS = Table(
    columns=[
        Column("who", "Filled by", lambda held: str(held.user)),
        Column("agency", "Agency", lambda held: "Yes" if held.is_agency else "No"),
        day_column("from", "From", lambda held: held.starts_on),
        day_column("to", "To", lambda held: held.ends_on, otherwise="now"),
    ],
    caption="Who has filled it",
    empty="Nobody has filled this post.",
    name="holders",
)


@require_safe
def posts(request: SignedInRequest) -> HttpResponse:
    """Every live post with who fills it, vacant ones too, and what they come to in full-time posts."""
    rows = _posts(request).live()
    listing = Listing(POSTS, rows.with_holders(Holding.objects.all()), "posts", about=None)
    if file := asked_file(request, listing):
        return file
    context = {"established": _share(rows.fte()), "vacant": _share(rows.vacant().fte())}
    return render(request, "accounts/posts.html", context | {"table": listing.drawn(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def add_vacancy(request: SignedInRequest) -> HttpResponse:
    """Adds a post that stands vacant until somebody fills it."""
    must_manage(request)
    authority = request.user.authority
    posted = request.POST if request.method == "POST" else None
    form = VacancyForm(posted, authority_id=authority.pk, initial={"on": viewer_in(request).on})
    if form.is_valid():
        try:
            post = form.new_post()
            opened = services.open_vacancy(authority=authority, post=post, on=form.cleaned_data["on"], **_by(request))
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, f"{opened} was added. It is vacant until somebody fills it.")
            return redirect("accounts:posts")
    return _form(request, form, "Add a post", reverse("accounts:posts"))


@require_http_methods(["GET", "HEAD", "POST"])
def post(request: SignedInRequest, post: int) -> HttpResponse:
    """One post: who fills it and has filled it, and what is put right of it."""
    found = _post(request, post)
    holders = Listing(
        HOLDERS, found.holdings.select_related("user").order_by("-starts_on", "-pk"), "post", about=None
    )
    if file := asked_file(request, holders):
        return file
    posted = request.POST if request.method == "POST" else None
    form = DetailsForm(posted, initial={"title": found.title, "fte": found.fte, "hours": found.hours})
    if form.is_valid():
        try:
            services.change_post(post=found, details=form.details(), **_by(request))
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:post", found.pk)
    context = {"post": found, "form": form, "holders": holders.drawn(request), "is_filled": _is_filled(found)}
    return render(request, "accounts/post.html", context | {"has_errors": bool(form.errors)})


@require_http_methods(["GET", "HEAD", "POST"])
def fill_post(request: SignedInRequest, post: int) -> HttpResponse:
    """Puts somebody who has an account in a vacant post."""
    found = _post(request, post)
    posted = request.POST if request.method == "POST" else None
    form = FillForm(posted, by=request.user, initial={"on": viewer_in(request).on})
    if form.is_valid():
        try:
            services.fill_post(post=found, **form.cleaned_data, **_by(request))
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, f"{form.cleaned_data['user']} now holds the post.")
            return redirect("accounts:post", found.pk)
    return _form(request, form, f"Who fills the post: {found}?", reverse("accounts:post", args=[found.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def end_post(request: SignedInRequest, post: int) -> HttpResponse:
    """Takes a vacant post out of the establishment."""
    found = _post(request, post)
    posted = request.POST if request.method == "POST" else None
    form = EndForm(posted, initial={"on": viewer_in(request).on})
    if form.is_valid():
        try:
            services.end_post(post=found, on=form.cleaned_data["on"], **_by(request))
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, f"{found} was ended.")
            return redirect("accounts:posts")
    return _form(request, form, f"End the post: {found}?", reverse("accounts:post", args=[found.pk]))


def _posts(request: SignedInRequest) -> PostQuerySet:
    """The posts of the administrator's own authority."""
    must_manage(request)
    return Post.objects.of(request.user.authority_id)


def _post(request: SignedInRequest, key: int) -> Post:
    found: Post = get_object_or_404(_posts(request).select_related("team", "service"), pk=key)
    return found


def _is_filled(post: Post) -> bool:
    return post.holdings.filter(ends_on__isnull=True).exists()


def _by(request: SignedInRequest) -> dict[str, Any]:
    return {"by": request.user, "at": viewer_in(request).at}


def _refuse(form: Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _form(request: SignedInRequest, form: Form, heading: str, back: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, "has_errors": bool(form.errors)}
    return render(request, "accounts/form.html", context)
