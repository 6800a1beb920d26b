"""Search by name or reference. The words are posted, so that no name stands in an address or a log."""

from operator import attrgetter

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.lists import Listing
from accounts.requests import SignedInRequest, log_reading, viewer_in
from audit.models import AccessEvent
from dashboards.finding import MOST_FOUND, found_table, search_children
from dashboards.forms import SearchForm
from screens.pages import page
from screens.tables import MOST_AT_ONCE


@page("a search")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: SignedInRequest) -> HttpResponse:
    """Children of this person's that match, as a page or a file; an address alone leads home: it holds no words."""
    if request.method != "POST":
        return redirect("dashboards:home")
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "dashboards/search.html", {"form": form})
    viewer = viewer_in(request)
    found = search_children(viewer, form.cleaned_data["query"])
    listing = Listing(found_table(viewer.on), found, "children-found", about=attrgetter("pk"))
    if request.POST.get("format") == "csv":
        return listing.file(request)
    most = MOST_AT_ONCE if request.POST.get("all") == "1" else MOST_FOUND
    first = list(found[: most + 1])  # one more tells whether there are more
    shown = first[:most]
    log_reading(request, (child.pk for child in shown), AccessEvent.Action.SEARCH)
    context = {
        "form": form,
        "table": listing.table.render(request, shown),
        "is_cut": len(first) > most,
        "may_show_more": len(first) > most == MOST_FOUND,
        "may_download": bool(shown) and listing.may_be_taken(request),
        "most": most,
    }
    return render(request, "dashboards/search.html", context)
