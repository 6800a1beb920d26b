"""Every interval the law sets for a review, each standing here once with its source."""

from timescales.rules import ADOPTION_AGENCIES_REGULATIONS, CARE_PLANNING_REGULATIONS, Rule, Tier, Unit

# Care

FIRST_REVIEW = Rule(
    code="FIRST_REVIEW",
    title="First review",
    amount=20,
    unit=Unit.WORKING_DAYS,
    runs_from="the day the child became looked after",
    source=f"{CARE_PLANNING_REGULATIONS}, reg. 33(1)",
    tier=Tier.REGULATION,
)
SECOND_REVIEW = Rule(
    code="SECOND_REVIEW",
    title="Second review",
    amount=3,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the day of the first review",
    source=f"{CARE_PLANNING_REGULATIONS}, reg. 33(2)",
    tier=Tier.REGULATION,
)
LATER_REVIEW = Rule(
    code="LATER_REVIEW",
    title="Review",
    amount=6,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the day of the review before",
    source=f"{CARE_PLANNING_REGULATIONS}, reg. 33(2)",
    tier=Tier.REGULATION,
)
EARLIER_HISTORY_NOT_HELD = Rule(
    code="EARLIER_HISTORY_NOT_HELD",
    title="Review",
    amount=6,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the day of the last review held here",
    source=f"{CARE_PLANNING_REGULATIONS}, reg. 33(2)",
    tier=Tier.REGULATION,
    assumption=(
        "Earlier history is not held: care began before the records here, so this takes the last review "
        "held here as a second or later one. Loading the earlier years may change the date."
    ),
)

# Adoption: authority to place held, child not yet placed

ADOPTION_FIRST_BEFORE_PLACEMENT = Rule(
    code="ADOPTION_FIRST_BEFORE_PLACEMENT",
    title="First adoption review before placement",
    amount=3,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the day the authority could first place the child for adoption",
    source=f"{ADOPTION_AGENCIES_REGULATIONS}, reg. 36(1)(a)",
    tier=Tier.REGULATION,
)
ADOPTION_LATER_BEFORE_PLACEMENT = Rule(
    code="ADOPTION_LATER_BEFORE_PLACEMENT",
    title="Adoption review before placement",
    amount=6,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the day of the review before",
    source=f"{ADOPTION_AGENCIES_REGULATIONS}, reg. 36(1)(b)",
    tier=Tier.REGULATION,
)

# Adoption: child placed, until the order or the child's return

ADOPTION_FIRST_AFTER_PLACEMENT = Rule(
    code="ADOPTION_FIRST_AFTER_PLACEMENT",
    title="First adoption review after placement",
    amount=28,  # "4 weeks" in the regulation: weeks have no bank holidays
    unit=Unit.CALENDAR_DAYS,
    runs_from="the day the child was placed for adoption",
    source=f"{ADOPTION_AGENCIES_REGULATIONS}, reg. 36(3)(a)",
    tier=Tier.REGULATION,
)
ADOPTION_SECOND_AFTER_PLACEMENT = Rule(
    code="ADOPTION_SECOND_AFTER_PLACEMENT",
    title="Second adoption review after placement",
    amount=3,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the day of the first adoption review after placement",
    source=f"{ADOPTION_AGENCIES_REGULATIONS}, reg. 36(3)(b)",
    tier=Tier.REGULATION,
)
ADOPTION_LATER_AFTER_PLACEMENT = Rule(
    code="ADOPTION_LATER_AFTER_PLACEMENT",
    title="Adoption review after placement",
    amount=6,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the day of the review before",
    source=f"{ADOPTION_AGENCIES_REGULATIONS}, reg. 36(3)(c)",
    tier=Tier.REGULATION,
)

ADOPTION_AFTER_DISRUPTION = Rule(
    code="ADOPTION_AFTER_DISRUPTION",
    title="Review after an adoption placement ended",
    amount=42,  # no earlier than day 28: DISRUPTION_REVIEW_FROM
    unit=Unit.CALENDAR_DAYS,
    runs_from="the day the child returned to the authority",
    source=f"{ADOPTION_AGENCIES_REGULATIONS}, reg. 36",
    tier=Tier.REGULATION,
)
DISRUPTION_REVIEW_FROM = 28  # calendar days after the child's return; reg. 36 asks for it between these and 42

# Short breaks

SHORT_BREAK_FIRST = Rule(
    code="SHORT_BREAK_FIRST",
    title="First short-break review",
    amount=3,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the first day of the first short break",
    source=f"{CARE_PLANNING_REGULATIONS}, reg. 48(3)",
    tier=Tier.REGULATION,
)
SHORT_BREAK_LATER = Rule(
    code="SHORT_BREAK_LATER",
    title="Short-break review",
    amount=6,
    unit=Unit.CALENDAR_MONTHS,
    runs_from="the day of the review before",
    source=f"{CARE_PLANNING_REGULATIONS}, reg. 48(3)",
    tier=Tier.REGULATION,
)

REVIEW_RULES: tuple[Rule, ...] = (
    FIRST_REVIEW,
    SECOND_REVIEW,
    LATER_REVIEW,
    EARLIER_HISTORY_NOT_HELD,
    ADOPTION_FIRST_BEFORE_PLACEMENT,
    ADOPTION_LATER_BEFORE_PLACEMENT,
    ADOPTION_FIRST_AFTER_PLACEMENT,
    ADOPTION_SECOND_AFTER_PLACEMENT,
    ADOPTION_LATER_AFTER_PLACEMENT,
    ADOPTION_AFTER_DISRUPTION,
    SHORT_BREAK_FIRST,
    SHORT_BREAK_LATER,
)
_BY_CODE = {rule.code: rule for rule in REVIEW_RULES}

NOT_KNOWN = "NOT_KNOWN"  # stands in a rule's place where nothing is known for a limit to run from
EARLIER_HISTORY = "EARLIER_HISTORY"
START_NOT_RETURNED = "START_NOT_RETURNED"
YEAR_NOT_READ = "YEAR_NOT_READ"
EPISODE_MISSING = "EPISODE_MISSING"
WHY_NOT_KNOWN = {
    EARLIER_HISTORY: "care began before the earliest return held here, so an earlier review may be missing",
    START_NOT_RETURNED: "the first episode held does not say that care started then (RNE S)",
    YEAR_NOT_READ: "a review may have been held in a year whose reviews have not been read",
    EPISODE_MISSING: "an episode is missing between two that say care went on",
}

# Which limit runs from a review held under each: Care Planning Regulations 2010, reg. 33 and 48; Adoption Agencies
# Regulations 2005, reg. 36. A review without a known date may have been the first.
NEXT_RULES = {
    NOT_KNOWN: EARLIER_HISTORY_NOT_HELD,
    FIRST_REVIEW.code: SECOND_REVIEW,
    SECOND_REVIEW.code: LATER_REVIEW,
    LATER_REVIEW.code: LATER_REVIEW,
    EARLIER_HISTORY_NOT_HELD.code: LATER_REVIEW,
    ADOPTION_FIRST_BEFORE_PLACEMENT.code: ADOPTION_LATER_BEFORE_PLACEMENT,
    ADOPTION_LATER_BEFORE_PLACEMENT.code: ADOPTION_LATER_BEFORE_PLACEMENT,
    ADOPTION_FIRST_AFTER_PLACEMENT.code: ADOPTION_SECOND_AFTER_PLACEMENT,
    ADOPTION_SECOND_AFTER_PLACEMENT.code: ADOPTION_LATER_AFTER_PLACEMENT,
    ADOPTION_LATER_AFTER_PLACEMENT.code: ADOPTION_LATER_AFTER_PLACEMENT,
    ADOPTION_AFTER_DISRUPTION.code: LATER_REVIEW,
    SHORT_BREAK_FIRST.code: SHORT_BREAK_LATER,
    SHORT_BREAK_LATER.code: SHORT_BREAK_LATER,
}


def next_review_rule(code: str) -> Rule:
    """The limit that dates the review after one held under this rule; KeyError for an unknown code."""
    return NEXT_RULES[code]


def review_rule(code: str) -> Rule:
    """The rule stored under this code; raises KeyError where there is none."""
    return _BY_CODE[code]
