"""What follows a review: its papers, all counted from the day it was completed, and what it decided."""

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

DECISION_AGREED = Rule(
    code="DECISION_AGREED",
    title="Decision",
    amount=0,
    unit=Unit.CALENDAR_DAYS,
    runs_from="the day of the review that agreed it",
    source="the day agreed at the review",
    tier=Tier.LOCAL,
    is_booked=False,
    is_set_each_time=True,
)

FIND_LAST = Rule(
    code="FIND_LAST",
    title="Find the last review",
    amount=5,
    unit=Unit.WORKING_DAYS,
    runs_from="the day it was seen that the next due date is not known",
    source="this service's own rule: a child whose date is not known is not left unwatched",
    tier=Tier.LOCAL,
    is_booked=False,
)
