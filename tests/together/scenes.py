"""A child with something of everything, and each act on it as somebody does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from accounts.models import User
from accounts.services import leave_post
from audit.models import BusinessEvent
from children.models import Child
from children.services import allocate
from escalations.models import Escalation
from escalations.rules import AnswerGiven, ConcernRaised
from escalations.services import move_up, raise_concern, resolve, respond
from reviews.made import OutcomeSaid
from reviews.models import Decision, Review
from reviews.services import book, mark_decision
from tests.conftest import NOW, TODAY, Place, employ, person
from tests.making import make_decision, make_review

NEW_NAMES = (f"Newcomer{number} Iro" for number in count(1))
Recording = Callable[..., Review]


@dataclass(frozen=True)
class Scene:
    """One child with an IRO, an open review and an open concern, and two people in post who have no child yet."""

    place: Place
    child: Child
    review: Review
    concern: Escalation
    decision: Decision
    record: Recording
    first: User
    second: User

    @classmethod
    def of(cls, place: Place, child: Child, ladder: Any, record: Recording) -> "Scene":
        """Set it up: the concern waits for the answer of its first rung."""
        concern = raise_concern(
            child=child,
            stage=ladder.stages.get(position=0),
            raised=ConcernRaised("No health assessment", "A date"),
            by=place.people["iro"],
            at=NOW,
            on=TODAY,
        )
        first, second = (employ(person(place.authority, next(NEW_NAMES)), "IRO") for _ in range(2))
        review = child.reviews.get()
        before = make_review(child, rule="NOT_KNOWN", held_on=TODAY - timedelta(days=14), source="RETURN")
        decision = make_decision(before, text="Find a mentor", due_on=TODAY)
        return cls(place, child, review, concern, decision, record, first, second)

    def act(self, name: str, by: User, *, is_other: bool = False, token: UUID | None = None) -> Callable[[], Any]:
        """The act to be done, decided on what stands now; `is_other`: with another choice than without."""
        token = token or uuid4()
        clock: dict[str, Any] = {"by": by, "at": NOW, "on": TODAY}
        seen = self.child.allocations.get(kind="IRO", ends_on__isnull=True).pk
        stage = self.concern.ladder.stages.get(position=2 if is_other else 1)
        step = self.concern.steps.get()
        acts: dict[str, Callable[[], Any]] = {
            "raise": lambda: raise_concern(
                child=self.child, stage=stage, raised=ConcernRaised("School", "A place", token), **clock
            ),
            "answer": lambda: respond(
                step=step, given=AnswerGiven("CONTESTED", reason="It was done"), submission=token, **clock
            ),
            "move up": lambda: move_up(escalation=self.concern, stage=stage, reason="No answer", **clock),
            "resolve": lambda: resolve(escalation=self.concern, resolution=f"{by} saw to it", **clock),
            "book": lambda: book(
                review=self.review,
                booked_for_on=TODAY + timedelta(days=10 if is_other else 9),
                seen_for_on=None,
                **clock,
            ),
            "mark": lambda: mark_decision(
                decision=self.decision, outcome=OutcomeSaid("NOT_DONE", f"{by} has looked", seen=None), **clock
            ),
            "record": lambda: self.record(self.review, token=token, by=by),
            "allocate": lambda: allocate(
                child=self.child, kind="IRO", user=self.second if is_other else self.first, seen=seen, **clock
            ),
            "leave": lambda: leave_post(holding=self.first.holdings.get(), **clock),
        }
        return acts[name]


def acts_of(user: User, scene: Scene) -> list[str]:
    """What this person has done about the child, or to somebody's post, by the business log."""
    events = BusinessEvent.objects.filter(actor_id=user.pk).order_by("pk")
    about = events.filter(child_id=scene.child.pk) | events.filter(
        subject_id__in=scene.first.holdings.values("pk"), verb="post.left"
    )
    return list(about.values_list("verb", flat=True))
