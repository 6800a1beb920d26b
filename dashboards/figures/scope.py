"""Whose figures, for when, in whose words: what a page, a command and another system alike ask with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q

from accounts.access import opened_to
from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from authorities.models import Authority
from authorities.words import say
from children.querysets import VisibleQuerySet
from dashboards.permissions import Reach
from dashboards.rules import Period
from reviews.models import Review
from timescales import WorkingCalendar

Rows = TypeVar("Rows", bound=VisibleQuerySet)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Scope:
    """The rows of one authority for a period: all of them, or those about children that `viewer` may see.

    Every set of rows is narrowed by it before anything is counted. Nobody need be asking: a command has no viewer.
    """

    authority_id: int
    period: Period
    today: date
    calendar: WorkingCalendar
    words: Mapping[str, str]
    viewer: Viewer | None = None
    known_to: date | None = None  # the last day it is known which reviews were held; None: every day until today
    reads_all_it_sees: bool = False  # the viewer's roles open no record without what it says: one question, not two
    known: dict[object, Any] = field(default_factory=dict, compare=False)  # what `once` found

    @property
    def day(self) -> date:
        """The day of an on-a-day figure: the period's last, and never after today."""
        return min(self.period.last, self.today)

    @property
    def is_after_what_is_known(self) -> bool:
        """Whether on its day it is not known which reviews had been held."""
        return self.known_to is not None and self.day > self.known_to

    @property
    def known_in_words(self) -> str:
        """Up to when it is known which reviews were held: "31 March 2026"."""
        return f"{self.known_to:%-d %B %Y}" if self.known_to else ""

    def of(self, rows: Rows, permission: ChildPermission = ChildPermission.VIEW) -> Rows:
        """The rows of this authority about children to whom the viewer may do this; all of them without a viewer."""
        opened = [] if self.viewer is None else [self._opened(self.viewer, permission)]
        return rows.filter(*opened).of_authority(self.authority_id)

    def _opened(self, viewer: Viewer, permission: ChildPermission) -> Q:
        """Made once for all figures: a condition that the database works out with the rows, not a list of keys."""
        if permission is ChildPermission.READ_RECORD and self.reads_all_it_sees:
            permission = ChildPermission.VIEW
        if permission not in self.known:
            self.known[permission] = opened_to(viewer, permission)
        found: Q = self.known[permission]
        return found

    def say(self, text: str) -> str:
        """The text with its places filled by the authority's words."""
        return say(text, self.words)

    def once(self, read: Callable[["Scope"], Answer]) -> Answer:
        """What `read` finds for this scope, asked once however many figures need it."""
        if read not in self.known:
            self.known[read] = read(self)
        found: Answer = self.known[read]
        return found


def known_to(authority: Authority) -> date | None:
    """The last day returns tell of, where nothing held since is recorded here; None where it is, or none is read."""
    returned_to = authority.returns_to_on
    if returned_to is None:
        return None
    recorded = Review.objects.filter(authority=authority, held_on__gt=returned_to, recorded_at__isnull=False)
    return None if recorded.exists() else returned_to


def scope_for(
    viewer: Viewer,
    reach: Reach,
    period: Period,
    calendar: WorkingCalendar,
    words: Mapping[str, str],
    known_to: date | None = None,
) -> Scope:
    """What this person's roles let them read: the children they see, or the authority's numbers without the lists."""
    asking = viewer if reach.has_lists else None
    return Scope(
        viewer.user.authority_id, period, viewer.on, calendar, words, asking, known_to, reach.reads_all_it_sees
    )
