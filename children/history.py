"""What has changed about a child, from the rows' own history, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from pghistory.models import Events

from accounts.models import User
from authorities.models import Team
from screens.cells import day

from .models import Child
from .words import in_words

ROWS = 60  # rows of history read for a page; the acts they belong to are shown whole
ADDRESS = frozenset({"home_postcode", "placement_postcode", "urn"})
INNER = frozenset(
    {"id", "uuid", "sort_name", "child_id", "authority_id", "care_period_id", "review_id", "record_token"}
)
PERSON = ("user_id", "_by_id")  # how columns that point to a person end
# Rows that hold no more than dates and who works with the child, but for the fields named.
PLAIN_TABLES = {
    "children.Child": frozenset({"ethnicity", "upn", "is_mother", "mother_child_born_on"}),
    "children.CarePeriod": frozenset(),
    "children.Episode": frozenset({"category_of_need"}),
    "children.Allocation": frozenset(),
    "children.TeamAllocation": frozenset(),
}
PLAIN_FIELDS = {"reviews.Review": frozenset({"due_on", "booked_for_on", "held_on", "number", "cycle"})}


@dataclass(frozen=True)
class Act:
    """Everything one transaction changed about the child: when, who, and a sentence for each row."""

    at: datetime
    by: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """What this person may read of a row."""

    may_read_record: bool
    may_see_address: bool

    def sees(self, table: str, field: str) -> bool:
        """Whether the field may be shown; identifiers that mean nothing to anybody never are."""
        if field in INNER or (field in ADDRESS and not self.may_see_address):
            return False
        if self.may_read_record:
            return True
        if table in PLAIN_TABLES:
            return field not in PLAIN_TABLES[table]
        return field in PLAIN_FIELDS.get(table, ())


def acts(*, child: Child, reader: Reader, before: datetime | None) -> tuple[list[Act], datetime | None]:
    """The newest acts before a moment, and the moment to go on from; None when there are no more.

    The rows of one transaction bear the same moment, so an act is never cut in two by a page's end.
    """
    events = Events.objects.references(child).order_by("-pgh_created_at", "pgh_slug")
    if before is not None:
        events = events.filter(pgh_created_at__lt=before)
    rows = list(events[: ROWS + 1])
    following = None
    if len(rows) > ROWS:
        last = rows[-1].pgh_created_at
        whole = [row for row in rows if row.pgh_created_at > last]
        rows = whole or list(events.filter(pgh_created_at=last))
        following = rows[-1].pgh_created_at
    names = Names(rows)
    found = [
        Act(at, names.person((group[0].pgh_context or {}).get("user")), tuple(_sentences(group, reader, names)))
        for at, group in ((at, list(rows)) for at, rows in groupby(rows, key=lambda row: row.pgh_created_at))
    ]
    return [act for act in found if act.sentences], following


class Names:
    """Names of the people and teams that rows of history point to, in two queries."""

    def __init__(self, rows: list[Events]) -> None:
        people: set[Any] = {(row.pgh_context or {}).get("user") for row in rows}
        teams: set[Any] = set()
        for row in rows:
            for field, value in _keys(row):
                if field == "team_id":
                    teams.add(value)
                elif field.endswith(PERSON):
                    people.add(value)
        self.people = {user.pk: str(user) for user in User.objects.filter(pk__in=people - {None})}
        self.teams = {team.pk: str(team) for team in Team.objects.filter(pk__in=teams - {None})}

    def person(self, key: int | None) -> str:
        """Their name; the service itself where nobody was signed in."""
        return self.people.get(key or 0, "the service")


def _keys(row: Events) -> Iterator[tuple[str, Any]]:
    yield from row.pgh_data.items()
    for field, pair in (row.pgh_diff or {}).items():
        for value in pair:
            yield field, value


def _sentences(rows: list[Events], reader: Reader, names: Names) -> Iterator[str]:
    for row in rows:
        table = row.pgh_obj_model
        model = apps.get_model(table)
        said = [
            _said(model, field, old, new, names)
            for field, (old, new) in _values(row)
            if reader.sees(table, field) and old != new
        ]
        if said:
            verb = {"insert": "added", "delete": "removed"}.get(row.pgh_label, "changed")
            what = str(model._meta.verbose_name)
            yield f"{what[:1].upper()}{what[1:]}{_which(row, names)} {verb}: {'; '.join(said)}."


def _which(row: Events, names: Names) -> str:
    """Which of several like rows was changed: whose allocation, or the episode from which day."""
    data = row.pgh_data
    if row.pgh_label == "insert":
        return ""
    if data.get("user_id"):
        return f" of {names.person(data['user_id'])}"
    if data.get("team_id"):
        return f" of {names.teams.get(data['team_id'], 'a team')}"
    return f" from {day(date.fromisoformat(data['starts_on']))}" if data.get("starts_on") else ""


def _values(row: Events) -> Iterator[tuple[str, tuple[Any, Any]]]:
    if row.pgh_label == "insert" or row.pgh_diff is None:
        for field, value in row.pgh_data.items():
            yield field, ("", "" if value is None else value)
    else:
        for field, (old, new) in row.pgh_diff.items():
            yield field, (old, new)


def _said(model: type[models.Model], field: str, old: Any, new: Any, names: Names) -> str:
    label = {"user_id": "person"}.get(field) or field.removesuffix("_id").replace("_", " ")
    after = _shown(model, field, new, names)
    before = _shown(model, field, old, names)
    if not before:
        return f"{label} {after}"
    return f"{label} from {before} to {after or 'nothing'}"


def _shown(model: type[models.Model], name: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if name == "team_id":
        return names.teams.get(value, "a team")
    if name.endswith(PERSON):
        return names.person(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(value)
    return _of_field(field, name, value)


def _of_field(field: Any, name: str, value: Any) -> str:
    if isinstance(field, models.DateTimeField):
        return day(datetime.fromisoformat(value))
    if isinstance(field, models.DateField):
        return day(date.fromisoformat(value))
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices and name not in ("legal_status", "category_of_need", "reason_started"):
        return str(choices[value])
    return in_words(name, str(value))
