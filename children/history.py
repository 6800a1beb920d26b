"""What has changed about a child, from the rows' own history, in sentences."""

from collections.abc import Iterator, Mapping
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
    {
        "id",
        "sort_name",
        "child_id",
        "authority_id",
        "made_by_id",
        "attempts",
        "last_error",
        "owed_by_roles",
        "tell_from_on",
        "duties.Duty.kind",
        "reviews.Correction.other_review_id",
        "children.CorrectedFact.before",
        "children.CorrectedFact.after",
        "reviews.Correction.before",  # the row it corrected says what it said
    }
)
# Columns whose name, read out, is not how people say it.
LABELS = {
    "user": "person",
    "last_safe_on": "last working day on or before it",
    "act_by_on": "best done by",
    "planned_for_on": "booked for",
    "due_soon_on": "due soon from",
    "plan_by_on": "counts as not booked from",
    "runs_from_on": "limit runs from",
    "owed_by_words": "owed by",
    "rule": "due as",
    "series": "cycle",
    "rag": "rating",
    "rag_reason": "reason for the rating",
    "childs_views": "the child's views",
    "is_origin": "raised by this review",
    "is_mother": "mother",
    "upn": "UPN",
    "urn": "URN",
}
CODED = ("rule", "standing", "series")  # codes without choices, which are their own words
SSDA903 = ("legal_status", "category_of_need", "reason_started")  # told with their codes
# Rows that hold no more than dates and who works with the child, but for the fields named.
PLAIN_TABLES = {
    "children.Child": frozenset({"ethnicity", "upn", "is_mother", "mother_child_born_on"}),
    "children.CarePeriod": frozenset(),
    "children.Episode": frozenset({"category_of_need"}),
    "children.Allocation": frozenset(),
    "children.TeamAllocation": frozenset(),
}


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
    of_others: frozenset[tuple[str, int]] = frozenset()  # table and key of rows that tell of a child not theirs

    def sees(self, table: str, field: str, values: Mapping[str, Any]) -> bool:
        """Whether the field of a row may be shown; identifiers that mean nothing to anybody never are."""
        if not INNER.isdisjoint({field, f"{table}.{field}"}) or (field in ADDRESS and not self.may_see_address):
            return False
        if self.may_read_record and (table, values.get("id")) not in self.of_others:
            return True
        if table in PLAIN_TABLES:
            return field not in PLAIN_TABLES[table]
        return field in _plain(apps.get_model(table), values)


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
    """Names of the rows that rows of history point to: one query for each kind of row."""

    def __init__(self, rows: list[Events]) -> None:
        wanted: dict[type[models.Model], set[Any]] = {User: {(row.pgh_context or {}).get("user") for row in rows}}
        for row in rows:
            model = apps.get_model(row.pgh_obj_model)
            for column, value in _keys(row):
                pointed = _pointed_to(model, column)
                if pointed and column not in INNER and _has_name(pointed):
                    wanted.setdefault(pointed, set()).add(value)
        self.names = {
            model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=keys - {None})}
            for model, keys in wanted.items()
        }

    def person(self, key: int | None) -> str:
        """Their name; the service itself where nobody was signed in."""
        return self.names[User].get(key or 0, "the service")

    def of(self, model: type[models.Model], key: Any) -> str:
        """What the row is called; only what kind it is where it is gone."""
        return self.names.get(model, {}).get(key) or f"a {model._meta.verbose_name} no longer held"


def _keys(row: Events) -> Iterator[tuple[str, Any]]:
    yield from row.pgh_data.items()
    for field, pair in (row.pgh_diff or {}).items():
        for value in pair:
            yield field, value


def _field(model: type[models.Model], column: str) -> Any:
    """The field of a column; None for one the table no longer has."""
    try:
        return model._meta.get_field(column)
    except FieldDoesNotExist:
        return None


def _pointed_to(model: type[models.Model], column: str) -> type[models.Model] | None:
    field = _field(model, column)
    return field.related_model if isinstance(field, models.ForeignKey) else None


def _has_name(model: type[models.Model]) -> bool:
    return model.__str__ is not models.Model.__str__


def _place(model: type[models.Model], column: str) -> int:
    """Where the column stands in its table, so that every row is told in the same order."""
    columns = [field.attname for field in model._meta.concrete_fields]
    return columns.index(column) if column in columns else len(columns)


def _is_told(model: type[models.Model], column: str) -> bool:
    """Whether the column means something to a person: no key without a name, and no moment, which the act bears."""
    pointed = _pointed_to(model, column)
    if pointed:
        return _has_name(pointed)
    return not isinstance(_field(model, column), models.DateTimeField | models.UUIDField)


def _sentences(rows: list[Events], reader: Reader, names: Names) -> Iterator[str]:
    for row in rows:
        table = row.pgh_obj_model
        model = apps.get_model(table)
        said = [
            _said(model, field, old, new, names)
            for field, (old, new) in sorted(_values(row), key=lambda value: _place(model, value[0]))
            if reader.sees(table, field, row.pgh_data) and _is_told(model, field) and old != new
        ]
        if said:
            verb = {"insert": "added", "delete": "removed"}.get(row.pgh_label, "changed")
            what = _name(model, row.pgh_data)
            yield f"{what[:1].upper()}{what[1:]}{_which(row, names)} {verb}: {'; '.join(said)}."


def _plain(model: type[models.Model], values: Mapping[str, Any]) -> frozenset[str]:
    """What everybody who may see the child may read of a row, as its own room says."""
    plain_history = getattr(model, "plain_history", None)
    return plain_history(values) if plain_history else frozenset()


def _name(model: type[models.Model], values: Mapping[str, Any]) -> str:
    """What a row is called, by its own room where it says so."""
    history_name = getattr(model, "history_name", None)
    return history_name(values) if history_name else str(model._meta.verbose_name)


def _which(row: Events, names: Names) -> str:
    """Which of several like rows was changed: whose allocation, or the episode from which day."""
    data = row.pgh_data
    if row.pgh_label == "insert":
        return ""
    if data.get("user_id"):
        return f" of {names.of(User, data['user_id'])}"
    if data.get("team_id"):
        return f" of {names.of(Team, data['team_id'])}"
    return f" from {day(date.fromisoformat(data['starts_on']))}" if data.get("starts_on") else ""


def _values(row: Events) -> Iterator[tuple[str, tuple[Any, Any]]]:
    if row.pgh_label == "insert" or row.pgh_diff is None:
        for field, value in row.pgh_data.items():
            yield field, ("", "" if value is None else value)
    else:
        for field, (old, new) in row.pgh_diff.items():
            yield field, (old, new)


def _said(model: type[models.Model], column: str, old: Any, new: Any, names: Names) -> str:
    name = column.removesuffix("_id")
    label = LABELS.get(name) or name.replace("_", " ")
    after = _shown(model, column, new, names)
    before = _shown(model, column, old, names)
    if before:
        return f"{label} from {before} to {after or 'nothing'}"
    is_said_by_name = _pointed_to(model, column) and label in after.casefold().split()
    return after if is_said_by_name else f"{label} {after}"


def _shown(model: type[models.Model], column: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if pointed := _pointed_to(model, column):
        return names.of(pointed, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _of_field(_field(model, column), column, value)


def _of_field(field: Any, name: str, value: Any) -> str:
    if isinstance(field, models.DateField):
        return day(date.fromisoformat(value))
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices and name not in SSDA903:
        return str(choices[value])
    return value.replace("_", " ").lower() if name in CODED else in_words(name, str(value))
