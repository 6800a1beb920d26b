"""What escalations are listed by, on their page and in the API."""

from typing import Any

import django_filters
from django import forms

from accounts.requests import viewer_in
from screens.filters import ChoiceFilter, FilterSet

from .models import Escalation
from .permissions import stage_names
from .querysets import EscalationQuerySet


class EscalationFilter(FilterSet):
    """Concerns by how they stand, at which stage, and whose move it is. A page lists the open ones first."""

    defaults = {"status": Escalation.Status.OPEN}

    child = django_filters.UUIDFilter(field_name="child__uuid", label="One child", widget=forms.HiddenInput)
    status = ChoiceFilter(
        choices=[(code, words.capitalize()) for code, words in Escalation.Status.choices], label="Status"
    )
    stage = ChoiceFilter(field_name="stage__name", choices=(), label="Stage")
    waiting = ChoiceFilter(
        choices=[("me", "Waiting for me"), ("late", "Whose answer is late")],
        empty_label="Anybody",
        method="by_waiting",
        label="Next move",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:  # there is none while the API's own description is written
            names = stage_names(self.request.user.authority_id)
            self.offer("stage", [(name, name) for name in names])

    @property
    def caption(self) -> str:
        """What the list then holds: "Open concerns", "Resolved concerns at Stage 1"."""
        stage = self.words("stage")
        return f"{self.words('status') or 'Open and resolved'} concerns{f' at {stage}' if stage else ''}"

    def by_waiting(self, rows: EscalationQuerySet, name: str, value: str) -> EscalationQuerySet:
        """Those where the next move is the reader's, or whose answer is past its date."""
        viewer = viewer_in(self.request)
        return rows.needing(viewer) if value == "me" else rows.answer_overdue(viewer.on)
