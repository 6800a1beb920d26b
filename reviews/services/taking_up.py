"""Reviews as a return tells them: which row each is, and what becomes of those it tells no more."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from children.models import CarePeriod, Child
from children.services import Batch
from duties.models import Duty
from timescales import WorkingCalendar
from timescales.refusals import Refused
from timescales.words import in_words

from ..cycle_rules import EXTRA_WITHIN, HeldReview
from ..models import Correction, Review
from .courses import Courses
from .rows import NOT_CLOSED, day_held, new_review

Rows = dict[int, list[Review]]  # by the child's key


class TakingUp:
    """The reviews of some children while a return's word is taken up. `reviews` and `ended` are changed."""

    def __init__(
        self,
        reviews: Rows,
        ended: Rows,
        courses: Courses,
        batch: Batch[Review],
        duties: Batch[Duty],
        corrected: Mapping[int, Sequence[Correction]],
    ) -> None:
        self.corrected = corrected  # those of a review's day, by the child's key
        self.reviews, self.ended, self.courses, self.batch, self.duties = reviews, ended, courses, batch, duties
        self.calendar: WorkingCalendar = courses.calendar
        self.loose: Rows = {}  # held, until the return withdrew the day

    def withdraw(self, withdrawn: Iterable[tuple[Child, date]]) -> None:
        """Let go of returned reviews of these days, unless somebody here has written them up since."""
        for child, day in withdrawn:
            for review in self.reviews.get(child.pk, []):
                if review.held_on == day and review.is_to_write_up:
                    self.loose.setdefault(child.pk, []).append(review)

    def take_up(self, held: Sequence[tuple[Child, HeldReview]]) -> list[str | Refused]:
        """One outcome for each, in the order given; taken up in the order they were held."""
        outcomes: dict[int, str | Refused] = {}
        for index in sorted(range(len(held)), key=lambda index: held[index][1].held_on):
            outcomes[index] = self._take_up(*held[index])
        for reviews in self.loose.values():
            for review in reviews:
                self._let_go(review)
        return [outcomes[index] for index in range(len(held))]

    def _take_up(self, child: Child, one: HeldReview) -> str | Refused:
        of_child = self.reviews.setdefault(child.pk, [])
        loose = self.loose.get(child.pk, [])
        review = next((review for review in of_child if review.held_on == one.held_on and review not in loose), None)
        if review is not None:
            return self._say_again(review, one)
        period = self.courses.period_of(child.pk, one.held_on)
        if period is None:
            return Refused("The child was not looked after on that day.", "held_on")
        if corrected := self._corrected_from(child.pk, one.held_on):
            return Refused(f"{_told(corrected)} A person has to say which is right.", "held_on")
        if near := self._recorded_near(of_child, one.held_on):
            return Refused(f"{_recorded(near)} A person has to say which day is right.", "held_on")
        review = self._waiting_for(child.pk, period, one.held_on)
        details = {"held_on": one.held_on, "participation": one.participation, "source": Review.Source.RETURN}
        if review is not None:
            self.batch.change(review, care_period=period, **details)
            self.duties.change(review.duty, met_on=one.held_on, **NOT_CLOSED)
            return "created"
        review = new_review(period, Review.Cycle.CARE, **details)
        of_child.append(review)
        self.duties.add(review.duty)
        return self.batch.add(review)

    def _say_again(self, review: Review, one: HeldReview) -> str | Refused:
        if review.is_to_write_up:
            return self.batch.change(review, participation=one.participation)
        if review.participation == one.participation:
            return "unchanged"
        return Refused(f"{_recorded(review)} Its code {review.participation} stands.", "participation")

    def _corrected_from(self, child_id: int, day: date) -> Correction | None:
        """Who said here that the review recorded for that day was not held on it: no return overwrites that."""
        corrected = self.corrected.get(child_id, ())
        return next((made for made in reversed(corrected) if made.held_on_before == day), None)

    def _recorded_near(self, reviews: Iterable[Review], day: date) -> Review | None:
        """A review recorded here so near the day that it is the same meeting with another date."""
        days = self.calendar.working_days_between
        return next(
            (
                review
                for review in reviews
                if review.held_on and not review.is_to_write_up and abs(days(review.held_on, day)) < EXTRA_WITHIN
            ),
            None,
        )

    def _waiting_for(self, child_id: int, period: CarePeriod, day: date) -> Review | None:
        """The row that stands for the review held that day: one whose day was corrected, or the one that was open."""
        loose = self.loose.get(child_id, [])
        days = self.calendar.working_days_between
        moved = [r for r in loose if r.care_period_id == period.pk and abs(days(day_held(r), day)) < EXTRA_WITHIN]
        if moved:
            review = min(moved, key=lambda review: abs(day_held(review) - day))
            loose.remove(review)
            return review
        of_child = self.reviews[child_id]
        if any(r.held_on and r.held_on > day and r.care_period_id == period.pk and r not in loose for r in of_child):
            return None
        return next((r for r in of_child if r.is_open and r.care_period_id == period.pk), None) or self._taken_back(
            child_id, period
        )

    def _taken_back(self, child_id: int, period: CarePeriod) -> Review | None:
        """The review that the end of this period closed, and which was held before that after all."""
        ended = self.ended.get(child_id, [])
        review = next((r for r in ended if r.care_period_id == period.pk), None)
        if review is not None:
            ended.remove(review)
            self.reviews[child_id].append(review)
        return review

    def _let_go(self, review: Review) -> None:
        """Of a review the return withdrew: it is open again, for what follows to be settled from it."""
        self.batch.change(review, held_on=None, participation="", source=Review.Source.RECORDED)
        self.duties.change(review.duty, met_on=None)


def _told(made: Correction) -> str:
    day = made.held_on_before
    assert day is not None
    return (
        f"A review was recorded here as held on {in_words(day)}, and corrected by {made.corrected_by}: {made.reason}"
    )


def _recorded(review: Review) -> str:
    how = f"with {review.participation}" if review.participation else "without a participation code"
    return f"A review was recorded here as held on {in_words(day_held(review))} {how}."
