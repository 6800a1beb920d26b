"""A page with a box for a paragraph keeps what is typed in it, as the record of a review does."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from screens.fields import as_typed

from .held import written_by_hand
from .models import PageDraft
from .requests import SignedInRequest
from .services import forget_draft

MOST_PATH = 200  # characters


def with_draft(request: SignedInRequest, form: forms.Form) -> dict[str, Any]:
    """Context for `<form{% attributes autosave %}>`, where what was typed on this page before stands in the form.

    A form being sent is left as it was sent.
    """
    draft = PageDraft.objects.filter(user=request.user, path=request.path).first()
    if draft is not None and not form.is_bound:
        as_typed(form, dict(written_by_hand(list(draft.fields.items()))))
    url = f"{reverse('accounts:keep_draft')}?{urlencode({'page': request.path})}"
    version = str(draft.version) if draft else "0"
    return {"draft": draft, "autosave": {"data-autosave-url": url, "data-autosave-version": version}}


def drop_draft(request: SignedInRequest) -> None:
    """The page has been sent: what was kept of it is not needed any more."""
    forget_draft(user=request.user, path=request.path)
