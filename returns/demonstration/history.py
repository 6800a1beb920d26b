"""Two years of reviews for each child: each dated from the one before, held mostly in time, and what is due next."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from accounts.models import User
from duties.clocks import Clock
from duties.kinds import DECISION, REVIEW
from duties.models import Duty
from duties.rules import CARE_ENDED, REVIEWED_SINCE
from duties.services import Owed, unsaved
from reviews.models import Decision, Review
from reviews.rules import PARTICIPATION_AGE, who_answers
from timescales import (
    DECISION_AGREED,
    FIRST_REVIEW,
    NOT_KNOWN,
    SHORT_BREAK_FIRST,
    Unit,
    WorkingCalendar,
    birthday,
    due_on,
    next_review_rule,
    review_rule,
)

from . import words
from .children import HISTORY_DAYS, Story, key
from .establishment import Establishment

LONDON = ZoneInfo("Europe/London")
LATE_SHARE = 0.09
LATE_BY = ([1, 3, 7, 16, 30], [35, 25, 20, 13, 7])  # working days, and how often
OVERDUE_WANTED = 10
OVERDUE_OF_DEMONSTRATION_IRO = 2
PARTICIPATION = {"PN1": 46, "PN2": 8, "PN3": 5, "PN4": 4, "PN5": 10, "PN6": 18, "PN7": 9}
RATINGS = {"GREEN": 90, "AMBER": 8, "RED": 2}
NOT_KNOWN_EVERY, EARLIER_EVERY = 29, 23  # of the children whose care began before the history held


@dataclass
class Scene:
    """What every child's history needs: the day, what dates a duty, and the people."""

    rng: Random
    place: Establishment
    on: date
    clock: Clock

    @property
    def calendar(self) -> WorkingCalendar:
        """The working days that everything is counted in."""
        return self.clock.calendar

    @property
    def history_from(self) -> date:
        """The first day of the history held."""
        return self.on - timedelta(days=HISTORY_DAYS)

    def moment(self, day: date) -> datetime:
        """A moment in working hours of a day before the one loaded."""
        shown = min(day, self.on - timedelta(days=1))
        return datetime.combine(shown, time(self.rng.randint(9, 16), self.rng.randint(0, 59)), LONDON)


@dataclass
class History:
    """The reviews of one child, those held in order, and the one due next if any."""

    story: Story
    held: list[Review] = field(default_factory=list)
    following: Review | None = None
    decisions: list[Decision] = field(default_factory=list)


def tell(scene: Scene, stories: list[Story]) -> list[History]:
    """The reviews of every child."""
    histories = [_tell_one(scene, story) for story in stories]
    _leave_some_overdue(scene, histories)
    for history in histories:
        _book(scene, history.following)
        for review in history.held:
            if review.source == Review.Source.RECORDED:
                history.decisions += _record(scene, history.story, review)
            review.duty.met_on = review.held_on
        _close_reviewed(scene, history)
    return histories


def _tell_one(scene: Scene, story: Story) -> History:
    is_old = story.care_from < scene.history_from and story.care_to is None and not story.is_short_breaks
    if is_old and story.number % NOT_KNOWN_EVERY == 0:
        return History(story, following=_review(scene, story, NOT_KNOWN, None, None))
    history = _chain(scene, story)
    if is_old and story.number % EARLIER_EVERY == 0 and history.held:
        _forget_what_came_before(scene, history)
    return history


def _chain(scene: Scene, story: Story) -> History:
    history = History(story)
    rule = SHORT_BREAK_FIRST.code if story.is_short_breaks else FIRST_REVIEW.code
    runs_from, number = story.care_from, 1
    while True:
        review = _review(scene, story, rule, runs_from, number)
        held_on = _held_on(scene, review, runs_from)
        if held_on >= scene.on or (story.care_to and held_on > story.care_to):
            history.following = _cancelled(scene, story, review) if story.care_to else review
            return history
        if held_on >= scene.history_from:
            review.held_on = held_on
            history.held.append(review)
        rule, runs_from, number = next_review_rule(rule).code, held_on, number + 1


def _review(scene: Scene, story: Story, rule: str, runs_from: date | None, number: int | None) -> Review:
    review = Review(
        uuid=key(scene.rng),
        authority=scene.place.authority,
        child=story.child,
        care_period=story.period,
        cycle=Review.Cycle.SHORT_BREAK if story.is_short_breaks else Review.Cycle.CARE,
        number=number,
    )
    review.duty = _owed(scene, review, rule, runs_from)
    return review


def _owed(scene: Scene, review: Review, rule: str, runs_from: date | None) -> Duty:
    owed = Owed(
        kind=REVIEW.code,
        authority_id=review.authority_id,
        child_id=review.child_id,
        rule=rule,
        runs_from_on=runs_from,
        series=review.cycle,
        about=review.uuid,
    )
    return named(unsaved(owed, scene.clock), uuid5(review.uuid, "duty"))


def named(duty: Duty, uuid: UUID) -> Duty:
    """The duty under a key that is the same on every loading."""
    duty.uuid = uuid
    return duty


def _held_on(scene: Scene, review: Review, runs_from: date) -> date:
    """The day it was held: mostly some days before it was due, now and then after."""
    rule = review_rule(review.duty.rule)
    limit = due_on(rule, runs_from, scene.calendar)
    if scene.rng.random() < LATE_SHARE:
        return scene.calendar.add_working_days(limit, scene.rng.choices(*LATE_BY)[0])
    slack = scene.rng.randint(0, 7) if rule.unit is Unit.WORKING_DAYS else scene.rng.randint(0, 24)
    return scene.calendar.last_working_day_on_or_before(
        max(limit - timedelta(days=slack), runs_from + timedelta(days=7))
    )


def _cancelled(scene: Scene, story: Story, review: Review) -> Review:
    ended = story.care_to or scene.on
    duty = review.duty
    duty.closed_on, duty.closed_reason = ended, CARE_ENDED
    duty.closed_at, duty.closed_by = scene.moment(ended), _chair(scene, story)
    return review


def _chair(scene: Scene, story: Story) -> User:
    return story.iro or scene.place.people["IRO_MANAGER"]


def _forget_what_came_before(scene: Scene, history: History) -> None:
    """As if this child's reviews had come from a return: days and codes only, and nothing earlier."""
    rule, runs_from = NOT_KNOWN, None
    for review in [*history.held, *filter(None, [history.following])]:
        if review.held_on:
            review.source = Review.Source.RETURN
            review.participation = _participation(scene, history.story, review.held_on)
        review.number = None
        review.duty = _owed(scene, review, rule, runs_from)
        rule, runs_from = "EARLIER_HISTORY_NOT_HELD", review.held_on


def _leave_some_overdue(scene: Scene, histories: list[History]) -> None:
    """Take back some reviews that were due lately, so that they are waiting still."""
    mine = [history for history in histories if history.story.iro == scene.place.iros[0]]
    others = [history for history in histories if history.story.iro not in (None, scene.place.iros[0])]
    for group, wanted in (
        (mine, OVERDUE_OF_DEMONSTRATION_IRO),
        (others, OVERDUE_WANTED - OVERDUE_OF_DEMONSTRATION_IRO),
    ):
        lately = [history for history in group if _was_due_lately(scene, history)]
        for history in lately[:wanted]:
            history.following = history.held.pop()
            history.following.held_on = None


def _was_due_lately(scene: Scene, history: History) -> bool:
    if history.story.care_to or not history.held:
        return False
    last = history.held[-1]
    within = scene.on - timedelta(days=60), scene.on - timedelta(days=2)
    due_on = last.duty.due_on
    return last.source == Review.Source.RECORDED and due_on is not None and within[0] <= due_on <= within[1]


def _book(scene: Scene, review: Review | None) -> None:
    """Three of four reviews due in the coming ten weeks are booked, a few of them too late."""
    due_on = review.duty.due_on if review and review.duty.is_open else None
    if review is None or due_on is None:
        return
    if due_on > scene.on + timedelta(days=70) or scene.rng.random() < 0.25:
        return
    last = max(due_on, scene.on + timedelta(days=4))
    if scene.rng.random() < 0.05:
        last += timedelta(days=10)
    soonest = max(scene.on + timedelta(days=3), last - timedelta(days=14))
    days = (last - soonest).days
    booked_for_on = scene.calendar.last_working_day_on_or_before(soonest + timedelta(days=scene.rng.randint(0, days)))
    if booked_for_on <= scene.on:
        booked_for_on = scene.calendar.add_working_days(scene.on, 1)
    duty = review.duty
    duty.planned_for_on = booked_for_on
    duty.planned_at = scene.moment(scene.on - timedelta(days=scene.rng.randint(1, 5)))
    duty.planned_by = scene.place.people["BUSINESS_SUPPORT"]


def _record(scene: Scene, story: Story, review: Review) -> list[Decision]:
    """Write up a review held here, and what it decided."""
    rng, child = scene.rng, story.child
    held_on = review.held_on or scene.on
    name, sex = child.given_name, child.sex
    review.participation = _participation(scene, story, held_on)
    is_young = review.participation == "PN0"
    review.childs_views = words.said(rng, words.TOO_YOUNG if is_young else words.VIEWS, name, sex)
    review.discussion = words.discussion(rng, name, sex)
    review.rag = rng.choices(list(RATINGS), list(RATINGS.values()))[0]
    rate(scene, review, review.rag)
    review.recorded_at = scene.moment(scene.calendar.add_working_days(held_on, rng.randint(0, 3)))
    review.recorded_by, review.record_token = _chair(scene, story), key(rng)
    chosen = rng.sample(words.DECISIONS, rng.choice([1, 2, 2, 3]))
    return [_decision(scene, review, held_on, number, *texts) for number, texts in enumerate(chosen, start=1)]


def rate(scene: Scene, review: Review, rag: str) -> None:
    """Give a review a rating, with its reason where one is needed."""
    reasons = {"AMBER": words.AMBER, "RED": words.RED}.get(rag)
    child = review.child
    review.rag = rag
    review.rag_reason = words.said(scene.rng, reasons, child.given_name, child.sex) if reasons else ""


def _participation(scene: Scene, story: Story, held_on: date) -> str:
    if held_on < birthday(story.child.date_of_birth, PARTICIPATION_AGE):
        return "PN0"
    return scene.rng.choices(list(PARTICIPATION), list(PARTICIPATION.values()))[0]


def _decision(
    scene: Scene, review: Review, held_on: date, number: int, text: str, outcome: str, owner: str
) -> Decision:
    child = review.child
    decision = Decision(
        uuid=key(scene.rng),
        authority=scene.place.authority,
        child=child,
        review=review,
        number=number,
        text=words.said(scene.rng, text, child.given_name, child.sex),
        outcome=words.said(scene.rng, outcome, child.given_name, child.sex),
        owner=owner,
    )
    by = scene.calendar.last_working_day_on_or_before(held_on + timedelta(days=scene.rng.randint(14, 90)))
    owed = Owed(
        kind=DECISION.code,
        authority_id=review.authority_id,
        child_id=child.pk,
        rule=DECISION_AGREED.code,
        runs_from_on=held_on,
        allowed=(by - held_on).days,
        owed_by_roles=(who_answers(owner, {}),),
        owed_by_words=owner,
        about=decision.uuid,
    )
    decision.duty = named(unsaved(owed, scene.clock), uuid5(decision.uuid, "duty"))
    return decision


def _close_reviewed(scene: Scene, history: History) -> None:
    """Decisions of all but the last review have been looked at by the review after theirs."""
    days = sorted(review.held_on for review in history.held if review.held_on)
    for decision in history.decisions:
        held_on, duty = decision.review.held_on, decision.duty
        since = next((day for day in days if held_on and day > held_on), None)
        if since:
            duty.closed_on, duty.closed_at, duty.closed_reason = since, scene.moment(since), REVIEWED_SINCE
