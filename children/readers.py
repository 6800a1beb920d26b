"""Who has looked at records, told for those who watch over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from audit.models import AccessEvent
from audit.querysets import AccessEventQuerySet
from authorities.words import say
from screens.cells import moment
from screens.pages import page_words
from screens.tables import Column, Table

from .models import Child

MOST_REFERENCES = 10  # of one list, named in a row of the log


@dataclass(frozen=True)
class Reading:
    """One look: when, who, what they did, on which page, at whose records (by reference)."""

    at: datetime
    by: str
    did: str
    page: str
    references: str


COLUMNS = (
    Column("at", "When", lambda row: moment(row.at), value=lambda row: row.at),
    Column("by", "Who", lambda row: row.by),
    Column("what", "What", lambda row: f"{row.did}: {row.page}"),
)
LOOKS = Table(COLUMNS, "Looks, newest first", empty="Nobody.")
LOOKS_AT_MANY = Table(
    (*COLUMNS, Column("whose", "Whose record", lambda row: row.references)), LOOKS.caption, empty=LOOKS.empty
)


def readings(*, authority_id: int, child_id: int | None = None, actor_id: int | None = None) -> AccessEventQuerySet:
    """Looks at one child's record, or by one person, logged for this authority."""
    events = AccessEvent.objects.filter(authority_id=authority_id)
    if child_id is not None:
        events = events.filter(child_ids__contains=[child_id])
    return events if actor_id is None else events.filter(actor_id=actor_id)


def named(events: Iterable[AccessEvent], *, words: Mapping[str, str], with_references: bool = False) -> list[Reading]:
    """The looks in words, with people's names, and references of children where asked for; two queries at most."""
    events = list(events)
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={event.actor_id for event in events})}
    keys = {key for event in events for key in event.child_ids[:MOST_REFERENCES]} if with_references else set()
    children = dict(Child.objects.filter(pk__in=keys).values_list("pk", "reference")) if keys else {}
    return [
        Reading(
            event.at,
            people.get(event.actor_id, "somebody whose account is gone"),
            event.get_action_display(),
            say(page_words(event.what), words),
            _references(event.child_ids, children),
        )
        for event in events
    ]


def _references(keys: list[int], references: dict[int, str]) -> str:
    said = ", ".join(references[key] for key in keys[:MOST_REFERENCES] if key in references)
    return f"{said} and {len(keys) - MOST_REFERENCES} more" if said and len(keys) > MOST_REFERENCES else said
