"""A list as somebody takes it: drawn on a page, or away as a file, which only some may do and which is logged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from audit.models import AccessEvent
from audit.services import record_event
from screens.csv import csv_response
from screens.tables import Prepare, RenderedTable, Table

from .access import can, visible
from .models import User
from .requests import SignedInRequest, log_reading, read_once, viewer_in
from .roles import ChildPermission, roles_granting
from .viewers import Viewer

NO_DOWNLOAD = "Your role reads this list on the screen but may not download it."


@dataclass(frozen=True)
class Listing:
    """A table with the rows somebody may see in it, and what their file is called.

    A file holds only rows of children its reader may export. `about` gives the key of the child a row is about,
    None where rows are about no child. `child` is given where every row is about that one. `is_for_its_readers`
    says that the page's own permission opens the file as well: the data-quality lists, which name no child.
    """

    table: Table
    rows: Any
    file_name: str  # lower-case words with hyphens, naming nobody
    caption: str | None = None
    prepare: Prepare | None = None
    about: Callable[[Any], int] | None = attrgetter("child_id")
    child: Any = None
    is_for_its_readers: bool = False

    def drawn(self, request: SignedInRequest) -> RenderedTable:
        """The page of it that the address asks for, with the way to the file for those who may take it."""
        return self.table.render(
            request,
            self.rows,
            caption=self.caption,
            prepare=self.prepare,
            may_download=self.may_be_taken(request),
        )

    def file_url(self, request: SignedInRequest) -> str:
        """The address of the file, for a page that is no table; "" for somebody who may not take it."""
        return self.table.file_url(request.GET) if self.may_be_taken(request) else ""

    def may_be_taken(self, request: SignedInRequest) -> bool:
        """Whether this person may take any of it away."""
        if self.child is not None:
            return bool(read_once(request, _may_export, viewer_in(request), self.child))
        if self.about is None or self.is_for_its_readers:
            return True
        return not roles_granting(ChildPermission.EXPORT).isdisjoint(viewer_in(request).roles)

    def file(self, request: SignedInRequest) -> HttpResponse:
        """Every row this person may take in the order of the page, logged; PermissionDenied for none."""
        if not self.may_be_taken(request):
            raise PermissionDenied(NO_DOWNLOAD)
        taken: set[int] = set()
        response = csv_response(f"{self.file_name}.csv", self.table.headers, self._lines(request, taken))
        self._log(request, taken)
        return response

    def _lines(self, request: SignedInRequest, taken: set[int]) -> Iterator[list[object]]:
        for row in self.table.in_batches(request, self._exportable(request), self.prepare):
            if self.child is None and self.about is not None:
                taken.add(self.about(row))
            yield self.table.line(row)

    def _exportable(self, request: SignedInRequest) -> Any:
        if self.child is not None or self.about is None or self.is_for_its_readers:
            return self.rows
        return visible(viewer_in(request), self.rows, ChildPermission.EXPORT)

    def _log(self, request: SignedInRequest, taken: set[int]) -> None:
        if self.child is not None:
            log_reading(request, [self.child.pk], AccessEvent.Action.DOWNLOAD, self.child.authority_id)
        elif self.about is not None:
            log_reading(request, taken, AccessEvent.Action.DOWNLOAD)
        else:
            assert request.resolver_match
            user, page = request.user, request.resolver_match.view_name
            record_event(
                verb="list.downloaded",
                subject=user,
                by=user,
                at=viewer_in(request).at,
                authority_id=user.authority_id,
                page=page,
            )


def _may_export(user: User, viewer: Viewer, child: Any) -> bool:
    """Asked once however many lists of one child a page has."""
    return can(viewer, ChildPermission.EXPORT, child)


def asked_file(request: SignedInRequest, *listings: Listing) -> HttpResponse | None:
    """The file of the one of these lists that the address asks for; None where it asks for the page."""
    asked = next((listing for listing in listings if listing.table.is_file_asked(request)), None)
    return asked.file(request) if asked else None
