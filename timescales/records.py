"""When a review's papers are finished: three clocks, all from the day the review was completed."""

from timescales.rules import IRO_HANDBOOK, Rule, Tier, Unit

DECISIONS_WRITTEN = Rule(
    code="DECISIONS_WRITTEN",
    title="Decisions in writing",
    amount=5,
    unit=Unit.WORKING_DAYS,
    runs_from="the day the review was completed",
    source=f"{IRO_HANDBOOK}, ch. 3",
    tier=Tier.STATUTORY_GUIDANCE,
    is_booked=False,
)
RECORD_COMPLETED = Rule(
    code="RECORD_COMPLETED",
    title="Full record written",
    amount=15,
    unit=Unit.WORKING_DAYS,
    runs_from="the day the review was completed",
    source=f"{IRO_HANDBOOK}, ch. 3",
    tier=Tier.STATUTORY_GUIDANCE,
    is_booked=False,
)
# From the same start as the record: 20 in all, not 20 more.
RECORD_DISTRIBUTED = Rule(
    code="RECORD_DISTRIBUTED",
    title="Full record sent out",
    amount=20,
    unit=Unit.WORKING_DAYS,
    runs_from="the day the review was completed",
    source=f"{IRO_HANDBOOK}, ch. 3",
    tier=Tier.STATUTORY_GUIDANCE,
    is_booked=False,
)
