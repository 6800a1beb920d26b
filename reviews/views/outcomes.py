"""What came of a review's rating, as its pages show it; only for those who may read the record."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.roles import ChildPermission, called
from accounts.viewers import Viewer
from authorities.words import say
from escalations import permissions
from escalations.models import Escalation
from escalations.rules import day
from screens.cells import link, moment
from screens.components import Link, SummaryRow
from timescales.words import counted

from ..models import EscalationReview, LeftUnescalated, Review
from ..rules import RAG_NEEDING_REASON


def outcomes(review: Review, viewer: Viewer) -> list[Link]:
    """The concerns opened by this review or linked to it: at what stage each is, with whom, and until when."""
    readable = Escalation.objects.visible_to(viewer, ChildPermission.READ_RECORD)
    linked = readable.filter(links__review=review).with_its_people().order_by("links__pk")
    return [Link(_where(row, review), reverse("escalations:escalation", args=[row.uuid])) for row in linked]


def told_of_decisions(review: Review) -> list[str]:
    """On whose list the decisions of a review stand, by name, or that nobody holds the post: a sentence each."""
    names = permissions.people_round(review.child)
    counts = Counter(role for one in review.decisions.with_duties() for role in one.duty.owed_by_roles)
    return [_on_whose_list(role, names.get(role, []), often) for role, often in counts.items()]


def _on_whose_list(role: str, names: Sequence[str], often: int) -> str:
    decisions = counted(often, "decision")
    if not names:
        return (
            f"Nobody of {decisions}: the child has no {called(role)}. The team manager and the IRO are told instead."
        )
    stand = "stands" if often == 1 else "stand"
    return f"{' or '.join(names)}, {called(role)}: {decisions} now {stand} on their list “Mine to do”."


def outcome_rows(review: Review, words: Mapping[str, str]) -> list[SummaryRow]:
    """Each concern raised by this review or joined, with where it stands; where none was, why, who and when."""
    if review.rag not in RAG_NEEDING_REASON:
        return []
    concerns = [_concern(tie, words) for tie in review.escalation_links.with_escalations()]
    if concerns:
        return [SummaryRow("What came of it", format_html_join(SafeString("<br>"), "{}", ((c,) for c in concerns)))]
    left = getattr(review, "left_unescalated", None)
    return [_left(left)] if left else []


def _where(escalation: Any, review: Review) -> str:
    if escalation.response_due_on is None:
        return f"{escalation.reference}: {escalation.stage.name}, answered or resolved"
    asked = permissions.with_whom(escalation.stage, permissions.people_at(escalation.stage, review.child))
    due_on = day(escalation.response_due_on)
    return f"{escalation.reference}: {escalation.stage.name}, put to the {asked}, to answer by {due_on}"


def _concern(tie: EscalationReview, words: Mapping[str, str]) -> SafeString:
    escalation = tie.escalation
    how = "raised by this review" if tie.is_origin else "joined by this review"
    where = "resolved" if escalation.status == Escalation.Status.RESOLVED else f"now at {escalation.stage.name}"
    name = f"{say('{Escalation}', words)} {escalation.reference}"
    return format_html(
        "{}, {}, {}", link(name, reverse("escalations:escalation", args=[escalation.uuid])), how, where
    )


def _left(left: LeftUnescalated) -> SummaryRow:
    who = f"{left.left_by}, {moment(left.left_at)}"
    return SummaryRow("No concern was raised", format_html("{}<br>{}", linebreaksbr(left.reason), who))
