"""The pages about one child: who works with them, where they have lived, who looked, what changed."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import who
from accounts.lists import Listing, asked_file
from accounts.requests import SignedInRequest, viewer_in, words_in
from accounts.roles import ChildPermission
from reviews.permissions import rows_of_others
from screens.cursor import cut
from screens.pages import Tab, page
from screens.paging import with_query
from timescales.refusals import Conflict, Refused

from .. import permissions, tables
from ..correction_words import CorrectedAct, corrected_acts
from ..forms import AllocateForm, MoveTeamForm
from ..history import Reader, acts
from ..models import Allocation, CarePeriod, Child, CorrectedFact, Episode
from ..readers import LOOKS, named, readings
from ..requests import opened
from ..services import allocate as make_allocation
from ..services import move_team


def _opened(request: SignedInRequest, uuid: UUID) -> Child:
    return opened(request, Child.objects.visible_to(viewer_in(request)), uuid)


@page("who works with the child", tab=Tab("People", 4))
@require_safe
def people(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who works with the child, now and before, and who can see the record and why."""
    child = _opened(request, uuid)
    lists = list(_people_lists(child, with_readers=permissions.may_read_record(viewer_in(request), child)))
    if file := asked_file(request, *lists):
        return file
    context = {
        "child": child,
        "tables": [listing.drawn(request) for listing in lists],
        "may_allocate": (may := permissions.may_allocate(viewer_in(request), child)),
        "allocations": child.allocations.newest_first() if may else [],
        "teams": child.team_allocations.select_related("team").order_by("-starts_on", "-pk") if may else [],
        "corrected": _corrected(request, child, CorrectedFact.Kind.ALLOCATION),
    }
    return render(request, "children/people.html", context)


def _people_lists(child: Child, *, with_readers: bool) -> Iterator[Listing]:
    yield Listing(tables.ALLOCATIONS, child.allocations.newest_first(), "who-works-with-the-child", child=child)
    teams = child.team_allocations.select_related("team").prefetch_related("team__former_names")
    teams = teams.order_by("-starts_on", "-pk")
    yield Listing(tables.TEAMS, teams, "teams", child=child)
    if with_readers:
        yield Listing(tables.READERS, who(child), "who-can-see-the-child", child=child)


@page("care periods and placements", tab=Tab("Care", 5))
@require_safe
def care(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The times looked after, with their legal statuses and placements; postcodes only for those who need them."""
    child = _opened(request, uuid)
    lists = list(_care_lists(request, child))
    if file := asked_file(request, *lists):
        return file
    may = permissions.may_correct_facts(viewer_in(request), child)
    context = {
        "child": child,
        "tables": [listing.drawn(request) for listing in lists],
        "episodes": Episode.objects.visible_to(viewer_in(request)).filter(child=child).order_by("starts_on")
        if may
        else [],
        "corrected": _corrected(request, child, CorrectedFact.Kind.EPISODE),
    }
    return render(request, "children/care.html", context)


def _corrected(request: SignedInRequest, child: Child, kind: str) -> list[CorrectedAct]:
    viewer = viewer_in(request)
    may_read, may_see = permissions.may_read_record(viewer, child), permissions.may_see_address(viewer, child)
    return corrected_acts(child, kind, may_read=may_read, may_see_address=may_see)


def _care_lists(request: SignedInRequest, child: Child) -> Iterator[Listing]:
    viewer = viewer_in(request)
    may_read, may_see = permissions.may_read_record(viewer, child), permissions.may_see_address(viewer, child)
    periods = CarePeriod.objects.visible_to(viewer).filter(child=child).with_episodes(Episode.objects.all())
    for period in periods:
        table = tables.episodes_table(period, with_need=may_read, with_postcode=may_see)
        yield Listing(table, list(period.episodes.all()), "time-in-care", child=child)


@page("who has looked at the record", tab=Tab("Who has looked", 6, ChildPermission.RECORD))
@require_safe
def access(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who has looked at this record, newest first."""
    child = _opened(request, uuid)
    if not permissions.may_see_readers(viewer_in(request), child):
        raise PermissionDenied("Who has looked at a record is for the child's IRO and the IRO's manager.")
    looks = readings(child_id=child.pk, authority_id=child.authority_id)
    in_words = partial(named, words=words_in(request))
    listing = Listing(LOOKS, looks.order_by("-pk"), "who-has-looked", prepare=in_words, child=child)
    if file := asked_file(request, listing):
        return file
    shown = cut(looks, request.GET)
    table = LOOKS.render(request, in_words(shown.rows), may_download=listing.may_be_taken(request))
    return render(request, "children/access.html", {"child": child, "page": shown, "table": table})


@page("what changed", tab=Tab("What changed", 7))
@require_safe
def changes(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What changed about the child, when and by whom, in sentences."""
    child = _opened(request, uuid)
    viewer = viewer_in(request)
    reader = Reader(
        permissions.may_read_record(viewer, child),
        permissions.may_see_address(viewer, child),
        rows_of_others(viewer, child.pk),
    )
    before = _moment(request.GET.get("before", ""))
    found, following = acts(child=child, reader=reader, before=before)
    context = {
        "child": child,
        "acts": found,
        "newest_url": "?" if before else None,
        "next_url": with_query(request.GET, before=following.isoformat()) if following else None,
    }
    return render(request, "children/changes.html", context)


@page("allocating people")
@require_http_methods(["GET", "HEAD", "POST"])
def allocate(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Says who the child's IRO and social worker are and which team is responsible, from a day."""
    child = _opened(request, uuid)
    if not permissions.may_allocate(viewer_in(request), child):
        raise PermissionDenied("Allocating is for the IRO manager.")
    change = request.POST.get("change", "")
    forms = _forms(request, child, change)
    form = forms.get(change)
    refusal = None
    if form is not None and form.is_valid():
        refusal = _refusal(request, child, change, form)
        if refusal is None:
            messages.success(request, "Saved. What it opens and closes took effect at once.")
            return redirect("children:people", child.uuid)
    context = {"child": child, "forms": forms, "has_errors": any(form.errors for form in forms.values())}
    status = 409 if isinstance(refusal, Conflict) else 200
    return render(request, "children/allocate.html", context, status=status)


def _forms(request: SignedInRequest, child: Child, change: str) -> dict[str, AllocateForm | MoveTeamForm]:
    initial = {"on": viewer_in(request).on}

    def data(kind: str) -> dict[str, object]:
        return {"data": request.POST if kind == change else None, "prefix": kind.lower(), "initial": initial}

    forms: dict[str, AllocateForm | MoveTeamForm] = {
        str(kind): AllocateForm(child=child, kind=kind, **data(kind)) for kind in Allocation.Kind
    }
    return forms | {"TEAM": MoveTeamForm(child=child, **data("TEAM"))}


def _refusal(
    request: SignedInRequest, child: Child, change: str, form: AllocateForm | MoveTeamForm
) -> Refused | None:
    """Make the change; what was refused of it stands in the form, with the choice that was made."""
    said = {
        **form.cleaned_data,
        "seen": form.was_seen(),
        "child": child,
        "by": request.user,
        "at": viewer_in(request).at,
    }
    try:
        if isinstance(form, MoveTeamForm):
            move_team(**said)
        else:
            make_allocation(kind=change, **said)
    except Refused as refusal:
        form.refuse(refusal)
        return refusal
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
