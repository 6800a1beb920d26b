"""The pages on which a system administrator keeps services and teams."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.lists import Listing, asked_file
from accounts.permissions import may_manage_structure
from accounts.requests import SignedInRequest, viewer_in
from children import services as children
from children.places import in_service, with_team
from screens.fields import is_typed
from screens.pages import page
from timescales.refusals import Refused

from . import services, tables
from .forms import CloseForm, MergeForm, NameForm, PlaceForm, PlacingForm, RenameForm, TeamForm
from .models import Service, Team

form_page = require_http_methods(["GET", "HEAD", "POST"])


@page("services and teams")
@require_safe
def structure(request: SignedInRequest) -> HttpResponse:
    """Every service and team of the authority, closed ones too."""
    authority_id = _keeper(request)
    listings = {
        "teams": Listing(tables.TEAMS, Team.objects.of(authority_id).with_counts(), "teams", about=None),
        "services": Listing(tables.SERVICES, Service.objects.of(authority_id).with_teams(), "services", about=None),
    }
    if file := asked_file(request, *listings.values()):
        return file
    context = {name: listing.drawn(request) for name, listing in listings.items()}
    return render(request, "authorities/structure.html", context)


@page("a new service")
@form_page
def add_service(request: SignedInRequest) -> HttpResponse:
    """Adds a service."""
    _keeper(request)
    form = NameForm(request.POST or None)
    if not _was_sent(request, form):
        return _form(request, form, "Add a service", back="authorities:structure")
    try:
        added = services.open_service(
            authority=request.user.authority, name=form.cleaned_data["name"], **_by(request)
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, "Add a service", back="authorities:structure")
    messages.success(request, f"{added} was added.")
    return redirect("authorities:structure")


@page("a new team")
@form_page
def add_team(request: SignedInRequest) -> HttpResponse:
    """Adds a team, in a service or in none."""
    authority_id = _keeper(request)
    form = TeamForm(request.POST or None, authority_id=authority_id)
    if not _was_sent(request, form):
        return _form(request, form, "Add a team", back="authorities:structure")
    try:
        added = services.open_team(authority=request.user.authority, **form.cleaned_data, **_by(request))
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, "Add a team", back="authorities:structure")
    messages.success(request, f"{added} was added.")
    return redirect("authorities:structure")


@page("a service")
@require_safe
def service(request: SignedInRequest, service: int) -> HttpResponse:
    """One service: its teams, its names before, and what can be done with it."""
    found = _service(request, service)
    return _place(request, found, {"teams": found.teams.open().by_name(), "has": in_service(found)})


@page("a team")
@require_safe
def team(request: SignedInRequest, team: int) -> HttpResponse:
    """One team: where it stands, its names before, and what can be done with it."""
    found = _team(request, team)
    return _place(request, found, {"has": with_team(found).words})


@page("the name of a service")
@form_page
def rename_service(request: SignedInRequest, service: int) -> HttpResponse:
    """Gives a service another name from a day."""
    return _rename(request, _service(request, service))


@page("the name of a team")
@form_page
def rename_team(request: SignedInRequest, team: int) -> HttpResponse:
    """Gives a team another name from a day."""
    return _rename(request, _team(request, team))


@page("where a team stands")
@form_page
def place_team(request: SignedInRequest, team: int) -> HttpResponse:
    """Puts a team in another service, or outside the council."""
    found = _team(request, team)
    stands = {"service": found.service_id, "is_outside": found.is_outside, "seen": found.service_id}
    form = PlacingForm(request.POST or None, initial=stands, authority_id=found.authority_id)
    has = with_team(found)
    says = f"{found} has {has.words}. Managers of the service it stands in see its children; others no more."
    if not _was_sent(request, form):
        return _form(request, form, f"Where {found} stands", place=found, says=says)
    try:
        children.place_team(team=found, **form.cleaned_data, **_by(request))
    except Refused as refusal:
        _show_again(form, refusal, str(_team(request, found.pk).service_id or ""))
        return _form(request, form, f"Where {found} stands", place=found, says=says)
    messages.success(request, f"{found} stands in {form.cleaned_data['service'] or 'no service'} now.")
    return redirect("authorities:team", found.pk)


@page("the merging of a team")
@form_page
def merge_team(request: SignedInRequest, team: int) -> HttpResponse:
    """Shows what merging two teams would move, then does it."""
    found = _team(request, team)
    moving = with_team(found)
    form = MergeForm(request.POST or None, team=found, initial={"on": viewer_in(request).on})
    context: dict[str, Any] = {"form": form, "place": found, "moving": moving, "has_errors": False}
    if _was_sent(request, form):
        seen = request.POST.get("seen", "")
        if not seen or "change" in request.POST:
            return _merge_page(request, context | {"is_preview": "change" not in request.POST})
        try:
            merge = children.Merge(found, **form.cleaned_data)
            children.merge_teams(merge=merge, seen=seen, **_by(request))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, form.preview(found, moving).replace("is closed", "was closed"))
            return redirect("authorities:team", form.cleaned_data["into"].pk)
    return _merge_page(request, context | {"has_errors": bool(form.errors)})


@page("the closing of a service")
@form_page
def close_service(request: SignedInRequest, service: int) -> HttpResponse:
    """Closes a service that has no team and no post."""
    found = _service(request, service)
    return _close(request, found, in_service(found))


@page("the closing of a team")
@form_page
def close_team(request: SignedInRequest, team: int) -> HttpResponse:
    """Closes a team with which there is no child and no post."""
    found = _team(request, team)
    has = with_team(found)
    return _close(request, found, has.words if has.children or has.posts else "")


@page("the reopening of a service")
@require_POST
def reopen_service(request: SignedInRequest, service: int) -> HttpResponse:
    """Takes back that a service was closed."""
    return _reopen(request, _service(request, service))


@page("the reopening of a team")
@require_POST
def reopen_team(request: SignedInRequest, team: int) -> HttpResponse:
    """Takes back that a team was closed."""
    return _reopen(request, _team(request, team))


def _keeper(request: SignedInRequest) -> int:
    """The authority whose services and teams this person keeps; refused to everybody else."""
    if not may_manage_structure(viewer_in(request)):
        raise PermissionDenied
    return request.user.authority_id


def _service(request: SignedInRequest, key: int) -> Service:
    found: Service = get_object_or_404(Service.objects.of(_keeper(request)), pk=key)
    return found


def _team(request: SignedInRequest, key: int) -> Team:
    teams = Team.objects.of(_keeper(request)).select_related("service", "merged_into")
    found: Team = get_object_or_404(teams, pk=key)
    return found


def _by(request: SignedInRequest) -> dict[str, Any]:
    return {"by": request.user, "at": viewer_in(request).at}


def _was_sent(request: SignedInRequest, form: Form) -> bool:
    return request.method == "POST" and form.is_valid()


def _form(
    request: SignedInRequest, form: Form, heading: str, *, back: str = "", place: Any = None, **more: Any
) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, "place": place, "has_errors": bool(form.errors)}
    return render(request, "authorities/form.html", context | more)


def _place(request: SignedInRequest, place: Service | Team, more: dict[str, Any]) -> HttpResponse:
    names = Listing(tables.NAMES, place.former_names.all(), f"names-of-a-{place.kind}", about=None)
    if file := asked_file(request, names):
        return file
    context = {"place": place, "names": names.drawn(request), **more}
    return render(request, f"authorities/{place.kind}.html", context)


def _rename(request: SignedInRequest, place: Any) -> HttpResponse:
    stands = {"name": place.name, "on": viewer_in(request).on, "seen": place.name}
    form = RenameForm(request.POST or None, initial=stands)
    if _was_sent(request, form):
        try:
            services.rename(place=place, **form.cleaned_data, **_by(request))
        except Refused as refusal:
            place.refresh_from_db()
            _show_again(form, refusal, place.name)
        else:
            messages.success(request, f"It is called {form.cleaned_data['name']} now.")
            return redirect(f"authorities:{place.kind}", place.pk)
    return _form(request, form, f"Rename {place}", place=place)


def _close(request: SignedInRequest, place: Service | Team, has: str) -> HttpResponse:
    form = CloseForm(request.POST or None, initial={"on": viewer_in(request).on})
    if _was_sent(request, form):
        try:
            if isinstance(place, Service):
                children.close_service(service=place, **form.cleaned_data, **_by(request))
            else:
                children.close_team(team=place, **form.cleaned_data, **_by(request))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{place} was closed.")
            return redirect(f"authorities:{place.kind}", place.pk)
    context = {"form": form, "place": place, "has": has, "has_errors": bool(form.errors)}
    return render(request, "authorities/close.html", context)


def _reopen(request: SignedInRequest, place: Any) -> HttpResponse:
    try:
        services.reopen(place=place, **_by(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{place} is open again.")
    return redirect(f"authorities:{place.kind}", place.pk)


def _merge_page(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    if context.get("is_preview"):
        form = context["form"]
        context["says"] = form.preview(context["place"], context["moving"])
        context["typed"] = [(name, text) for name, text in request.POST.items() if is_typed(name)]
        return render(request, "authorities/merge_check.html", context)
    return render(request, "authorities/merge.html", context)


def _show_again(form: PlaceForm, refusal: Refused, stands: str) -> None:
    """Put the refusal on the form, which from here on has seen what stands now."""
    form.refuse(refusal)
    form.data = {**form.data.dict(), "seen": stands}  # type: ignore[attr-defined]
