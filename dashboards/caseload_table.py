"""The caseload drawn: how a child's row looks on the screen, and what it says in a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.roles import ChildPermission
from authorities.words import say
from children.cells import child_columns, child_link
from duties.cells import standing_tag, standing_word
from duties.rules import is_planned_too_late
from reviews.cells import rag_tag
from reviews.models import Review
from reviews.rules import ordinal
from screens.cells import link, short_day, status_tag
from screens.tables import Column, Table
from timescales import Standing, WorkingCalendar
from timescales.standing import standing

from .days import days_left
from .figures.columns import address_of, age
from .permissions import Reach

ROWS_ON_A_PAGE = 100
CYCLES = dict(Review.Cycle.choices)
BY_IRO = ("iro_family_name", "iro_given_name", "sort_name")
TOO_LATE = status_tag("Too late", "bad")


@dataclass(frozen=True)
class Cells:
    """How a row is drawn on a day; addresses are made from prefixes reversed once."""

    today: date
    calendar: WorkingCalendar
    child_at: Callable[[object], str]
    due_at: Callable[[object], str]
    escalation_at: Callable[[object], str]

    def child(self, row: Any) -> SafeString:
        name = child_link(row, self.child_at(row.uuid))
        return format_html("{} {}", name, status_tag(said, "info")) if (said := short_breaks(row)) else name

    def age(self, row: Any) -> int | str:
        return age(row.date_of_birth, self.today)

    def next(self, row: Any) -> str:
        review = row.next_review
        if review is None:
            return "No review planned"
        return f"{ordinal(review['number'])} {CYCLES[review['cycle']]}"

    def due(self, row: Any) -> SafeString | str:
        if row.next_due_on is None:
            return "Not known" if row.next_review else ""
        return link(short_day(row.next_due_on), self.due_at(row.next_review["duty"]))

    def booked(self, row: Any) -> SafeString | str:
        day = booked_for_on(row)
        if is_planned_too_late(day, row.next_due_on, self.today):
            return format_html("<span>{} {}</span>", short_day(day), TOO_LATE)
        return short_day(day) or "Not booked"

    def standing(self, row: Any) -> Standing:
        """Where the next review stands; not known where there is none."""
        if row.next_review is None:
            return Standing.NOT_KNOWN
        soon = as_day(row.next_review["due_soon_on"]) or self.today
        return standing(row.next_due_on, None, self.today, soon, planned_for_on=booked_for_on(row))

    def last(self, row: Any) -> SafeString | str:
        held, due = last_held_on(row), last_due_on(row)
        if held is None:
            return "None held"
        stood = standing(due, held, self.today, held, rule=row.last_review["rule"])
        late = format_html(" {}", standing_tag(stood)) if due and held > due else ""
        return format_html("<span>{}{}</span>", short_day(held), late)

    def escalation(self, row: Any) -> SafeString | str:
        if not row.may_read or not row.escalation:
            return ""
        opened = link(row.escalation["stage"], self.escalation_at(row.escalation["uuid"]))
        return format_html("<span>{}, {}</span>", opened, days_left(answer_due_on(row), self.today, self.calendar))

    def columns(self) -> list[Column]:
        """What every reader of a caseload sees."""
        return [
            *child_columns(self.child, of=lambda row: row, sort="sort_name", is_short=True),
            Column("breaks", "Short breaks", short_breaks, is_only_in_file=True),
            Column("age", "Age", self.age, sort="-date_of_birth", is_number=True),
            Column("next", "What is next", self.next, is_short=True),
            Column("due", "Due by", self.due, ("next_due_on", "sort_name"), is_short=True, value=next_due_on),
            Column("booked", "Booked for", self.booked, is_short=True, value=booked_for_on),
            Column(
                "standing",
                "Standing",
                lambda row: standing_tag(self.standing(row)),
                value=lambda row: standing_word(self.standing(row)),
            ),
            Column("last", "Last review", self.last, value=last_held_on),
            Column("last_due", "Last review due by", last_due_on, is_only_in_file=True),
        ]

    def columns_of_the_record(self, words: Mapping[str, str]) -> list[Column]:
        """What only they see who read records: empty in the rows of a child whose record is not theirs to read."""
        opened = say("Open {escalation}", words)
        return [
            Column("rag", "Last rating", lambda row: rag_tag(rating(row)), value=lambda row: rating(row).title()),
            Column("escalation", opened, self.escalation, value=stage),
            Column("answer", f"{opened}: answer due", answer_due_on, is_only_in_file=True),
        ]


def short_breaks(row: Any) -> str:
    """That a child is on short breaks only, or between two; "" for one looked after."""
    if not row.is_in_care:
        return "Between short breaks"
    return "On short breaks" if row.is_short_break else ""


def next_due_on(row: Any) -> date | None:
    """The day the next review is due by."""
    found: date | None = row.next_due_on
    return found


def booked_for_on(row: Any) -> date | None:
    """The day the next review is booked for."""
    return as_day(row.next_review and row.next_review["planned_for_on"])


def last_held_on(row: Any) -> date | None:
    """The day the last review was held."""
    return as_day(row.last_review and row.last_review["held_on"])


def last_due_on(row: Any) -> date | None:
    """The day the last review was due by."""
    return as_day(row.last_review and row.last_review["due_on"])


def rating(row: Any) -> str:
    """The code of the last rating; "" for none, or none to be read."""
    return (row.last_review["rag"] or "") if row.may_read and row.last_review else ""


def stage(row: Any) -> str:
    """The rung the most pressing escalation stands on; "" for none, or none to be read."""
    return row.escalation["stage"] if row.may_read and row.escalation else ""


def answer_due_on(row: Any) -> date | None:
    """The day its answer is due by."""
    return as_day(row.escalation["due_on"]) if row.may_read and row.escalation else None


def iro_name(row: Any) -> str:
    """The child's IRO; "" for none."""
    return " ".join(name for name in (row.iro_given_name, row.iro_family_name) if name)


def iro_cell(row: Any) -> SafeString | str:
    """The same on the screen, where nobody stands out."""
    return iro_name(row) or status_tag("No IRO", "bad")


def as_day(text: str | None) -> date | None:
    """A day out of JSON."""
    return date.fromisoformat(text) if text else None


def caseload_table(
    reach: Reach,
    today: date,
    calendar: WorkingCalendar,
    *,
    words: Mapping[str, str],
    empty: str,
    caption: str = "Children, by what is due first",
    name: str = "",
) -> Table:
    """The table for one day and one person's roles: ratings and escalations only for who may read them.

    `words` are the authority's; `empty` may hold places for them.
    """
    cells = Cells(
        today,
        calendar,
        address_of("dashboards:child"),
        address_of("duties:duty"),
        address_of("escalations:escalation"),
    )
    columns = cells.columns()
    if reach.may(ChildPermission.READ_RECORD):
        columns += cells.columns_of_the_record(words)
    if reach.sees_others_children:
        columns.append(Column("iro", "IRO", iro_cell, sort=BY_IRO, value=iro_name))
    return Table(
        columns=columns,
        caption=caption,
        empty=say(empty, words),
        per_page=ROWS_ON_A_PAGE,
        sorted_by="due",
        name=name,
    )
