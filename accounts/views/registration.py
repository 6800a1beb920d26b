"""Somebody's registration as a social worker, which an administrator notes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ..forms import RegistrationForm
from ..requests import SignedInRequest, viewer_in
from ..services import register
from .accounts import account_of


@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The number of the registration and the day it is renewed by."""
    account = account_of(request, uuid, to_change=True)
    stands = {"number": account.registration_number, "until_on": account.registration_until_on}
    form = RegistrationForm(request.POST if request.method == "POST" else None, initial=stands)
    if form.is_valid():
        register(user=account, **form.cleaned_data, at=viewer_in(request).at, by=request.user)
        messages.success(request, "Saved.")
        return redirect("accounts:account", account.uuid)
    context = {"form": form, "heading": f"Registration of {account}", "has_errors": bool(form.errors)}
    return render(request, "accounts/form.html", context | {"back": reverse("accounts:account", args=[account.uuid])})
