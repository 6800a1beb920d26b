"""The authority's log of who looked at which record, for those who watch over it and never open a record."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from accounts.requests import SignedInRequest, viewer_in, words_in
from screens.cursor import Slice, cut

from ..forms import AccessLogForm
from ..permissions import may_read_access_log
from ..readers import named
from ..services import search_access_log


def access_log(request: SignedInRequest) -> HttpResponse:
    """Looks at one child's record or by one person. Posted, so that no reference stands in an address or its log."""
    if not may_read_access_log(viewer_in(request)):
        raise PermissionDenied
    form = AccessLogForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid() and (page := _page(request, form)):
        rows = named(page.rows, words=words_in(request), with_references=True)
        context |= {"page": page, "rows": rows, "steps": _steps(page)}
    return render(request, "children/access_log.html", context)


def _page(request: SignedInRequest, form: AccessLogForm) -> Slice | None:
    """One page of what was found; None, with the reason at its field, where nobody is known by what was typed."""
    events = search_access_log(
        reference=form.cleaned_data["reference"],
        email=form.cleaned_data["email"],
        by=request.user,
        at=viewer_in(request).at,
    )
    if events is None:
        form.say_unknown()
        return None
    return cut(events, request.POST)


def _steps(page: Slice) -> list[tuple[str, str, str]]:
    """Buttons to the neighbouring pages: label, name and value of the key they post."""
    found = []
    for label, url in (("Newer", page.previous_url), ("Older", page.next_url)):
        query = QueryDict(url[1:] if url else "")
        found += [(label, name, query[name]) for name in ("before", "after") if name in query]
    return found
