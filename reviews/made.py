"""What was decided about a review, as values that travel from form and API through the service to the rows."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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
