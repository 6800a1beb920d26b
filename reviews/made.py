"""What was decided about a review, as values that travel from form and API through the service to the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from types import EllipsisType
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True)
class DecisionMade:
    """One thing a review decided: what, the outcome sought, who by, and by when. What is no column of its own row is
    named in ELSEWHERE.
    """

    ELSEWHERE: ClassVar = frozenset({"due_on"})  # stands on the duty it is

    text: str
    outcome: str
    owner: str
    due_on: date

    def columns(self) -> dict[str, Any]:
        """Each answer that is a column of the decision, by the column's name."""
        return _columns(self)


@dataclass(frozen=True)
class OutcomeSaid:
    """What somebody says came of a decision, and what shows it or why.

    `seen` is the outcome said before that they had read (None: that there was none); left out, nobody is asked.
    """

    said: str  # a code of rules.OUTCOME_CHOICES
    proof: str
    done_on: date | None = None  # DONE: the day it was done
    seen: UUID | EllipsisType | None = ...


@dataclass(frozen=True)
class ReviewMade:
    """What is recorded of a review that was held.

    Whatever a section of the record asks for is a field here: forms and API make one of all they were given,
    so that an answer nobody would store raises TypeError. What is no column of the review's own row is named
    in ELSEWHERE.
    """

    ELSEWHERE: ClassVar = frozenset({"decisions", "has_no_decisions", "last_time"})

    held_on: date
    participation: str  # PN0 to PN7
    discussion: str
    rag: str
    childs_views: str = ""
    rag_reason: str = ""
    decisions: Sequence[DecisionMade] = ()
    has_no_decisions: bool = False  # said outright, where none were made
    last_time: Mapping[UUID, OutcomeSaid] = field(default_factory=dict)  # what came of decisions made before, by uuid

    def columns(self) -> dict[str, Any]:
        """Each answer that is a column of the review, by the column's name."""
        return _columns(self)


def _columns(made: DecisionMade | ReviewMade) -> dict[str, Any]:
    return {one.name: getattr(made, one.name) for one in fields(made) if one.name not in made.ELSEWHERE}


class Way(StrEnum):
    """The ways on from an Amber or Red rating."""

    INFORMAL = "INFORMAL"
    LINK = "LINK"
    FORMAL = "FORMAL"
    LEAVE = "LEAVE"


@dataclass(frozen=True)
class FollowUp:
    """What the IRO chose to do about an Amber or Red rating. Each way needs its own part of the rest."""

    choice: str  # a Way
    stage: int | None = None  # FORMAL: the position of the stage
    concern: str = ""  # INFORMAL and FORMAL; empty: the reason given for the rating
    sought: str = ""  # INFORMAL and FORMAL: what would settle it
    escalation: UUID | None = None  # LINK: the open concern the review becomes part of
    reason: str = ""  # LEAVE: why no concern is raised
