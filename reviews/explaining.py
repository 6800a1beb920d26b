"""What is to be written after a review, and how late one was; nothing is changed by asking."""

from collections.abc import Sequence
from datetime import date

from authorities.models import CalendarDay
from timescales import (
    DECISIONS_WRITTEN,
    RECORD_COMPLETED,
    RECORD_DISTRIBUTED,
    Working,
    WorkingCalendar,
    days_late,
    due,
)
from timescales.words import counted, in_words

from .models import Review
from .rules import RAG_NEEDING_REASON
from .services import Moved, ToAnother


def papers_after(*, review: Review) -> list[Working]:
    """What is to be written and sent after a review, each with its last day counted from the day it was held.

    Source: IRO Handbook 2010, ch. 3.
    """
    assert review.held_on is not None
    calendar = CalendarDay.objects.working_calendar()
    return [due(rule, review.held_on, calendar) for rule in (DECISIONS_WRITTEN, RECORD_COMPLETED, RECORD_DISTRIBUTED)]


def working_days_late(*, review: Review) -> int:
    """Working days a held review was late by; 0 in time, or where no date was known."""
    due_on = review.duty.due_on
    if due_on is None or review.held_on is None or review.held_on <= due_on:
        return 0
    return days_late(due_on, review.held_on, CalendarDay.objects.working_calendar())


def what_moves(*, review: Review, held_on: date, moved: Sequence[Moved]) -> list[str]:
    """What holding a review on another day means for it, and for each other one that moves with it, in sentences."""
    calendar = CalendarDay.objects.working_calendar()
    others = [sentence for one in moved for sentence in _moves(one, calendar)]
    return [
        f"Held on {in_words(held_on)}, this review is {_how(review.duty.due_on, held_on, calendar)}.",
        *(others or ["No other review's due date moves."]),
        "Its decisions keep the days agreed.",
    ]


def what_goes(moved: Sequence[Moved]) -> list[str]:
    """What it means that a recorded review did not take place, in sentences."""
    calendar = CalendarDay.objects.working_calendar()
    return [
        "It counts nowhere any more, and its record stays readable, marked.",
        *[sentence for one in moved for sentence in _moves(one, calendar)],
        "Its decisions are owed no more. A concern raised from it stays open.",
    ]


def what_moves_of_others(moved: Sequence[Moved]) -> list[str]:
    """Each review that moves with what it hangs on, in sentences."""
    calendar = CalendarDay.objects.working_calendar()
    return [sentence for one in moved for sentence in _moves(one, calendar)] or ["No review's due date moves."]


def what_leaves(*, review: Review, to: ToAnother) -> list[str]:
    """What it means for this child that a record was about another, in sentences."""
    calendar = CalendarDay.objects.working_calendar()
    sentences = [
        "It counts nowhere any more with this child, whose record goes on saying that it was about another.",
        *[sentence for one in to.left for sentence in _moves(one, calendar)],
        "Its decisions are owed no more here. A concern raised from it stays with this child.",
    ]
    if review.source == Review.Source.RETURN:
        sentences.append("A return says that this child had a review that day: if so, record it anew.")
    if review.outcomes_said.exists():
        sentences.append("What was said at it of earlier decisions stays as it was said.")
    return sentences


def what_comes(*, review: Review, to: ToAnother) -> list[str]:
    """What it means for the other child, in sentences."""
    calendar, becomes = CalendarDay.objects.working_calendar(), to.becomes
    assert review.held_on is not None
    name, held_on = str(becomes), review.held_on
    how = _how(becomes.duty.due_on, held_on, calendar)
    sentences = [f"It becomes the {name[:1].lower()}{name[1:]}, held on {in_words(held_on)}, which is {how}."]
    planned_for_on = becomes.duty.planned_for_on
    if planned_for_on and planned_for_on != held_on:
        sentences.append(f"That one was booked for {in_words(planned_for_on)}: book the next one anew.")
    if becomes.drafts.exists():
        sentences.append("What has been typed for it so far stays, as a draft.")
    sentences += [sentence for one in to.taken for sentence in _moves(one, calendar)]
    decisions = review.decisions.count()
    if decisions:
        sentences.append(f"{counted(decisions, 'decision')} owed anew, by the days agreed.")
    if review.rag in RAG_NEEDING_REASON:
        sentences.append(
            f"It is rated {review.get_rag_display()}, and nobody is told by that: raise a concern if one is needed."
        )
    return sentences


def _moves(one: Moved, calendar: WorkingCalendar) -> list[str]:
    name, sentences = one.name, []
    if one.was_due_on != one.due_on:
        now = f"{name}: due by {_known(one.due_on)} instead of {_known(one.was_due_on)}."
        sentences.append(now if one.due_on else f"{name}: when it is due is not known any more.")
        if one.review.held_on:
            sentences.append(
                f"It was held on {in_words(one.review.held_on)}, which is"
                f" {_how(one.due_on, one.review.held_on, calendar)}."
            )
    if str(one.review) != name:
        sentences.append(f"It is the {str(one.review)[:1].lower()}{str(one.review)[1:]} then.")
    if one.lost_booking_on:
        sentences.append(f"{name}: its booking for {in_words(one.lost_booking_on)} is taken away.")
    return sentences


def _known(day: date | None) -> str:
    return in_words(day) if day else "a day not known"


def _how(due_on: date | None, held_on: date, calendar: WorkingCalendar) -> str:
    if due_on is None:
        return "neither late nor in time: its due date is not known"
    late = days_late(due_on, held_on, calendar) if held_on > due_on else 0
    how = f"late by {counted(late, 'working day')}" if late else "in time"
    return f"{how}: it was due by {in_words(due_on)}"
