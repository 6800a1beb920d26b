"""Short lists for home pages: each line says what, how late or how soon, and whose move it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.access import visible
from accounts.models import User
from accounts.roles import ChildPermission
from authorities.words import say
from children.models import Allocation, Child
from dashboards.days import days_left, how_late, is_booked_too_late
from dashboards.figures.columns import address_of
from escalations.models import Escalation, Response
from escalations.querysets import EscalationQuerySet
from reviews.models import Decision, Review
from reviews.querysets import ReviewQuerySet
from screens.cells import short_day
from timescales import WorkingCalendar

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
    """Whose page, on which day, counted by which calendar, in whose words."""

    user: User
    today: date
    calendar: WorkingCalendar
    words: Mapping[str, str]

    def say(self, text: str) -> str:
        """The text with its places filled by the authority's words."""
        return say(text, self.words)

    def reviews(self) -> ReviewQuerySet:
        """Open reviews of looked-after children this person sees."""
        mine = Review.objects.open().filter(care_period__ends_on__isnull=True).visible_to(self.user)
        return mine.select_related("child")

    def escalations(self) -> EscalationQuerySet:
        """Open escalations this person may read."""
        return Escalation.objects.open().visible_to(self.user, ChildPermission.READ_RECORD).with_its_people()


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
    soon = Q(booked_for_on__lte=until) | Q(booked_for_on__isnull=True, due_on__range=(desk.today, until))
    rows = desk.reviews().filter(soon).order_by("booked_for_on", "due_on", "pk")[: MOST + 1]
    return [_this_week(desk, row) for row in rows]


def _this_week(desk: Desk, row: Review) -> Line:
    last = f"last lawful day {short_day(row.due_on)}" if row.due_on else "last lawful day not known"
    if row.booked_for_on is None:
        return _line(row, f"Not booked, {last}", "To book", "To book", "warn")
    if row.booked_for_on < desk.today:
        return _line(row, f"Was booked for {short_day(row.booked_for_on)}, {last}", "To record", "To record", "warn")
    when = "Today" if row.booked_for_on == desk.today else short_day(row.booked_for_on)
    return _line(row, f"{when}, {last}", "To hold", *(_too_late(desk, row) or ("Booked", "info")))


def _too_late(desk: Desk, row: Review) -> tuple[str, str] | None:
    return ("Booked too late", "bad") if is_booked_too_late(row.booked_for_on, row.due_on, desk.today) else None


def late(desk: Desk, *, whose: str) -> list[Line]:
    """Overdue reviews and answers past their date, the longest late first. `whose` move an overdue review is."""
    reviews = desk.reviews().filter(due_on__lt=desk.today).order_by("due_on", "pk")[: MOST + 1]
    lines = [(row.due_on, _overdue(desk, row, whose)) for row in reviews]
    answers = desk.escalations().filter(response_due_on__lt=desk.today).by_due()[: MOST + 1]
    lines += [(row.response_due_on, _answer_late(desk, row)) for row in answers]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0] or desk.today)]


def _overdue(desk: Desk, row: Review, whose: str) -> Line:
    assert row.due_on  # only dated reviews are late
    booked = f"booked for {short_day(row.booked_for_on)}" if row.booked_for_on else "not booked"
    return _line(row, f"{how_late(row.due_on, desk.today, desk.calendar)}, {booked}", whose, "Overdue", "bad")


def _answer_late(desk: Desk, row: Escalation) -> Line:
    left = days_left(row.response_due_on, desk.today, desk.calendar)
    return escalation_line(
        row, f"answer {left}", f"{row.stage.get_responder_role_display()} to answer", "Late", "bad"
    )


def escalation_line(row: Escalation, text: str, whose: str, tag: str, kind: str) -> Line:
    """A line about a concern."""
    url = address_of("escalations:escalation")(row.uuid)
    said = with_reference(row.child, text[:1].upper() + text[1:])
    return Line(f"{row.child}: {row.stage.name}", url, said, whose, row.child_id, tag, kind)


def answers_that_came(desk: Desk) -> list[Line]:
    """Answers this person, as IRO, has yet to act on."""
    last = Response.objects.filter(step__escalation=OuterRef("pk")).order_by("-responded_at")
    rows = Escalation.objects.waiting_for_iro(desk.user).annotate(
        last_answer=Subquery(last.values("answer")[:1]), last_answer_on=Subquery(last.values("responded_on")[:1])
    )
    return [
        escalation_line(
            row,
            f"{_answered(row.last_answer)} on {short_day(row.last_answer_on)}",
            "Resolve it or move it up",
            _answered(row.last_answer),
            {"ACCEPTED": "good", "PART_ACCEPTED": "warn"}.get(row.last_answer or "", "bad"),
        )
        for row in rows.order_by("last_answer_on", "pk")[: MOST + 1]
    ]


def _answered(answer: str | None) -> str:
    return {"ACCEPTED": "Accepted", "PART_ACCEPTED": "Accepted in part", "CONTESTED": "Contested"}.get(
        answer or "", "Answered"
    )


def coming(desk: Desk) -> list[Line]:
    """Reviews due or booked within thirty days, not yet late."""
    until = desk.today + MONTH
    rows = desk.reviews().filter(Q(due_on__range=(desk.today, until)) | Q(booked_for_on__range=(desk.today, until)))
    return [_coming(desk, row) for row in rows.exclude(due_on__lt=desk.today).order_by("due_on", "pk")[: MOST + 1]]


def _coming(desk: Desk, row: Review) -> Line:
    booked = f"booked for {short_day(row.booked_for_on)}" if row.booked_for_on else "not booked"
    return _line(row, f"Last lawful day {short_day(row.due_on)}, {booked}", "IRO", *(_too_late(desk, row) or ()))


def promised(desk: Desk) -> list[Line]:
    """Actions this person promised in answers to concerns still open, by date."""
    mine = Response.objects.filter(
        responded_by=desk.user, step__escalation__status="OPEN", action_due_on__isnull=False
    )
    readable = visible(desk.user, mine, ChildPermission.READ_RECORD)
    rows = readable.select_related("child", "step__escalation").order_by("action_due_on", "pk")[: MOST + 1]
    return [_promised(desk, row) for row in rows]


def _promised(desk: Desk, row: Response) -> Line:
    url = address_of("escalations:escalation")(row.step.escalation.uuid)
    is_late = bool(row.action_due_on and row.action_due_on < desk.today)
    return Line(
        str(row.child), url, f"{row.action} By {short_day(row.action_due_on)}", "You", row.child_id,
        "Past its date" if is_late else "", "bad" if is_late else "neutral",
    )  # fmt: skip


def to_book(desk: Desk) -> list[Line]:
    """Reviews that should have been booked by now, the earliest last lawful day first."""
    rows = desk.reviews().filter(booked_for_on__isnull=True, unbooked_on__lte=desk.today)
    return [
        _line(
            row,
            f"Last lawful day {short_day(row.due_on)}{_best_by(desk, row)}",
            "You or the IRO",
            "Overdue" if row.due_on and row.due_on < desk.today else "To book",
            "bad" if row.due_on and row.due_on < desk.today else "warn",
            page="reviews:book",
        )
        for row in rows.by_what_is_due_first()[: MOST_WORK + 1]
    ]


def _best_by(desk: Desk, row: Review) -> str:
    """The day the authority would have it held by, while that can still be."""
    return f", best held by {short_day(row.book_by_on)}" if row.book_by_on and row.book_by_on >= desk.today else ""


def due_soon_unbooked(desk: Desk) -> list[Line]:
    """Reviews with a last lawful day within thirty days that nobody has booked, though there is still time."""
    until = desk.today + MONTH
    rows = desk.reviews().filter(booked_for_on__isnull=True, unbooked_on__gt=desk.today, due_on__lte=until)
    return [
        _line(
            row,
            f"Last lawful day {short_day(row.due_on)}{_best_by(desk, row)}",
            "You or the IRO",
            page="reviews:book",
        )
        for row in rows.by_what_is_due_first()[: MOST + 1]
    ]


def next_reviews(desk: Desk) -> list[Line]:
    """The next review of each of this person's children."""
    return [_coming(desk, row) for row in desk.reviews().by_what_is_due_first()[: MOST_WORK + 1]]


def decisions_due(desk: Desk) -> list[Line]:
    """Decisions of each child's last review held, by their date."""
    later = Review.objects.held().filter(child=OuterRef("child"), held_on__gt=OuterRef("review__held_on"))
    rows = (
        Decision.objects.filter(~Exists(later), review__care_period__ends_on__isnull=True)
        .visible_to(desk.user, ChildPermission.READ_RECORD)
        .select_related("child", "review")
        .order_by("due_on", "pk")[: MOST_WORK + 1]
    )
    address = address_of("reviews:review")
    return [
        Line(
            f"{row.child}: {row.text}",
            address(row.review.uuid),
            f"{row.owner}, by {short_day(row.due_on)}",
            row.owner,
            row.child_id,
            "Past its date" if row.due_on < desk.today else "",
            "bad",
        )
        for row in rows
    ]


def unallocated(desk: Desk) -> list[Line]:
    """Looked-after children without an IRO, the longest looked after first."""
    live = Allocation.objects.live().filter(child=OuterRef("pk"), kind=Allocation.Kind.IRO)
    rows = Child.objects.visible_to(desk.user).looked_after().filter(~Exists(live))
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
