"""Short lists for home pages: each line says what, how late or how soon, and whose move it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.access import visible
from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from authorities.words import say
from children.models import Allocation, Child
from dashboards.days import days_left
from dashboards.figures.columns import address_of
from duties.cells import how_late, shown
from duties.rules import is_planned_too_late
from escalations.cells import ANSWERED, COLOURS
from escalations.models import Escalation, Response
from escalations.querysets import EscalationQuerySet
from reviews.models import Decision, Review
from reviews.querysets import ReviewQuerySet
from screens.cells import short_day
from timescales import Standing, WorkingCalendar

OVERDUE = shown(Standing.OVERDUE)
MOST = 8  # lines of a short list
MOST_WORK = 50  # lines where the list is the work itself
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One line: who or what, with its page; what about it; whose move; the child whose record it shows."""

    title: str
    url: str
    text: str
    whose: str
    child_id: int
    tag: str = ""
    kind: str = "neutral"


@dataclass(frozen=True)
class ShortList:
    """A few lines under a heading; `more` says where the rest is, if there is more than is shown."""

    heading: str
    lines: list[Line]
    empty: str
    more_url: str = ""
    has_more: bool = False


@dataclass(frozen=True)
class Desk:
    """Whose page, when, counted by which calendar, in whose words."""

    viewer: Viewer
    calendar: WorkingCalendar
    words: Mapping[str, str]

    @property
    def today(self) -> date:
        """The day the lists are about."""
        return self.viewer.on

    def say(self, text: str) -> str:
        """The text with its places filled by the authority's words."""
        return say(text, self.words)

    def reviews(self) -> ReviewQuerySet:
        """Open reviews of looked-after children this person sees."""
        mine = Review.objects.open().filter(care_period__ends_on__isnull=True).visible_to(self.viewer)
        return mine.select_related("child", "duty")

    def escalations(self) -> EscalationQuerySet:
        """Open escalations this person may read."""
        return Escalation.objects.open().visible_to(self.viewer, ChildPermission.READ_RECORD).with_its_people()


def short_list(heading: str, lines: Iterable[Line], *, empty: str, more_url: str = "", most: int = MOST) -> ShortList:
    """The first lines, and whether there are more."""
    found = list(lines)
    return ShortList(heading, found[:most], empty, more_url, len(found) > most)


def with_reference(child: Child, text: str) -> str:
    """The text led by the child's reference, where the child is called by name: two may share one."""
    return f"{child.reference}. {text}" if str(child) != child.reference else text


def _line(
    review: Review, text: str, whose: str, tag: str = "", kind: str = "neutral", page: str = "reviews:review"
) -> Line:
    url = address_of(page)(review.uuid)
    said = with_reference(review.child, text)
    return Line(f"{review.child}: {review}", url, said, whose, review.child_id, tag, kind)


def this_week(desk: Desk) -> list[Line]:
    """Records to finish, then what is booked or due within seven days."""
    until = desk.today + WEEK
    soon = Q(duty__planned_for_on__lte=until) | Q(
        duty__planned_for_on__isnull=True, duty__due_on__range=(desk.today, until)
    )
    rows = desk.reviews().filter(soon).order_by("duty__planned_for_on", "duty__due_on", "pk")[: MOST + 1]
    return [_this_week(desk, row) for row in rows]


def _this_week(desk: Desk, row: Review) -> Line:
    due_on, planned_for_on = row.duty.due_on, row.duty.planned_for_on
    by = f"due by {short_day(due_on)}" if due_on else "due date not known"
    if planned_for_on is None:
        return _line(row, f"Not booked, {by}", "To book", "To book", "warn")
    if planned_for_on < desk.today:
        return _line(row, f"Was booked for {short_day(planned_for_on)}, {by}", "To record", "To record", "warn")
    when = "Today" if planned_for_on == desk.today else short_day(planned_for_on)
    return _line(row, f"{when}, {by}", "To hold", *(_too_late(desk, row) or ("Booked", "info")))


def _too_late(desk: Desk, row: Review) -> tuple[str, str] | None:
    is_too_late = is_planned_too_late(row.duty.planned_for_on, row.duty.due_on, desk.today)
    return ("Booked too late", "bad") if is_too_late else None


def late(desk: Desk, *, whose: str) -> list[Line]:
    """Overdue reviews and answers past their date, the longest late first. `whose` move an overdue review is."""
    reviews = desk.reviews().filter(duty__due_on__lt=desk.today).order_by("duty__due_on", "pk")[: MOST + 1]
    lines = [(row.duty.due_on, _overdue(desk, row, whose)) for row in reviews]
    answers: Any = desk.escalations().answer_overdue(desk.today).by_due()[: MOST + 1]
    lines += [(row.response_due_on, _answer_late(desk, row)) for row in answers]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0] or desk.today)]


def _overdue(desk: Desk, row: Review, whose: str) -> Line:
    assert row.duty.due_on  # only dated reviews are late
    late_by = how_late(row.duty.due_on, desk.today, desk.calendar)
    return _line(row, f"{late_by}, {_booked(row)}", whose, *OVERDUE)


def _booked(row: Review) -> str:
    planned_for_on = row.duty.planned_for_on
    return f"booked for {short_day(planned_for_on)}" if planned_for_on else "not booked"


def _answer_late(desk: Desk, row: Any) -> Line:
    left = days_left(row.response_due_on, desk.today, desk.calendar)
    return escalation_line(row, f"answer {left}", f"{row.stage.get_responder_role_display()} to answer", *OVERDUE)


def escalation_line(row: Escalation, text: str, whose: str, tag: str, kind: str) -> Line:
    """A line about a concern."""
    url = address_of("escalations:escalation")(row.uuid)
    said = with_reference(row.child, text[:1].upper() + text[1:])
    return Line(f"{row.child}: {row.stage.name}", url, said, whose, row.child_id, tag, kind)


def answers_that_came(desk: Desk) -> list[Line]:
    """Answers this person, as IRO, has yet to act on."""
    last = Response.objects.filter(step__escalation=OuterRef("pk")).order_by("-responded_at")
    rows = Escalation.objects.waiting_for_iro(desk.viewer).annotate(
        last_answer=Subquery(last.values("answer")[:1]), last_answer_on=Subquery(last.values("responded_on")[:1])
    )
    return [
        escalation_line(
            row,
            f"{ANSWERED.get(row.last_answer, 'Answered')} on {short_day(row.last_answer_on)}",
            "Resolve it or move it up",
            ANSWERED.get(row.last_answer, "Answered"),
            COLOURS.get(row.last_answer, "bad"),
        )
        for row in rows.order_by("last_answer_on", "pk")[: MOST + 1]
    ]


def coming(desk: Desk) -> list[Line]:
    """Reviews due or booked within thirty days, not yet late."""
    until = desk.today + MONTH
    within = (desk.today, until)
    rows = desk.reviews().filter(Q(duty__due_on__range=within) | Q(duty__planned_for_on__range=within))
    coming = rows.exclude(duty__due_on__lt=desk.today).order_by("duty__due_on", "pk")
    return [_coming(desk, row) for row in coming[: MOST + 1]]


def _coming(desk: Desk, row: Review) -> Line:
    by = f"Due by {short_day(row.duty.due_on)}" if row.duty.due_on else "Due date not known"
    return _line(row, f"{by}, {_booked(row)}", "IRO", *(_too_late(desk, row) or ()))


def promised(desk: Desk) -> list[Line]:
    """Actions this person promised in answers to concerns still open, by date."""
    mine = Response.objects.filter(
        responded_by=desk.viewer.user, step__escalation__status="OPEN", action_due_on__isnull=False
    )
    readable = visible(desk.viewer, mine, ChildPermission.READ_RECORD)
    rows = readable.select_related("child", "step__escalation").order_by("action_due_on", "pk")[: MOST + 1]
    return [_promised(desk, row) for row in rows]


def _promised(desk: Desk, row: Response) -> Line:
    url = address_of("escalations:escalation")(row.step.escalation.uuid)
    is_late = bool(row.action_due_on and row.action_due_on < desk.today)
    return Line(
        str(row.child), url, f"{row.action} By {short_day(row.action_due_on)}", "You", row.child_id,
        *(OVERDUE if is_late else ()),
    )  # fmt: skip


def to_book(desk: Desk) -> list[Line]:
    """Reviews that should have been booked by now, the earliest due first."""
    rows = desk.reviews().filter(duty__planned_for_on__isnull=True, duty__plan_by_on__lte=desk.today)
    return [_to_book(desk, row) for row in rows.by_what_is_due_first()[: MOST_WORK + 1]]


def _to_book(desk: Desk, row: Review) -> Line:
    is_late = row.duty.due_on is not None and row.duty.due_on < desk.today
    tag = OVERDUE if is_late else ("To book", "warn")
    return _line(row, _due_by(desk, row), "You or the IRO", *tag, page="reviews:book")


def _due_by(desk: Desk, row: Review) -> str:
    return f"Due by {short_day(row.duty.due_on)}{_best_by(desk, row)}"


def _best_by(desk: Desk, row: Review) -> str:
    """The day the authority would have it held by, while that can still be."""
    act_by_on = row.duty.act_by_on
    return f", best held by {short_day(act_by_on)}" if act_by_on and act_by_on >= desk.today else ""


def due_soon_unbooked(desk: Desk) -> list[Line]:
    """Reviews due within thirty days that nobody has booked, though there is still time."""
    rows = desk.reviews().filter(
        duty__planned_for_on__isnull=True, duty__plan_by_on__gt=desk.today, duty__due_on__lte=desk.today + MONTH
    )
    return [
        _line(row, _due_by(desk, row), "You or the IRO", page="reviews:book")
        for row in rows.by_what_is_due_first()[: MOST + 1]
    ]


def next_reviews(desk: Desk) -> list[Line]:
    """The next review of each of this person's children."""
    return [_coming(desk, row) for row in desk.reviews().by_what_is_due_first()[: MOST_WORK + 1]]


def decisions_due(desk: Desk) -> list[Line]:
    """Decisions still owed about children looked after, by their date."""
    rows = (
        Decision.objects.open()
        .filter(review__care_period__ends_on__isnull=True)
        .visible_to(desk.viewer, ChildPermission.READ_RECORD)
        .select_related("child", "review")
        .order_by("duty__due_on", "pk")[: MOST_WORK + 1]
    )
    return [_decision(desk, row) for row in rows]


def _decision(desk: Desk, row: Decision) -> Line:
    is_late = row.duty.due_on is not None and row.duty.due_on < desk.today
    return Line(
        f"{row.child}: {row.text}",
        address_of("reviews:review")(row.review.uuid),
        f"{row.owner}, by {short_day(row.duty.due_on)}",
        row.owner,
        row.child_id,
        *(OVERDUE if is_late else ()),
    )


def unallocated(desk: Desk) -> list[Line]:
    """Looked-after children without an IRO, the longest looked after first."""
    live = Allocation.objects.live().filter(child=OuterRef("pk"), kind=Allocation.Kind.IRO)
    rows = Child.objects.visible_to(desk.viewer).looked_after().filter(~Exists(live))
    address = address_of("children:people")
    found: Any = rows.order_by("care_periods__starts_on", "pk").values_list(
        "pk", "uuid", "given_name", "family_name", "reference", "care_periods__starts_on"
    )[: MOST + 1]
    return [
        Line(
            f"{given} {family}".strip() or reference,
            address(uuid),
            f"Looked after since {short_day(since)}",
            "You to allocate",
            pk,
            "No IRO",
            "bad",
        )
        for pk, uuid, given, family, reference, since in found
    ]


def stuck(desk: Desk) -> list[Line]:
    """Concerns whose answer is past its date, or came more than a week ago and has not been acted on."""
    last = Response.objects.filter(step__escalation=OuterRef("pk")).order_by("-responded_at")
    rows = (
        desk.escalations()
        .annotate(last_answer_on=Subquery(last.values("responded_on")[:1]))
        .filter(
            Q(response_due_on__lt=desk.today) | Q(response_due_on__isnull=True, last_answer_on__lt=desk.today - WEEK)
        )
        .by_due()[: MOST + 1]
    )
    return [_stuck(desk, row) for row in rows]


def _stuck(desk: Desk, row: Any) -> Line:
    if row.response_due_on:
        return _answer_late(desk, row)
    return escalation_line(row, f"answered on {short_day(row.last_answer_on)}", "IRO to act", "Not acted on", "warn")
