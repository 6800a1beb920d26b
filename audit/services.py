"""Writing the audit trail. Every call must stand in the transaction of the act they tell of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from structlog.contextvars import get_contextvars

from .models import AccessEvent, BusinessEvent


def _request_id() -> str:
    return str(get_contextvars().get("request_id", ""))


def record_access(
    *, child_ids: Iterable[int], authority_id: int, action: str, what: str, by: models.Model, at: datetime
) -> None:
    """Log that `by` read these children's records on the page named `what`; nothing when there are none."""
    ids = list(child_ids)
    if not ids:
        return
    AccessEvent.objects.create(
        at=at,
        authority_id=authority_id,
        actor_id=by.pk,
        child_ids=ids,
        action=action,
        what=what,
        request_id=_request_id(),
    )


def record_event(
    *,
    verb: str,
    subject: models.Model,
    by: models.Model | None,
    at: datetime,
    authority_id: int | None = None,
    child_id: int | None = None,
    **detail: Any,
) -> None:
    """Log one act on `subject`. `detail` holds codes, dates as text and keys; never a name or free text."""
    BusinessEvent.objects.create(
        at=at,
        authority_id=authority_id,
        actor_id=by.pk if by else None,
        child_id=child_id,
        verb=verb,
        subject=subject._meta.label,
        subject_id=subject.pk,
        detail=detail,
        request_id=_request_id(),
    )


def record_events(
    *, verb: str, subjects: Sequence[Any], by: models.Model | None, at: datetime, **detail: Any
) -> None:
    """Log the same act on each of these rows, of something about a child; in one statement however many."""
    BusinessEvent.objects.bulk_create(
        BusinessEvent(
            at=at,
            authority_id=subject.authority_id,
            actor_id=by.pk if by else None,
            child_id=subject.child_id,
            verb=verb,
            subject=subject._meta.label,
            subject_id=subject.pk,
            detail=detail,
            request_id=_request_id(),
        )
        for subject in subjects
    )
