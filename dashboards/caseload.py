"""The caseload: a child to a row, by what is due first, read in one query however many there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from authorities.words import say
from children.cells import child_link
from children.models import Child
from duties.cells import standing_tag
from duties.rules import is_planned_too_late
from escalations.models import Escalation
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
REVIEW_FACTS = {
    "uuid": "uuid",
    "number": "number",
    "cycle": "cycle",
    "duty": "duty__uuid",
    "due_on": "duty__due_on",
    "due_soon_on": "duty__due_soon_on",
    "planned_for_on": "duty__planned_for_on",
}
OF_THE_CHILD = {"child": OuterRef("pk")}


def caseload_rows(viewer: Viewer, reach: Reach) -> QuerySet[Any]:
    """Every looked-after child this person sees, with what is next and what is open, in one query.

    `may_read` says of each row whether its ratings and escalations may be shown to this person.
    """
    next_review = _next_review()
    return (
        Child.objects.visible_to(viewer)
        .looked_after()
        .annotate(
            iro=FilteredRelation("allocations", condition=Q(allocations__kind="IRO", allocations__ends_on=None)),
        )
        .annotate(
            next_due_on=Subquery(next_review.values("duty__due_on")[:1]),
            next_review=Subquery(next_review.values(facts=_review_facts())[:1]),
            iro_given_name=F("iro__user__first_name"),
            iro_family_name=F("iro__user__last_name"),
            may_read=_may_read(viewer, reach),
            **_what_the_record_says(reach),
        )
        .only("pk", "uuid", "reference", "given_name", "family_name", "date_of_birth")
    )


def _next_review() -> QuerySet[Review]:
    mine = Review.objects.open().filter(care_period__ends_on__isnull=True, **OF_THE_CHILD)
    return mine.order_by(F("duty__due_on").asc(nulls_last=True), "pk")


def _review_facts() -> JSONObject:
    return JSONObject(**REVIEW_FACTS)


def _last_held() -> QuerySet[Review]:
    return Review.objects.held().filter(**OF_THE_CHILD).order_by("-held_on", "-pk")


def _what_the_record_says(reach: Reach) -> dict[str, Subquery]:
    """Subqueries for the last review and the most pressing escalation; nothing for who may not read them."""
    last = _last_held().values(facts=JSONObject(held_on="held_on", due_on="duty__due_on", rag="rag"))[:1]
    if not reach.may(ChildPermission.READ_RECORD):
        return {"last_review": Subquery(last)}
    pressing = Escalation.objects.open().filter(**OF_THE_CHILD).by_due()
    facts = JSONObject(uuid="uuid", stage="stage__name", due_on="response_due_on")
    return {"last_review": Subquery(last), "escalation": Subquery(pressing.values(facts=facts)[:1])}


def _may_read(viewer: Viewer, reach: Reach) -> Any:
    if reach.reads_all_it_sees:
        return Value(True, output_field=BooleanField())
    return Exists(Child.objects.filter(pk=OuterRef("pk")).visible_to(viewer, ChildPermission.READ_RECORD))


def narrowed(rows: QuerySet[Any], chosen: Mapping[str, str], today: date) -> QuerySet[Any]:
    """The rows that meet the filters, each a key of `forms.CaseloadFilter`."""
    if "standing" in chosen:
        rows = _of_standing(rows, chosen["standing"], today)
    if "iro" in chosen:
        rows = (
            rows.filter(iro__isnull=True) if chosen["iro"] == "none" else rows.filter(iro__user__uuid=chosen["iro"])
        )
    if "team" in chosen:
        team = FilteredRelation("team_allocations", condition=Q(team_allocations__ends_on=None))
        rows = rows.annotate(team_now=team).filter(team_now__team__name=chosen["team"])
    if "rag" in chosen:
        rated = rows.annotate(last_rag=Subquery(_last_held().values("rag")[:1]))
        rows = rated.filter(last_rag=chosen["rag"], may_read=True)
    return rows


def _of_standing(rows: QuerySet[Any], asked: str, today: date) -> QuerySet[Any]:
    rows = rows.annotate(next_due_soon_on=Subquery(_next_review().values("duty__due_soon_on")[:1]))
    last = _last_held().annotate(was_late=Q(held_on__gt=F("duty__due_on")))
    where = {
        "overdue": Q(next_due_on__lt=today),
        "due-soon": Q(next_due_on__gte=today, next_due_soon_on__lte=today),
        "not-due": Q(next_due_on__gte=today, next_due_soon_on__gt=today),
        "not-known": Q(next_due_on__isnull=True),
        "met-late": Q(is_last_late=True),
    }[asked]
    if asked == "met-late":
        rows = rows.annotate(is_last_late=Subquery(last.values("was_late")[:1]))
    return rows.filter(where)


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
        return child_link(row, self.child_at(row.uuid))

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
        planned_for_on = as_day(row.next_review and row.next_review["planned_for_on"])
        if is_planned_too_late(planned_for_on, row.next_due_on, self.today):
            return format_html("<span>{} {}</span>", short_day(planned_for_on), TOO_LATE)
        return short_day(planned_for_on) or "Not booked"

    def standing(self, row: Any) -> SafeString | str:
        if row.next_review is None:
            return standing_tag(Standing.NOT_KNOWN)
        soon = as_day(row.next_review["due_soon_on"]) or self.today
        return standing_tag(standing(row.next_due_on, None, self.today, soon))

    def last(self, row: Any) -> SafeString | str:
        if not row.last_review:
            return "None held"
        held, due = as_day(row.last_review["held_on"]), as_day(row.last_review["due_on"])
        late = format_html(" {}", standing_tag(Standing.MET_LATE)) if held and due and held > due else ""
        return format_html("<span>{}{}</span>", short_day(held), late)

    def rag(self, row: Any) -> SafeString | str:
        return rag_tag(row.last_review["rag"]) if row.may_read and row.last_review else ""

    def escalation(self, row: Any) -> SafeString | str:
        if not row.may_read or not row.escalation:
            return ""
        opened = link(row.escalation["stage"], self.escalation_at(row.escalation["uuid"]))
        return format_html(
            "<span>{}, {}</span>", opened, days_left(as_day(row.escalation["due_on"]), self.today, self.calendar)
        )

    def iro(self, row: Any) -> SafeString | str:
        names = (row.iro_given_name, row.iro_family_name)
        return " ".join(name for name in names if name) or status_tag("No IRO", "bad")


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
    reads = reach.may(ChildPermission.READ_RECORD)
    columns = [
        Column("child", "Child", cells.child, sort="sort_name", is_short=True),
        Column("age", "Age", cells.age, sort="-date_of_birth", is_number=True),
        Column("next", "What is next", cells.next, is_short=True),
        Column("due", "Due by", cells.due, sort=("next_due_on", "sort_name"), is_short=True),
        Column("booked", "Booked for", cells.booked, is_short=True),
        Column("standing", "Standing", cells.standing),
        Column("last", "Last review", cells.last),
        *([Column("rag", "Last rating", cells.rag)] if reads else []),
        *([Column("escalation", say("Open {escalation}", words), cells.escalation)] if reads else []),
        *([Column("iro", "IRO", cells.iro, sort=BY_IRO)] if reach.sees_others_children else []),
    ]
    return Table(
        columns=columns,
        caption=caption,
        empty=say(empty, words),
        per_page=ROWS_ON_A_PAGE,
        sorted_by="due",
        name=name,
    )
