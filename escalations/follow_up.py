"""What an Amber or Red rating leads to: the way reviews reach the ladder without knowing it.

The reviews room holds the protocol and calls whatever `settings.REVIEW_FOLLOW_UP` names.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from authorities.models import CalendarDay, Policy
from authorities.words import say
from reviews.follow_up import FollowUp
from reviews.models import Review
from reviews.rules import RAG_NEEDING_REASON
from screens.cells import link, moment
from screens.components import Link, SummaryRow

from . import permissions, rules, services
from .forms import RatingForm
from .models import Escalation, EscalationReview, Ladder, LeftUnescalated, Stage
from .querysets import EscalationQuerySet


class RatingFollowUp(FollowUp):
    """Opens the informal stage, links to an open concern, goes to a formal stage, or leaves with a reason."""

    def form(
        self,
        *,
        review: Review,
        rag: str,
        data: Mapping[str, Any] | None,
        user: User,
        on: date,
        rag_reason: str = "",
    ) -> RatingForm | None:
        """What to choose after this rating; None where nothing is. The concern begins as the rating's reason.

        Nothing is to choose after Green, where the authority does not link ratings to its ladder, or where
        it has no ladder that day.
        """
        if rag not in RAG_NEEDING_REASON:
            return None
        if not Policy.objects.in_force(review.authority_id, on).is_rag_linked_to_ladder:
            return None
        ladder = Ladder.objects.in_force(review.authority_id, on)
        if ladder is None:
            return None
        return RatingForm(
            data,
            prefix="follow_up",
            stages=list(ladder.stages.order_by("position")),
            escalations=list(self._open(review)),
            concern=rag_reason or review.rag_reason,
        )

    def sentence(self, *, review: Review, cleaned: Mapping[str, Any], on: date, words: Mapping[str, str]) -> str:
        """What this choice will do: who is asked and the day their answer is due."""
        choice = cleaned["choice"]
        if choice == RatingForm.LEAVE:
            return "No concern will be raised. Your reason will be kept with the review."
        if choice == RatingForm.LINK:
            linked = self._linked(review, cleaned)
            links = say("This will link the review to {escalation}", words)
            return f"{links} {linked.reference}, now at {linked.stage.name}."
        stage = self._stage(review, cleaned, on)
        asked = permissions.with_whom(stage, permissions.people_at(stage, review.child))
        due_on = CalendarDay.objects.working_calendar().add_working_days(on, stage.working_days)
        opens = f"go straight to {stage.name}" if stage.is_formal else "open an informal resolution"
        return f"This will {opens} with the {asked}, to answer by {rules.day(due_on)}."

    def apply(self, *, review: Review, cleaned: Mapping[str, Any], by: User, at: datetime, on: date) -> None:
        """Do it, inside the transaction that records the review. Raises Refused, Overtaken among them."""
        choice = cleaned["choice"]
        if choice == RatingForm.LEAVE:
            services.leave_unescalated(review=review, reason=cleaned["reason"], by=by, at=at)
        elif choice == RatingForm.LINK:
            services.link_review(escalation=self._linked(review, cleaned), review=review, by=by, at=at)
        else:
            services.raise_concern(
                child=review.child,
                stage=self._stage(review, cleaned, on),
                concern=cleaned["concern"] or review.rag_reason,
                sought=cleaned["sought"],
                review=review,
                by=by,
                at=at,
                on=on,
            )

    def outcomes(self, *, review: Review) -> list[Link]:
        """The concerns opened by this review or linked to it: at what stage each is, with whom, and until when."""
        linked = Escalation.objects.filter(links__review=review).with_its_people().order_by("pk")
        return [Link(self._told(row, review), reverse("escalations:escalation", args=[row.uuid])) for row in linked]

    def rows(self, *, review: Review, words: Mapping[str, str]) -> list[SummaryRow]:
        """Each concern raised by this review or joined, with where it stands; where none was, why, who and when."""
        if review.rag not in RAG_NEEDING_REASON:
            return []
        ties = EscalationReview.objects.filter(review=review).select_related("escalation__stage").order_by("pk")
        concerns = [_concern(tie, words) for tie in ties]
        if concerns:
            return [
                SummaryRow("What came of it", format_html_join(SafeString("<br>"), "{}", ((c,) for c in concerns)))
            ]
        left = LeftUnescalated.objects.filter(review=review).select_related("left_by").first()
        return [_left(left)] if left else []

    def _told(self, escalation: Escalation, review: Review) -> str:
        if escalation.response_due_on is None:
            return f"{escalation.reference}: {escalation.stage.name}, answered or resolved"
        asked = permissions.with_whom(escalation.stage, permissions.people_at(escalation.stage, review.child))
        due_on = rules.day(escalation.response_due_on)
        return f"{escalation.reference}: {escalation.stage.name}, put to the {asked}, to answer by {due_on}"

    def _open(self, review: Review) -> EscalationQuerySet:
        return Escalation.objects.open().of_child(review.child_id).with_its_people()

    def _linked(self, review: Review, cleaned: Mapping[str, Any]) -> Escalation:
        found = self._open(review).filter(uuid=cleaned["escalation"]).first()
        if found is None:
            raise rules.Overtaken(
                "The concern you chose has been resolved meanwhile: choose another way.", "escalation"
            )
        return found

    def _stage(self, review: Review, cleaned: Mapping[str, Any], on: date) -> Stage:
        ladder = Ladder.objects.in_force(review.authority_id, on)
        position = cleaned["stage"] if cleaned["choice"] == RatingForm.FORMAL else None
        stages = ladder.stages.order_by("position") if ladder else Stage.objects.none()
        wanted = (
            stages.filter(is_formal=False) if position is None else stages.filter(position=position, is_formal=True)
        )
        stage = wanted.first()
        if stage is None:
            raise rules.Overtaken("The ladder has changed meanwhile: choose the stage again.", "stage")
        return stage


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
