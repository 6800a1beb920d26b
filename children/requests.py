"""What a door about one child does first: the row the address names, for whoever asks, with its reading logged."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.requests import log_reading
from audit.models import AccessEvent

from .models import Child

Row = TypeVar("Row", bound=Model)


def opened(request: HttpRequest, rows: QuerySet[Row], uuid: UUID) -> Row:
    """The one of these rows, narrowed to the viewer, with this uuid; its reading is logged in the same transaction.

    Raises Http404 for what there is not, and for what is not theirs to know of, alike.
    """
    row = get_object_or_404(rows, uuid=uuid)
    child: Any = row if isinstance(row, Child) else row.child  # type: ignore[attr-defined]  # every other has one
    log_reading(request, [child.pk], AccessEvent.Action.VIEW, authority_id=child.authority_id)
    return row
