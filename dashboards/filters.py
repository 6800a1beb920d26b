"""What a caseload is narrowed by. The children of the API are another list, and have filters of their own."""

from typing import Any

from django.db.models import QuerySet

from accounts.requests import viewer_in
from accounts.roles import ChildPermission
from reviews.rules import RAG_CHOICES
from screens.filters import ChoiceFilter, FilterSet

from .caseload import narrowed
from .people import iros_of, teams_of
from .permissions import reach_of

STANDING_CHOICES = [
    ("booked-too-late", "Booked too late"),
    ("overdue", "Overdue"),
    ("due-soon", "Due soon"),
    ("booked", "Booked"),
    ("not-due", "Not due"),
    ("not-known", "Not known"),
    ("met-late", "Last review met late"),
]


class CaseloadFilter(FilterSet):
    """Children by where their next review stands, whose they are, and how the last one was rated.

    A filter that its reader's roles give no answers to choose from is not offered.
    """

    standing = ChoiceFilter(choices=STANDING_CHOICES, method="narrow", label="Standing")
    iro = ChoiceFilter(choices=(), method="narrow", label="IRO")
    team = ChoiceFilter(choices=(), method="narrow", label="Team")
    rag = ChoiceFilter(choices=RAG_CHOICES, method="narrow", label="Last rating")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.request is not None  # only a page has a caseload
        user, reach = self.request.user, reach_of(viewer_in(self.request).roles)
        iros = iros_of(user) if reach.sees_others_children else []
        teams = teams_of(user) if reach.sees_many_teams else []
        self._offer("iro", [("none", "No IRO"), *iros] if iros else [])
        self._offer("team", teams if len(teams) > 1 else [])
        if not reach.may(ChildPermission.READ_RECORD):
            del self.filters["rag"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            self.offer(name, choices)
        else:
            del self.filters[name]

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those with this answer."""
        return narrowed(rows, {name: value}, viewer_in(self.request).on)
