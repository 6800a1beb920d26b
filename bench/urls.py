"""The product's addresses and the bare page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from accounts.requests import SignedInRequest
from audit.services import record_access
from iro_service.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bare(request: SignedInRequest, child: int) -> HttpResponse:
    """The frame around nothing: same sign-in, transaction and access event as a page about a child.

    The child's key comes with the address: looking for one would grow with the children there are.
    """
    record_access(
        child_ids=[child],
        authority_id=request.user.authority_id,
        action="VIEW",
        what="bench:bare",
        by=request.user,
        at=timezone.now(),
    )
    return render(request, "base.html")


urlpatterns = [*urlpatterns, path("bench/bare/<int:child>/", bare)]
