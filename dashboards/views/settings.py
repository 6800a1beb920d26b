"""What the council has set up and what not, for who sets it up."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import may_open_settings
from accounts.requests import SignedInRequest, viewer_in
from dashboards.setup import steps
from screens.pages import page


@page("the settings")
@require_safe
def settings(request: SignedInRequest) -> HttpResponse:
    """The set-up list on a page of its own: the administrator's home holds the same."""
    viewer = viewer_in(request)
    if not may_open_settings(viewer):
        raise PermissionDenied
    return render(request, "dashboards/settings.html", {"steps": steps(viewer)})
