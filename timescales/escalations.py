"""How long the formal stages may take altogether; the days of each rung are the authority's own."""

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
