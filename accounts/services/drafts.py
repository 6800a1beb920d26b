"""What somebody is typing on a page, kept on the server until they send it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from timescales.refusals import Refused

from ..models import PageDraft, User

NUL, SHOWN_NUL = "\x00", "\N{SYMBOL FOR NULL}"  # PostgreSQL keeps no NUL; its symbol shows where one stood


class StalePage(Refused):
    """The draft was saved from another page since this one was opened."""


@transaction.atomic
def keep_draft(*, user: User, path: str, fields: Mapping[str, list[str]], version: int, at: datetime) -> PageDraft:
    """Keep what somebody has typed on a page so far. `version` is that of the draft the page was opened with.

    Raises StalePage, with nothing overwritten, when it was saved from another page since.
    """
    PageDraft.objects.get_or_create(user=user, path=path, defaults={"saved_at": at})
    draft = PageDraft.objects.select_for_update(no_key=True).get(user=user, path=path)
    kept = {name: [text.replace(NUL, SHOWN_NUL) for text in texts] for name, texts in fields.items()}
    if kept != draft.fields:
        if version != draft.version:
            raise StalePage("You have saved this from another page since you opened this one.")
        draft.fields, draft.version = kept, draft.version + 1
    draft.saved_at = at
    draft.save(update_fields=["fields", "version", "saved_at"])
    return draft


def forget_draft(*, user: User, path: str) -> None:
    """Drop the draft of a page that has been sent."""
    PageDraft.objects.filter(user=user, path=path).delete()
