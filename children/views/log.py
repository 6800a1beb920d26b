"""The authority's log of who looked at which record, for those who watch over it and never open a record."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.lists import Listing
from accounts.requests import SignedInRequest, viewer_in, words_in
from audit.querysets import AccessEventQuerySet
from screens.cursor import Slice, cut

from ..forms import AccessLogForm
from ..permissions import may_read_access_log
from ..readers import LOOKS_AT_MANY, named
from ..services import search_access_log


@require_http_methods(["GET", "HEAD", "POST"])
def access_log(request: SignedInRequest) -> HttpResponse:
    """Looks at one child's record or by one person. Posted, so that no reference stands in an address or its log."""
    if not may_read_access_log(viewer_in(request)):
        raise PermissionDenied
    form = AccessLogForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    events = _found(request, form) if request.method == "POST" and form.is_valid() else None
    if events is not None:
        in_words = partial(named, words=words_in(request), with_references=True)
        if request.POST.get("format") == "csv":
            looks = events.order_by("-pk")
            return Listing(LOOKS_AT_MANY, looks, "access-log", prepare=in_words, about=None).file(request)
        shown = cut(events, request.POST)
        context |= {"table": LOOKS_AT_MANY.render(request, in_words(shown.rows)), "steps": _steps(shown)}
    return render(request, "children/access_log.html", context)


def _found(request: SignedInRequest, form: AccessLogForm) -> AccessEventQuerySet | None:
    """What was found; None, with the reason at its field, where nobody is known by what was typed."""
    events = search_access_log(
        reference=form.cleaned_data["reference"],
        email=form.cleaned_data["email"],
        by=request.user,
        at=viewer_in(request).at,
    )
    if events is None:
        form.say_unknown()
    return events


def _steps(page: Slice) -> list[tuple[str, str, str]]:
    """Buttons to the neighbouring pages, a longer one and the file: label, name and value of what they post."""
    found = []
    for label, url in (("Newer", page.previous_url), ("Older", page.next_url)):
        query = QueryDict(url[1:] if url else "")
        found += [(label, name, query[name]) for name in ("before", "after") if name in query]
    if page.whole_url:
        found.append(("Show more on one page, to print", "all", "1"))
    return [*found, ("Download as CSV", "format", "csv")] if page.rows else found
