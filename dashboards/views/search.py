"""Search by name or reference. The words are posted, so that no name stands in an address or a log."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.requests import SignedInRequest
from audit.models import AccessEvent
from audit.services import record_access
from dashboards.finding import MOST_FOUND, found_table, search_children
from dashboards.forms import SearchForm


def search(request: SignedInRequest) -> HttpResponse:
    """Children of this person's that match; an address alone leads home, since it holds nothing to look for."""
    if request.method != "POST":
        return redirect("dashboards:home")
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "dashboards/search.html", {"form": form})
    found = search_children(request.user, form.cleaned_data["query"])
    record_access(
        child_ids=[child.pk for child in found[:MOST_FOUND]],
        authority_id=request.user.authority_id,
        action=AccessEvent.Action.SEARCH,
        what="dashboards:search",
        by=request.user,
        at=timezone.now(),
    )
    context = {
        "form": form,
        "table": found_table(timezone.localdate()).render(request, found[:MOST_FOUND]),
        "is_cut": len(found) > MOST_FOUND,
        "most": MOST_FOUND,
    }
    return render(request, "dashboards/search.html", context)
