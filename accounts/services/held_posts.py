"""What people had sent when their session had ended, held until they are back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from ..models import HeldPost, PageDraft, User

MOST_HELD = 20  # forms of one person; the oldest goes first
HELD_DAYS = 14
DRAFT_DAYS = 90


@transaction.atomic
def hold_post(*, user: User, path: str, fields: list[tuple[str, list[str]]], at: datetime) -> HeldPost:
    """Keep what somebody sent after their session had ended, until they are back to send it again."""
    held = HeldPost.objects.create(user=user, path=path, fields=fields, held_at=at)
    kept = HeldPost.objects.filter(user=user).order_by("-held_at", "-pk").values_list("pk", flat=True)[:MOST_HELD]
    HeldPost.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    return held


def forget_held_post(*, user: User, uuid: UUID | str) -> None:
    """Drop a held form that has been sent again; one that is not theirs, or malformed, is left alone."""
    try:
        HeldPost.objects.filter(user=user, uuid=uuid).delete()
    except ValidationError:
        return


@transaction.atomic
def tidy(*, at: datetime) -> int:
    """Drop sessions that have run out, forms held for more than HELD_DAYS days, and drafts left for DRAFT_DAYS.

    The number of held forms dropped.
    """
    PageDraft.objects.filter(saved_at__lt=at - timedelta(days=DRAFT_DAYS)).delete()
    Session.objects.filter(expire_date__lt=at).delete()
    dropped, _ = HeldPost.objects.filter(held_at__lt=at - timedelta(days=HELD_DAYS)).delete()
    return dropped
