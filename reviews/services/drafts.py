"""What one person has typed for a review so far, kept on the server, section by section."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User

from ..models import Review, ReviewDraft
from ..rules import StaleDraft

Fields = Mapping[str, list[str]]
NUL, SHOWN_NUL = "\x00", "\N{SYMBOL FOR NULL}"  # PostgreSQL keeps no NUL; its symbol shows where one stood


@dataclass(frozen=True)
class SectionTyped:
    """What was typed in one section, valid or not.

    `version` is the one the page was opened at or last given, None where it names none. `page` is a mark of the
    browser page, which may always save over itself, until it is left.
    """

    section: str
    fields: Fields
    version: int | None
    page: str = ""
    is_leaving: bool = True


@dataclass(frozen=True)
class Saved:
    """When a section was last saved, and the version the next save must name."""

    at: datetime
    version: int


def find_draft(*, review: Review, by: User) -> ReviewDraft | None:
    """This person's draft of a review, if they have begun one."""
    return ReviewDraft.objects.of(review.pk, by.pk).first()


@transaction.atomic
def save_draft(*, review: Review, typed: SectionTyped, by: User, at: datetime) -> Saved:
    """Keep what was typed in one section, also when somebody else has recorded the review meanwhile.

    Saving the same text again is harmless. Raises StaleDraft when the section was saved from another page
    since; nothing is overwritten then.
    """
    draft = _locked(review, by, at)
    before = draft.sections.get(typed.section, {})
    kept = {name: [text.replace(NUL, SHOWN_NUL) for text in texts] for name, texts in typed.fields.items()}
    is_same = before.get("fields") == kept
    is_current = typed.version == before.get("version", 0) or (bool(typed.page) and typed.page == before.get("page"))
    if not is_same and not is_current:
        raise StaleDraft("You have saved this section from another page since you opened this one.")
    if not is_same:
        draft.version += 1
    saved_as = before.get("version", 0) if is_same else draft.version
    page = "" if typed.is_leaving else typed.page
    draft.sections[typed.section] = {"fields": kept, "version": saved_as, "page": page}
    draft.saved_at = at
    draft.save(update_fields=["sections", "version", "saved_at"])
    return Saved(at=at, version=saved_as)


def _locked(review: Review, by: User, at: datetime) -> ReviewDraft:
    ReviewDraft.objects.get_or_create(review=review, author=by, defaults={"saved_at": at})
    return ReviewDraft.objects.select_for_update(no_key=True).get(review=review, author=by)
