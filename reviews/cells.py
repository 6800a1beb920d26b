"""A rating, and what came of a decision, as screens show them."""

from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.roles import called
from duties.cells import duty_standing, shown
from duties.rules import REVIEWED_SINCE
from screens.cells import status_tag
from timescales import Standing

RAG_COLOURS = {"GREEN": "good", "AMBER": "warn", "RED": "bad"}
SAID_COLOURS = {"DONE": "good", "PART_DONE": "warn", "NOT_DONE": "bad", "NO_LONGER_RIGHT": "neutral"}


def rag_tag(rag: str) -> SafeString | str:
    """The rating as a word in its colour; nothing where none was given."""
    return status_tag(rag.title(), RAG_COLOURS[rag]) if rag in RAG_COLOURS else ""


def decision_standing(decision: Any, on: date) -> tuple[str, str]:
    """What came of a decision as a word, and its colour: what was said last, else where it is against its date.

    Its outcomes were fetched with it.
    """
    duty, last = decision.duty, decision.last_said
    if duty.closed_reason == REVIEWED_SINCE and last is None:
        return "Not said", "info"
    if duty.met_on is not None:
        return ("Done late", "warn") if duty.due_on and duty.met_on > duty.due_on else ("Done", "good")
    if last is not None:
        return last.get_said_display(), SAID_COLOURS[last.said]
    if duty.closed_on is not None:
        return shown(Standing.CLOSED)
    return shown(duty_standing(duty, on))


def decision_tag(decision: Any, on: date) -> SafeString:
    """The same in its colour; past its date it says so beside what was said."""
    tag = status_tag(*decision_standing(decision, on))
    is_late = decision.duty.is_open and decision.duty.due_on and decision.duty.due_on < on
    if is_late and decision.last_said is not None:
        return format_html("{} {}", status_tag(*shown(Standing.OVERDUE)), tag)
    return tag


def answers_for(decision: Any) -> str:
    """Who is to do it, and the post that answers for it where that is another: "School (social worker)"."""
    posts = [called(role) for role in decision.duty.owed_by_roles]
    owner: str = decision.owner
    if not posts or owner.casefold() in {post.casefold() for post in posts}:
        return owner
    return f"{owner} ({', '.join(posts)})"
