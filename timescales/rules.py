"""What a limit is: a number, its unit, what it runs from, and the authority it stands on."""

from dataclasses import dataclass, replace
from enum import StrEnum

from timescales.words import counted

CARE_PLANNING_REGULATIONS = "Care Planning, Placement and Case Review (England) Regulations 2010"
ADOPTION_AGENCIES_REGULATIONS = "Adoption Agencies Regulations 2005"
IRO_HANDBOOK = "IRO Handbook 2010"


class Unit(StrEnum):
    """What the number counts."""

    WORKING_DAYS = "WORKING_DAYS"
    CALENDAR_MONTHS = "CALENDAR_MONTHS"
    CALENDAR_DAYS = "CALENDAR_DAYS"

    @property
    def noun(self) -> str:
        """One of them, in words: "working day"."""
        return self.value.lower().removesuffix("s").replace("_", " ")


class Tier(StrEnum):
    """How strong a limit is, strongest first; only the first two are law."""

    STATUTE = "STATUTE"
    REGULATION = "REGULATION"
    STATUTORY_GUIDANCE = "STATUTORY_GUIDANCE"
    RETURN_GUIDE = "RETURN_GUIDE"
    LOCAL = "LOCAL"

    @property
    def label(self) -> str:
        """The tier in words: "statutory guidance"."""
        return {"RETURN_GUIDE": "return guide", "LOCAL": "local policy"}.get(
            self.value, self.value.lower().replace("_", " ")
        )

    @property
    def is_law(self) -> bool:
        """Whether missing the limit may be called a statutory breach."""
        return self in (Tier.STATUTE, Tier.REGULATION)


@dataclass(frozen=True)
class Rule:
    """One limit.

    ``is_booked``: whether what is due is a meeting somebody books. ``assumption`` says what the law does
    not, where the start of the count is our reading of a gap. ``is_set_each_time``: the amount stands with each
    duty, since dated data and not the law sets it (a rung's days, a day agreed at a review); `of` gives the rule
    with that amount.
    """

    code: str
    title: str
    amount: int
    unit: Unit
    runs_from: str
    source: str
    tier: Tier
    is_booked: bool = True
    assumption: str = ""
    is_set_each_time: bool = False

    def of(self, allowed: int | None) -> "Rule":
        """The rule with the amount one duty was given, where each has its own; the rule itself otherwise."""
        return replace(self, amount=allowed) if self.is_set_each_time and allowed is not None else self

    @property
    def limit(self) -> str:
        """The amount in words: "20 working days"."""
        return counted(self.amount, self.unit.noun)
