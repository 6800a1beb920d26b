"""A due date, opened: the numbers of the law and the sentences that explain them."""

from datetime import date

import pytest

from timescales import (
    ADOPTION_FIRST_AFTER_PLACEMENT,
    DECISIONS_WRITTEN,
    EARLIER_HISTORY_NOT_HELD,
    FIRST_REVIEW,
    FORMAL_RESOLUTION,
    LATER_REVIEW,
    RECOMMENDED_CASELOAD,
    RECORD_COMPLETED,
    RECORD_DISTRIBUTED,
    REVIEW_RULES,
    SECOND_REVIEW,
    CalendarAddition,
    Tier,
    due,
    england,
    review_rule,
)

CARE_PLANNING = "Care Planning, Placement and Case Review (England) Regulations 2010"
LAW = {
    "FIRST_REVIEW": ("20 working days", "reg. 33(1)"),
    "SECOND_REVIEW": ("3 calendar months", "reg. 33(2)"),
    "LATER_REVIEW": ("6 calendar months", "reg. 33(2)"),
    "EARLIER_HISTORY_NOT_HELD": ("6 calendar months", "reg. 33(2)"),
    "ADOPTION_FIRST_BEFORE_PLACEMENT": ("3 calendar months", "reg. 36(1)(a)"),
    "ADOPTION_LATER_BEFORE_PLACEMENT": ("6 calendar months", "reg. 36(1)(b)"),
    "ADOPTION_FIRST_AFTER_PLACEMENT": ("28 calendar days", "reg. 36(3)(a)"),
    "ADOPTION_SECOND_AFTER_PLACEMENT": ("3 calendar months", "reg. 36(3)(b)"),
    "ADOPTION_LATER_AFTER_PLACEMENT": ("6 calendar months", "reg. 36(3)(c)"),
    "ADOPTION_AFTER_DISRUPTION": ("42 calendar days", "reg. 36"),
    "SHORT_BREAK_FIRST": ("3 calendar months", "reg. 48(3)"),
    "SHORT_BREAK_LATER": ("6 calendar months", "reg. 48(3)"),
}


def test_every_review_limit_is_the_one_its_regulation_sets() -> None:
    stated = {rule.code: (rule.limit, rule.source.rpartition(", ")[2]) for rule in REVIEW_RULES}
    assert stated == LAW
    assert all(rule.tier is Tier.REGULATION for rule in REVIEW_RULES)


def test_a_stored_code_finds_its_rule() -> None:
    assert review_rule("SECOND_REVIEW") is SECOND_REVIEW
    with pytest.raises(KeyError):
        review_rule("THIRD_REVIEW")


def test_only_statute_and_regulation_may_be_called_a_breach_of_law() -> None:
    assert {tier for tier in Tier if tier.is_law} == {Tier.STATUTE, Tier.REGULATION}
    assert [tier.label for tier in Tier] == [
        "statute",
        "regulation",
        "statutory guidance",
        "return guide",
        "local policy",
    ]


def test_papers_and_escalations_follow_the_handbook() -> None:
    rules = (DECISIONS_WRITTEN, RECORD_COMPLETED, RECORD_DISTRIBUTED, FORMAL_RESOLUTION)
    assert [rule.limit for rule in rules] == [
        "5 working days",
        "15 working days",
        "20 working days",
        "20 working days",
    ]
    assert {rule.tier for rule in rules} == {Tier.STATUTORY_GUIDANCE}
    assert FORMAL_RESOLUTION.source == "IRO Handbook 2010, para. 6.2"


@pytest.mark.parametrize(
    ("children_per_fte", "within"), [(49.9, False), (50, True), (58.6, True), (70, True), (70.1, False)]
)
def test_a_caseload_is_fifty_to_seventy_children(children_per_fte: float, within: bool) -> None:
    assert RECOMMENDED_CASELOAD.includes(children_per_fte) is within


def test_a_first_review_names_every_day_skipped() -> None:
    working = due(FIRST_REVIEW, date(2026, 12, 4), england())
    assert (working.due_on, working.last_safe_on, working.book_by_on) == (
        date(2027, 1, 6),
        date(2027, 1, 6),
        date(2026, 12, 31),
    )
    assert working.sentences() == [
        "First review: due by Wednesday 6 January 2027.",
        "The limit is 20 working days from the day the child became looked after, Friday 4 December 2026.",
        "That day is not counted; the first day counted is the next working day.",
        "The count passes over 10 weekend days, Christmas Day on Friday 25 December 2026, "
        "Boxing Day (substitute day) on Monday 28 December 2026 and New Year's Day on Friday 1 January 2027.",
        "Book it for Thursday 31 December 2026 or earlier.",
        f"Source: {CARE_PLANNING}, reg. 33(1) (regulation).",
    ]


def test_a_limit_on_a_sunday_stays_there_and_names_the_friday() -> None:
    working = due(SECOND_REVIEW, date(2026, 12, 14), england())
    assert working.due_on == date(2027, 3, 14)
    assert working.last_safe_on == date(2027, 3, 12)
    assert working.book_by_on == date(2027, 3, 10)
    assert working.sentences() == [
        "Second review: due by Sunday 14 March 2027.",
        "The limit is 3 calendar months from the day of the first review, Monday 14 December 2026.",
        "Calendar months end on the day of the month they began on.",
        "14 March is a Sunday: the limit does not move; the last working day before it is Friday 12 March 2027.",
        "Book it for Wednesday 10 March 2027 or earlier.",
        f"Source: {CARE_PLANNING}, reg. 33(2) (regulation).",
    ]


def test_a_limit_on_christmas_day_stays_there() -> None:
    said = due(LATER_REVIEW, date(2026, 6, 25), england()).sentences()
    assert (
        "25 December is Christmas Day: the limit does not move; "
        "the last working day before it is Thursday 24 December 2026."
    ) in said


def test_a_short_month_is_explained() -> None:
    said = due(LATER_REVIEW, date(2025, 8, 31), england()).sentences()
    assert "February 2026 has no day 31, so the 6 months end on its last day." in said


def test_four_weeks_are_counted_through_holidays() -> None:
    working = due(ADOPTION_FIRST_AFTER_PLACEMENT, date(2026, 12, 4), england())
    assert working.due_on == date(2027, 1, 1)
    assert working.last_safe_on == date(2026, 12, 31)
    assert (
        "Every day is counted, weekends and bank holidays too, starting with the day after it." in working.sentences()
    )


def test_earlier_history_not_held_says_what_is_assumed() -> None:
    working = due(EARLIER_HISTORY_NOT_HELD, date(2026, 3, 10), england())
    assert working.due_on == date(2026, 9, 10)
    assert working.sentences()[-1].startswith("Earlier history is not held:")


def test_guidance_is_never_called_law_and_papers_are_not_booked() -> None:
    said = " ".join(due(RECORD_COMPLETED, date(2026, 12, 4), england()).sentences())
    assert said.startswith("Full record written: due by Tuesday 29 December 2026.")
    assert "lawful" not in said
    assert "Book it" not in said
    assert "(statutory guidance)" in said


def test_a_proclaimed_day_is_named_in_the_working() -> None:
    proclaimed = CalendarAddition(on=date(2026, 12, 9), name="National day of thanks", is_working=False)
    working = due(FIRST_REVIEW, date(2026, 12, 4), england([proclaimed]))
    assert working.due_on == date(2027, 1, 7)
    assert "National day of thanks on Wednesday 9 December 2026" in " ".join(working.sentences())


def test_without_a_buffer_a_sunday_limit_is_booked_by_the_friday() -> None:
    working = due(SECOND_REVIEW, date(2026, 12, 14), england(), booking_buffer_days=0)
    assert working.book_by_on == working.last_safe_on == date(2027, 3, 12)
