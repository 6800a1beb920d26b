"""Search by name or reference. The words are posted, so that no name stands in an address or a log."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.requests import SignedInRequest, log_reading, viewer_in
from audit.models import AccessEvent
from dashboards.finding import MOST_FOUND, found_table, search_children
from dashboards.forms import SearchForm
from screens.pages import page


@page("a search")
def search(request: SignedInRequest) -> HttpResponse:
    """Children of this person's that match; an address alone leads home, since it holds nothing to look for."""
    if request.method != "POST":
        return redirect("dashboards:home")
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "dashboards/search.html", {"form": form})
    viewer = viewer_in(request)
    found = search_children(viewer, form.cleaned_data["query"])
    log_reading(request, (child.pk for child in found[:MOST_FOUND]), AccessEvent.Action.SEARCH)
    context = {
        "form": form,
        "table": found_table(viewer.on).render(request, found[:MOST_FOUND]),
        "is_cut": len(found) > MOST_FOUND,
        "most": MOST_FOUND,
    }
    return render(request, "dashboards/search.html", context)
