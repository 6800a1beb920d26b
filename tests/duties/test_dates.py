"""A duty's dates, by rule and margins, against dates worked out by hand."""

from datetime import date

import pytest

from duties import kinds
from duties.kinds import Margin, Margins
from duties.rules import Dates, is_planned_too_late, is_to_arrange, work_out
from timescales import DECISION_AGREED, FIRST_REVIEW, SECOND_REVIEW, STAGE_ANSWER, OutsideCalendar, Unit, england

CALENDAR = england()
REVIEW_MARGINS = kinds.REVIEW.margins


def worked_out(rule, runs_from_on, margins, is_told=True):
    return work_out(rule, runs_from_on, margins, CALENDAR, is_told=is_told)


def test_a_first_review_is_to_be_planned_soon_after_care_began():
    dates = worked_out(FIRST_REVIEW, date(2026, 8, 3), REVIEW_MARGINS[Unit.WORKING_DAYS])
    assert dates == Dates(
        due_on=date(2026, 9, 1),
        last_safe_on=date(2026, 9, 1),
        act_by_on=date(2026, 8, 26),
        plan_by_on=date(2026, 8, 10),
        due_soon_on=date(2026, 8, 24),
        tell_from_on=date(2026, 8, 10),
    )


def test_a_later_review_is_to_be_planned_so_long_before_its_date():
    dates = worked_out(SECOND_REVIEW, date(2026, 12, 14), REVIEW_MARGINS[Unit.CALENDAR_MONTHS])
    assert dates == Dates(
        due_on=date(2027, 3, 14),  # a Sunday: the limit does not move
        last_safe_on=date(2027, 3, 12),
        act_by_on=date(2027, 3, 10),
        plan_by_on=date(2027, 2, 15),
        due_soon_on=date(2027, 2, 22),
        tell_from_on=date(2027, 2, 15),
    )


def test_an_answer_is_never_due_soon_before_it_was_asked_for():
    dates = worked_out(STAGE_ANSWER.of(1), date(2026, 8, 17), Margins(due_soon=Margin(2)))
    assert (dates.due_on, dates.due_soon_on, dates.plan_by_on) == (date(2026, 8, 18), date(2026, 8, 17), None)


def test_nobody_is_told_of_what_tells_nobody():
    assert worked_out(STAGE_ANSWER.of(5), date(2026, 8, 17), Margins(), is_told=False).tell_from_on is None


def test_a_day_agreed_stands_however_far_away():
    far = worked_out(DECISION_AGREED.of(36500), date(2026, 8, 17), Margins(due_soon=Margin(5)))
    assert far.due_on == far.last_safe_on == far.due_soon_on == date(2126, 7, 24)


def test_what_the_law_counts_is_refused_outside_the_calendar():
    with pytest.raises(OutsideCalendar):
        worked_out(SECOND_REVIEW, date(2050, 12, 14), REVIEW_MARGINS[Unit.CALENDAR_MONTHS])


def test_a_policy_changes_the_margins_it_names():
    margins = REVIEW_MARGINS[Unit.WORKING_DAYS].under({"first_due_soon_days": 9, "other_days": 1})
    assert (margins.due_soon.days, margins.act_before.days) == (9, 3)


@pytest.mark.parametrize(
    "planned_for_on, plan_by_on, expected",
    [
        (None, date(2026, 8, 17), True),
        (None, date(2026, 8, 18), False),
        (None, None, False),
        (date(2026, 8, 20), date(2026, 8, 1), False),
    ],
)
def test_what_is_to_be_arranged(planned_for_on, plan_by_on, expected):
    assert is_to_arrange(planned_for_on, plan_by_on, date(2026, 8, 17)) is expected


@pytest.mark.parametrize(
    "planned_for_on, due_on, expected",
    [
        (date(2026, 8, 21), date(2026, 8, 20), True),
        (date(2026, 8, 20), date(2026, 8, 20), False),
        (date(2026, 8, 18), date(2026, 8, 14), False),  # late already: it can no longer be mended
        (None, date(2026, 8, 20), False),
    ],
)
def test_what_is_planned_too_late(planned_for_on, due_on, expected):
    assert is_planned_too_late(planned_for_on, due_on, date(2026, 8, 17)) is expected


def test_every_kind_can_be_dated_and_told_of():
    for kind in kinds.KINDS:
        assert {rule.unit for rule in kind.rules} <= set(kind.margins), kind.code
        assert kind.notices == () or kind.otherwise, kind.code
        assert len({notice.when for notice in kind.notices}) == len(kind.notices), kind.code
    codes = [notice.code for kind in kinds.KINDS for notice in kind.notices]
    assert len(set(codes)) == len(codes)
