"""One review to read: what was recorded, its dates, what may be done now."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import SignedInRequest, viewer_in, words_in
from audit.models import BusinessEvent
from duties.cells import duty_standing, standing_tag
from duties.clocks import Clock
from duties.explaining import working_of
from duties.models import Duty
from screens.cells import day, link, moment
from screens.components import Event, SummaryRow
from screens.pages import page
from timescales import Standing

from .. import permissions
from ..cells import decision_tag
from ..explaining import papers_after, working_days_late
from ..models import Decision, DecisionOutcome, Review, ReviewDraft
from .corrections import corrections
from .opening import cancelled_words, opened_review, to
from .outcomes import outcome_rows, outcomes, told_of_decisions

VERBS = {
    "review.scheduled": "Review scheduled",
    "review.booked": "Review booked",
    "review.unbooked": "Booking taken away",
    "review.redated": "Dates worked out again",
    "duty.redated": "Dates worked out again",
    "review.recorded": "Review recorded",
    "review.cancelled": "Review cancelled",
    "review.imported": "Came with a return",
    "review.found": "Last review found",
    "review.corrected": "Record corrected",
    "review.gone_to_another_child": "Found to be about another child",
    "review.come_from_another_child": "Came from the record of another child",
}
DETAILS = {
    "due_on": "due by {}",
    "was_due_on": "was {}",
    "booked_for_on": "booked for {}",
    "was_for_on": "was booked for {}",
    "held_on": "held on {}",
    "was_held_on": "was recorded as held on {}",
    "next_due_on": "next review due by {}",
}


@page("a review")
@require_safe
def review(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What stands in one review; its words only for those who may read the record."""
    found, viewer = opened_review(request, uuid), viewer_in(request)
    may_read = permissions.may_read_record(viewer, found)
    may_record = permissions.may_record(viewer, found)
    came_of_it = outcome_rows(found, words_in(request)) if may_read else []
    context = {
        "review": found,
        "dates": date_rows(found, viewer.on),
        "recorded": [*recorded_rows(found, may_read), *came_of_it],
        "decisions": decided(found, viewer.on) if may_read else [],
        "may_read_record": may_read,
        "may_record": may_record and found.is_recordable,
        "may_find": may_record and found.is_open and not found.duty.due_on,
        "cancelled": cancelled_words(found) if found.duty.closed_at else "",
        "may_schedule": found.is_open and permissions.may_schedule(viewer, found),
        "may_correct": permissions.may_correct(viewer, found),
        "corrections": corrections(found, viewer),
        "draft": ReviewDraft.objects.of(found.pk, request.user.pk).first() if may_record else None,
        "history": history(found),
    }
    return render(request, "reviews/review.html", context)


@page("a review just recorded")
@require_safe
def recorded(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What recording a review led to: by when the next one is due, and what is left to do."""
    found, viewer = opened_review(request, uuid), viewer_in(request)
    if found.held_on is None:
        return to("reviews:review", found)
    following = Review.objects.visible_to(viewer).following(found).first()
    may_read = permissions.may_read_record(viewer, found)
    working = working_of(following.duty, Clock.of(found.authority_id, viewer.on)) if following else None
    context = {
        "review": found,
        "following": following,
        "sentences": working.sentences() if working else [],
        "papers": papers_after(review=found),
        "may_schedule": permissions.may_schedule(viewer, found),
        "has_rating": may_read and found.rag,
        "outcomes": outcomes(found, viewer) if may_read else [],
        "told": told_of_decisions(found) if may_read else [],
    }
    return render(request, "reviews/recorded.html", context)


def decided(found: Review, on: date) -> list[tuple[Decision, SafeString]]:
    """What a review decided, each with what came of it."""
    rows = found.decisions.with_duties().with_outcomes(DecisionOutcome.objects.all())
    return [(row, decision_tag(row, on)) for row in rows]


def date_rows(found: Review, today: date) -> list[SummaryRow]:
    """Where the review stands, and each date that matters while it is open."""
    duty = found.duty
    if duty.closed_on:
        return [SummaryRow("Standing", standing_tag(Standing.CLOSED)), SummaryRow("Was due by", _explained(duty))]
    where = duty_standing(duty, today)
    rows = [
        SummaryRow("Standing", standing_tag(where)),
        SummaryRow("Due by", _explained(duty)),
    ]
    if found.held_on:
        return [*rows, SummaryRow("Held on", day(found.held_on)), *_late(found)]
    return [
        *rows,
        SummaryRow("Last working day on or before it", day(duty.last_safe_on) or "Not known"),
        SummaryRow("Book it for this day or earlier", _book_by(duty, today)),
        SummaryRow("Booked for", _booked(found)),
    ]


def _book_by(duty: Duty, today: date) -> str:
    """The authority's day to have it held by, while that can still be."""
    if duty.act_by_on is None:
        return "Not known"
    return "As soon as you can: that day has passed" if duty.act_by_on < today else day(duty.act_by_on)


def _late(found: Review) -> list[SummaryRow]:
    late = working_days_late(review=found)
    return [SummaryRow("Working days late", late)] if late else []


def _booked(found: Review) -> str:
    duty = found.duty
    if duty.planned_for_on is None:
        return "Not booked yet"
    return f"{day(duty.planned_for_on)} (booked by {duty.planned_by}, {moment(duty.planned_at)})"


def _explained(duty: Duty) -> str:
    """The due date, leading to its working."""
    return link(
        day(duty.due_on) or "Not known", reverse("duties:duty", args=[duty.uuid]), hidden=": how it was found"
    )


def recorded_rows(found: Review, may_read: bool) -> list[SummaryRow]:
    """What was recorded, for those who may read it; for others only by whom and when."""
    if found.held_on is None:
        return []
    rows = [SummaryRow("Recorded by", _recorded_by(found))]
    if found.evidence and may_read:
        rows.append(SummaryRow("Where its day was found", linebreaksbr(found.evidence)))
    if not may_read:
        return rows
    participation = found.participation and f"{found.participation}: {found.get_participation_display()}"
    told = [
        ("How the child took part", participation),
        ("What the child said or showed", linebreaksbr(found.childs_views)),
        ("What was discussed", linebreaksbr(found.discussion)),
        ("Rating", found.get_rag_display()),
        ("Why", linebreaksbr(found.rag_reason)),
    ]
    return [*rows, *(SummaryRow(key, value) for key, value in told if value)]


def _recorded_by(found: Review) -> str:
    if found.recorded_by:
        return f"{found.recorded_by}, {moment(found.recorded_at)}"
    came_from = "from a return" if found.source == Review.Source.RETURN else found.get_source_display()
    return f"Not recorded here: its day is known {came_from}"


def history(found: Review) -> list[Event]:
    """What was done to the review and by whom, newest first."""
    return [
        Event(title=VERBS.get(event.verb, event.verb), when=event.at, text=_told(event.detail), by=by)
        for event, by in _acts_on(found)
    ]


def _acts_on(found: Review) -> list[tuple[BusinessEvent, str]]:
    """The acts with who did each; the product itself where nobody is named."""
    subjects = ((row._meta.label, row.pk) for row in (found, found.duty))
    events = list(BusinessEvent.objects.of_child(found.child_id).of_subjects(subjects))
    names = {person.pk: str(person) for person in User.objects.filter(pk__in={event.actor_id for event in events})}
    return [(event, names.get(event.actor_id or 0, "the service")) for event in events]


def _told(detail: dict[str, str | None]) -> str:
    said = [
        words.format(day(date.fromisoformat(stored)))
        for name, words in DETAILS.items()
        if (stored := detail.get(name))
    ]
    sentence = ", ".join(said)
    return sentence[:1].upper() + sentence[1:]
