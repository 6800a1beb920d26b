"""Short lists for home pages: each line says what, how late or how soon, and whose move it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When, Window
from django.urls import reverse
from django.utils.text import capfirst

from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from authorities.words import say
from children.models import Child
from dashboards.caseload import children_in_caseload
from dashboards.days import days_left
from dashboards.figures.columns import address_of
from duties.cells import how_late, shown
from duties.models import Duty
from duties.rules import is_planned_too_late
from escalations.cells import ANSWERED, COLOURS
from escalations.models import Escalation, Response
from escalations.querysets import EscalationQuerySet
from reviews.cells import answers_for
from reviews.models import Decision, Review
from reviews.querysets import DecisionQuerySet, ReviewQuerySet
from screens.cells import moment, short_day
from screens.components import Link
from timescales import Standing, WorkingCalendar

OVERDUE = shown(Standing.OVERDUE)
BOOKED_TOO_LATE = shown(Standing.BOOKED_TOO_LATE)
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
    """A few lines under a heading; `more` leads to all of them, if there are more than are shown."""

    heading: str
    lines: list[Line]
    empty: str
    more: tuple[Link, ...] = ()  # together they open all that the list counts
    has_more: bool = False
    total: int | None = None  # how many there are, where that was counted


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
        mine = Review.objects.owed().visible_to(self.viewer)
        return mine.select_related("child", "duty")

    def escalations(self) -> EscalationQuerySet:
        """Open escalations this person may read."""
        return Escalation.objects.open().visible_to(self.viewer, ChildPermission.READ_RECORD).with_its_people()


def short_list(
    heading: str,
    lines: Iterable[Line],
    *,
    empty: str,
    more_url: str = "",
    more: Sequence[Link] = (),
    most: int = MOST,
    total: int | None = None,
) -> ShortList:
    """The first lines, and whether there are more."""
    found = list(lines)
    links = more or ((Link("See all", more_url),) if more_url else ())
    return ShortList(heading, found[:most], empty, tuple(links), len(found) > most, total)


def with_reference(child: Child, text: str) -> str:
    """The text led by the child's reference, where the child is called by name: two may share one."""
    return f"{child.reference}. {text}" if str(child) != child.reference else text


def _line(
    review: Review, text: str, whose: str, tag: str = "", kind: str = "neutral", page: str = "reviews:review"
) -> Line:
    url = address_of(page)(review.uuid)
    said = with_reference(review.child, text)
    return Line(f"{review.child}: {review}", url, said, whose, review.child_id, tag, kind)


def records_to_finish(desk: Desk) -> list[ShortList]:
    """Reviews this person has begun to write up, the longest left first; no list where there are none."""
    begun: Any = Review.objects.visible_to(desk.viewer, ChildPermission.RECORD).begun_by(desk.viewer.user)
    rows: list[Any] = list(begun.select_related("child", "duty").order_by("draft_saved_at", "pk")[: MOST_WORK + 1])
    lines = [
        _line(row, f"Saved {moment(row.draft_saved_at)}", "You", "To finish", "warn", page="reviews:record")
        for row in rows
    ]
    return [short_list("Records to finish", lines, empty="", most=MOST_WORK)] if lines else []


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
    return BOOKED_TOO_LATE if is_too_late else None


def late(desk: Desk, heading: str, *, whose: str) -> ShortList:
    """Reviews booked too late, which can still be mended, then those overdue and answers past their date.

    The longest late first. `whose` move a review is.
    """
    by_what_can_be_mended = Case(When(duty__due_on__lt=desk.today, then=Value(1)), default=Value(0))
    rows = desk.reviews().standing_at("LATE", desk.today)
    reviews = rows.order_by(by_what_can_be_mended, "duty__due_on", "pk")[: MOST + 1]
    lines = [(_late_order(desk, row.duty.due_on), _overdue(desk, row, whose)) for row in reviews]
    answers: Any = desk.escalations().answer_overdue(desk.today).by_due()[: MOST + 1]
    lines += [((1, row.response_due_on), _answer_late(desk, row)) for row in answers]
    return short_list(
        heading,
        [line for _, line in sorted(lines, key=itemgetter(0))],
        empty="No review is overdue or booked too late, and no answer is past its date.",
        more=[
            Link("See all reviews", f"{reverse('reviews:list')}?standing=LATE"),
            Link("See all answers", f"{reverse('escalations:list')}?waiting=late"),
        ],
    )


def _late_order(desk: Desk, due_on: date | None) -> tuple[int, date]:
    assert due_on  # only dated reviews are late
    return (1 if due_on < desk.today else 0, due_on)


def _overdue(desk: Desk, row: Review, whose: str) -> Line:
    assert row.duty.due_on  # only dated reviews are late
    if row.duty.due_on >= desk.today:
        said = f"due by {short_day(row.duty.due_on)}, {_booked(row)}"
        return _line(row, said[:1].upper() + said[1:], whose, *BOOKED_TOO_LATE, page="reviews:book")
    late_by = how_late(row.duty.due_on, desk.today, desk.calendar)
    return _line(row, f"{late_by}, {_booked(row)}", whose, *OVERDUE)


def _booked(row: Review) -> str:
    planned_for_on = row.duty.planned_for_on
    return f"booked for {short_day(planned_for_on)}" if planned_for_on else "not booked"


def _answer_late(desk: Desk, row: Any) -> Line:
    left = days_left(row.response_due_on, desk.today, desk.calendar)
    return escalation_line(row, f"answer {left}", f"{capfirst(row.stage.role_name)} to answer", *OVERDUE)


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
    """What this person promised in an answer and nobody has said to be done, by date, resolved or not."""
    mine = Response.objects.visible_to(desk.viewer, ChildPermission.READ_RECORD).filter(responded_by=desk.viewer.user)
    return [_promised(desk, row) for row in mine.still_promised()[: MOST + 1]]


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


def decisions_to_do(desk: Desk) -> ShortList:
    """What reviews decided that this person answers for, by its date."""
    mine = Decision.objects.visible_to(desk.viewer, ChildPermission.MARK).owed_by(
        desk.viewer.user, Duty.objects.open()
    )
    return _decisions(
        desk,
        mine,
        "Mine to do",
        empty="No decision of a review waits for you.",
        more="whose=me",
        most=MOST_WORK,
    )


def decisions_past_their_date(desk: Desk) -> ShortList:
    """What reviews decided about this person's children that was to be done by now."""
    late = Decision.objects.visible_to(desk.viewer, ChildPermission.READ_RECORD).filter(duty__due_on__lt=desk.today)
    return _decisions(
        desk,
        late,
        "Decisions past their date",
        empty="No decision is past its date: each is done, no longer right, or still has time.",
        more="standing=OVERDUE",
    )


def _decisions(
    desk: Desk, rows: DecisionQuerySet, heading: str, *, empty: str, more: str, most: int = MOST
) -> ShortList:
    counted = rows.open().select_related("child").annotate(total=Window(Count("pk")))
    found: list[Any] = list(counted.order_by("duty__due_on", "pk")[: most + 1])
    return short_list(
        heading,
        [_decision(desk, row) for row in found],
        empty=empty,
        more_url=f"{reverse('reviews:decisions')}?{more}",
        most=most,
        total=found[0].total if found else 0,
    )


def _decision(desk: Desk, row: Decision) -> Line:
    is_late = row.duty.due_on is not None and row.duty.due_on < desk.today
    return Line(
        f"{row.child}: {row.text}",
        address_of("reviews:decision")(row.uuid),
        with_reference(row.child, f"By {short_day(row.duty.due_on)}"),
        answers_for(row),
        row.child_id,
        *(OVERDUE if is_late else ()),
    )


def unallocated(desk: Desk) -> list[Line]:
    """Children in the caseload without an IRO, the longest looked after first."""
    rows = children_in_caseload(desk.viewer).filter(iro__isnull=True)
    address = address_of("children:people")
    found: Any = rows.order_by(F("care__starts_on").asc(nulls_last=True), "pk").values_list(
        "pk", "uuid", "given_name", "family_name", "reference", "care__starts_on"
    )[: MOST + 1]
    return [
        Line(
            f"{given} {family}".strip() or reference,
            address(uuid),
            f"Looked after since {short_day(since)}" if since else "Between short breaks",
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
