"""How long an answer may take: the formal stages altogether, and each rung by the authority's own days."""

from timescales.rules import IRO_HANDBOOK, Rule, Tier, Unit

FORMAL_RESOLUTION = Rule(
    code="FORMAL_RESOLUTION",
    title="Formal resolution",
    amount=20,
    unit=Unit.WORKING_DAYS,
    runs_from="the day the formal stage was opened",
    source=f"{IRO_HANDBOOK}, para. 6.2",
    tier=Tier.STATUTORY_GUIDANCE,
    is_booked=False,
    assumption="The Handbook does not name the day the 20 begin; this takes the opening of the formal stage.",
)

ACTION_PROMISED = Rule(
    code="ACTION_PROMISED",
    title="Promise",
    amount=0,
    unit=Unit.CALENDAR_DAYS,
    runs_from="the day of the answer that promised it",
    source="the day promised in the answer",
    tier=Tier.LOCAL,
    is_booked=False,
    is_set_each_time=True,
)

STAGE_ANSWER = Rule(
    code="STAGE_ANSWER",
    title="Answer",
    amount=0,
    unit=Unit.WORKING_DAYS,
    runs_from="the day the stage was opened",
    source="the authority's own resolution process",
    tier=Tier.LOCAL,
    is_booked=False,
    is_set_each_time=True,
)
