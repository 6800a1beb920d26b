"""How many looked-after children one full-time IRO should hold."""

from dataclasses import dataclass

from timescales.rules import IRO_HANDBOOK, Tier


@dataclass(frozen=True)
class CaseloadGuidance:
    """A range of looked-after children per filled full-time post, both ends included."""

    lowest: int
    highest: int
    source: str
    tier: Tier

    def includes(self, children_per_fte: float) -> bool:
        """Whether this many looked-after children per filled full-time post is within the range."""
        return self.lowest <= children_per_fte <= self.highest


RECOMMENDED_CASELOAD = CaseloadGuidance(
    lowest=50, highest=70, source=f"{IRO_HANDBOOK}, para. 7.15", tier=Tier.STATUTORY_GUIDANCE
)
