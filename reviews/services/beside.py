"""Duties without a review of their own: the other clock a review must meet, and the search for a last review."""

from datetime import date, datetime

from django.db.models import Q

from children.services import Batch, by_child
from duties.clocks import Clock
from duties.kinds import FIND_LAST_REVIEW, REVIEW
from duties.models import Duty
from duties.rules import KNOWN_NOW

from ..adoption_rules import Clocks
from ..models import Review
from .rows import dated, is_deleted

STATE = ("met_on", "closed_on", "closed_at", "closed_by_id", "closed_reason")


class BesideReviews:
    """Duties without a review of their own: the other clock a review must meet, and the search for a last review."""

    def __init__(self, child_ids: list[int], duties: Batch[Duty], clock: Clock, at: datetime, on: date) -> None:
        self.duties, self.clock, self.at, self.on = duties, clock, at, on
        searches = Q(kind=FIND_LAST_REVIEW.code, met_on__isnull=True, closed_on__isnull=True)
        kinds = Q(kind=REVIEW.code, review__isnull=True) | searches
        rows = Duty.objects.filter(kinds, child__in=child_ids).order_by("pk")
        self.rows = by_child(rows.select_for_update(no_key=True, of=("self",)))
        self.unwanted: list[Duty] = []

    def settle(self, review: Review, its_clocks: Clocks) -> None:
        """Have what this review needs beside it stand, and take it off the list of what nothing needs."""
        if its_clocks.beside is not None:
            place = its_clocks.beside
            duty = self._take(review, REVIEW.code) or self._new(review, REVIEW.code)
            # The clock that runs out first tells people and is booked; this one stands to be seen.
            quiet = {"tell_from_on": None, "plan_by_on": None}
            dates = {**dated(place, self.clock), **quiet}
            state = {name: getattr(review.duty, name) for name in STATE}
            self.duties.change(duty, series=place.cycle, **dates, **state)
        if not its_clocks.main.is_known and review.is_open:
            duty = self._take(review, FIND_LAST_REVIEW.code) or self._search(review)
            self.duties.change(duty, series=review.cycle, about=review.uuid)

    def _take(self, review: Review, kind: str) -> Duty | None:
        of_child = self.rows.get(review.child_id, [])
        mine = [duty for duty in of_child if duty.kind == kind and duty.about == review.uuid]
        if not mine and kind == FIND_LAST_REVIEW.code:  # the search goes on, though for another row
            mine = [duty for duty in of_child if duty.kind == kind and duty.series == review.cycle]
        found = next(iter(mine), None)
        if found is not None:
            of_child.remove(found)
        return found

    def _new(self, review: Review, kind: str) -> Duty:
        duty = Duty(
            kind=kind,
            authority_id=review.authority_id,
            child_id=review.child_id,
            series=review.cycle,
            owed_by_roles=["IRO"],
            about=review.uuid,
        )
        self.duties.add(duty)
        return duty

    def _search(self, review: Review) -> Duty:
        duty = self._new(review, FIND_LAST_REVIEW.code)
        rule = FIND_LAST_REVIEW.rules[0].code
        duty.rule, duty.runs_from_on = rule, self.on
        for name, day in self.clock.dates(FIND_LAST_REVIEW.code, rule, self.on).columns().items():
            setattr(duty, name, day)
        return duty

    def finish(self, child_id: int) -> None:
        """What no review of this child needs any more."""
        self.unwanted += [duty for duty in self.rows.pop(child_id, []) if duty.is_open]

    def remove_unwanted(self) -> None:
        """Take it away, or close it where somebody was told of it."""
        for duty in self.unwanted:
            if not is_deleted(duty):
                duty.closed_on, duty.closed_at, duty.closed_reason = self.on, self.at, KNOWN_NOW
                duty.save(update_fields=["closed_on", "closed_at", "closed_reason"])
