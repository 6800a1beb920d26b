"""Named reads of reviews and decisions."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Max, Min, Prefetch, Q

from accounts.models import User
from children.querysets import VisibleQuerySet
from duties.querysets import WithDutyQuerySet, standing_on
from duties.rules import CARE_ENDED, NO_LONGER_RIGHT, REVIEWED_SINCE

from .rules import ANOTHER_CHILD


class ReviewQuerySet(WithDutyQuerySet):
    """Reads of reviews."""

    def open(self) -> Self:
        """Neither held nor cancelled."""
        return self.filter(duty__met_on__isnull=True, duty__closed_on__isnull=True)

    def owed(self) -> Self:
        """Open, of care that goes on; a series of short breaks goes on between its breaks."""
        goes_on = Q(care_period__ends_on__isnull=True) | Q(cycle="SHORT_BREAK")
        return self.open().filter(goes_on)

    def held(self) -> Self:
        """Held, here or by a return."""
        return self.filter(held_on__isnull=False)

    def not_cancelled(self) -> Self:
        """Open or held."""
        return self.filter(duty__closed_on__isnull=True)

    def of_period(self, care_period_id: int, cycle: str) -> Self:
        """Reviews of one cycle in one care period."""
        return self.filter(care_period_id=care_period_id, cycle=cycle)

    def listed(self, on: date) -> Self:
        """Open or held, each with its child and its standing that day."""
        return self.not_cancelled().select_related("child").with_standing(on)

    def following(self, review: Any) -> Self:
        """The open review dated from the day this one was held."""
        found = self.of_period(review.care_period_id, review.cycle).open()
        return found.filter(duty__runs_from_on=review.held_on).select_related("duty")

    def others_of_cycle(self, review: Any) -> Self:
        """The other reviews of the same care period and cycle."""
        return self.of_period(review.care_period_id, review.cycle).exclude(pk=review.pk)

    def before(self, review: Any) -> Self:
        """The others of its care period and cycle that it has to come after: where it was held, those held before."""
        others = self.others_of_cycle(review)
        return others if review.held_on is None else others.filter(held_on__lt=review.held_on)

    def after(self, review: Any) -> Self:
        """The others of its care period and cycle that were held after it; none where it is still to be held."""
        return self.others_of_cycle(review).filter(held_on__gt=review.held_on) if review.held_on else self.none()

    def first_held_on(self) -> date | None:
        """The earliest day any of these was held."""
        first: date | None = self.aggregate(first=Min("held_on"))["first"]
        return first

    def with_decisions(self, decisions: "DecisionQuerySet") -> Self:
        """With `decisions` fetched, of these, each with its duty, in one query more."""
        return self.prefetch_related(Prefetch("decisions", decisions.with_duties()))

    def of_child(self, child_id: int) -> Self:
        """Every review of a child but those cancelled, the next due first, then the latest held."""
        return self.filter(child_id=child_id).not_cancelled().order_by(F("held_on").desc(nulls_first=True), "-pk")

    def recorded_for(self, child_id: int) -> Self:
        """Reviews of a child recorded here, the latest held first."""
        return self.filter(child_id=child_id, recorded_at__isnull=False).order_by("-held_on")

    def standing_at(self, standing: str, today: date) -> Self:
        """Reviews with this standing that day, or OPEN, LATE or HELD_NOT_KNOWN of the filter; none cancelled.

        "Not known" is said of a review that is due, as everywhere: of one held, its day was not known.
        """
        asked = {
            "OPEN": Q(),
            "NOT_KNOWN": Q(duty__due_on__isnull=True),
            "LATE": Q(duty__due_on__lt=today) | Q(duty__planned_for_on__gt=F("duty__due_on")),
        }
        if standing in asked:
            return self.open().filter(asked[standing])
        if standing == "HELD_NOT_KNOWN":
            return self.held().not_cancelled().filter(duty__due_on__isnull=True)
        return self.not_cancelled().with_standing(today).filter(standing=standing)

    def begun_by(self, author: User) -> Self:
        """Reviews this person has drafted and nobody has recorded, with `draft_saved_at`; those of ended care too."""
        recordable = Q(duty__closed_on__isnull=True) | Q(duty__closed_reason=CARE_ENDED)
        drafted = self.filter(recordable, held_on__isnull=True, drafts__author=author)
        return drafted.annotate(draft_saved_at=F("drafts__saved_at"))

    def last_held_on(self) -> date | None:
        """The latest day any of these was held."""
        last: date | None = self.aggregate(last=Max("held_on"))["last"]
        return last

    def held_days(self, child_id: int, cycle: str) -> set[date]:
        """The days on which reviews of one cycle of a child were held."""
        return set(self.held().filter(child_id=child_id, cycle=cycle).values_list("held_on", flat=True))

    def with_all_it_names(self) -> Self:
        """With the child, authority, care period and people each names, in the same query."""
        duty = ("duty", "duty__planned_by", "duty__closed_by")
        return self.select_related("child", "authority", "care_period", "recorded_by", *duty)

    def held_between(self, first: date, last: date) -> Self:
        """Held in the period, both ends included."""
        return self.filter(held_on__gte=first, held_on__lte=last)

    def with_standing(self, today: date) -> Self:
        """With the duty, and `standing`: the code of timescales.Standing on that day."""
        return self.select_related("duty").annotate(standing=standing_on(today, "duty__"))

    def by_what_is_due_first(self) -> Self:
        """Earliest due date first; those without one at the end."""
        return self.order_by(F("duty__due_on").asc(nulls_last=True), "child__sort_name", "pk")

    def in_time(self) -> Self:
        """Held on or before the day it was due."""
        return self.filter(Q(held_on__lte=F("duty__due_on")))


class DecisionQuerySet(WithDutyQuerySet):
    """Reads of decisions."""

    def open(self) -> Self:
        """Still owed, with the duty of each."""
        return self.with_duties().filter(duty__met_on__isnull=True, duty__closed_on__isnull=True)

    def with_duties(self) -> Self:
        """With the duty of each, in the same query."""
        return self.select_related("duty")

    def never_said(self) -> Self:
        """Those of which nobody has said what came of them."""
        return self.filter(outcomes__isnull=True)

    def of_child(self, child_id: int) -> Self:
        """Of one child."""
        return self.filter(child=child_id)

    def with_outcomes(self, outcomes: "OutcomeQuerySet") -> Self:
        """With `outcomes` fetched, of these, what was said of each in the order it was said, in one query more."""
        return self.prefetch_related(Prefetch("outcomes", outcomes.with_people()))

    def listed(self, on: date) -> Self:
        """Each with its child, its review and its standing that day, in one query."""
        return self.select_related("child", "review", "duty").annotate(standing=standing_on(on, "duty__"))

    def standing_at(self, how: str, on: date) -> Self:
        """Decisions that stand so that day: a code of `filters.STANDINGS`."""
        owed = Q(duty__met_on__isnull=True, duty__closed_on__isnull=True)
        where = {
            "OWED": owed,
            "OVERDUE": owed & Q(duty__due_on__lt=on),
            "NOT_YET": owed & Q(duty__due_on__gte=on),
            "DONE": Q(duty__met_on__isnull=False),
            "NO_LONGER_RIGHT": Q(duty__closed_reason=NO_LONGER_RIGHT),
            "NOT_SAID": Q(duty__closed_reason=REVIEWED_SINCE),
        }
        return self.filter(where[how])

    def of_its_child(self) -> Self:
        """But for those of a review that was about another child."""
        return self.exclude(review__duty__closed_reason=ANOTHER_CHILD)

    def owed_by(self, user: User, duties: Any) -> Self:
        """Those this person answers for now; `duties` are those among which to look."""
        return self.filter(duty__in=duties.owed_by(user).values("pk"))

    def to_answer(self, child_id: int, since: datetime) -> Self:
        """What a child's next review asks about: what is owed, and what was said since a moment to be over."""
        owed = Q(duty__met_on__isnull=True, duty__closed_on__isnull=True)
        said_since = Q(outcomes__at_review__isnull=True, outcomes__said_at__gt=since)
        return (
            self.of_child(child_id)
            .of_its_child()
            .filter(owed | said_since)
            .order_by("review__held_on", "number")
            .distinct()
        )


class OutcomeQuerySet(VisibleQuerySet):
    """Reads of what came of decisions."""

    def of_its_child(self) -> Self:
        """But for those of decisions that were about another child."""
        return self.exclude(decision__review__duty__closed_reason=ANOTHER_CHILD)

    def with_people(self) -> Self:
        """With who said each, in the order they were said, in one query."""
        return self.select_related("said_by").order_by("pk")


class CorrectionQuerySet(VisibleQuerySet):
    """Reads of corrections."""

    def with_who(self) -> Self:
        """With who made each, the newest first, in the same query."""
        return self.select_related("corrected_by", "other_review").order_by("-pk")

    def of_days(self, child_ids: Iterable[int]) -> Self:
        """Of these children, those that changed the day a review was held, or said it was not held; with who did."""
        return self.filter(child__in=list(child_ids), before__has_key="held_on").select_related("corrected_by")


class DraftQuerySet(models.QuerySet):
    """Reads of drafts."""

    def of(self, review_id: int, author_id: int) -> Self:
        """The draft of one person for one review."""
        return self.filter(review_id=review_id, author_id=author_id)


class LinkQuerySet(VisibleQuerySet):
    """Reads of the links between reviews and escalations."""

    def with_reviews(self) -> Self:
        """With the review each names, the earliest held first, in one query."""
        return self.select_related("review").order_by("review__held_on", "pk")

    def with_escalations(self) -> Self:
        """With the escalation each names and its rung, in the order they were linked, in one query."""
        return self.select_related("escalation__stage").order_by("pk")
