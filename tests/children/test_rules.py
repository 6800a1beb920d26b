"""Which episodes make one care period, and from when it is full care."""

from datetime import date

import pytest

from children.rules import EpisodeGiven, Spell, full_care_from, joined, period_on, placed_since


def spell(starts: date, ends: date | None, rne: str = "P", short: bool = False) -> Spell:
    return Spell(starts, ends, rne, short)


JAN, MAR, MAY, JUN = date(2018, 1, 5), date(2018, 3, 5), date(2018, 5, 5), date(2018, 6, 5)


@pytest.mark.parametrize(
    "spells, lengths",
    [
        ([], []),
        ([spell(JAN, MAR, "S"), spell(MAR, None)], [2]),
        ([spell(JAN, MAR, "S"), spell(MAR, None, "S")], [1, 1]),
        ([spell(JAN, MAR, "S"), spell(date(2018, 3, 6), None)], [1, 1]),
        ([spell(JAN, MAR, "S"), spell(MAR, MAY), spell(JUN, None, "S")], [2, 1]),
        ([spell(JAN, None, "S")], [1]),
    ],
)
def test_episodes_that_follow_on_are_one_period_unless_care_started_anew(spells, lengths):
    assert [len(run) for run in joined(spells)] == lengths


def test_full_care_begins_with_the_first_episode_that_is_no_short_break():
    assert full_care_from([spell(JAN, MAR, "S", short=True), spell(MAR, None)]) == MAR
    assert full_care_from([spell(JAN, None, "S", short=True)]) is None


def test_a_day_two_periods_share_lies_in_the_earlier():
    first, second = spell(JAN, MAR), spell(MAR, None)
    assert period_on([first, second], MAR) == first
    assert period_on([first, second], date(2018, 3, 4)) == first
    assert period_on([first], MAY) is None


def placed(starts, why, **home):
    return EpisodeGiven(starts_on=starts, legal_status="C2", category_of_need="N1", reason_started=why, **home)


U6 = {"placement_type": "U6", "placement_provider": "PR1"}


@pytest.mark.parametrize(
    "spells, since",
    [
        ([], None),
        ([placed(JAN, "S", **U6)], JAN),
        ([placed(JAN, "S", **U6), placed(MAR, "L", **U6)], JAN),  # a new legal status is no move
        ([placed(JAN, "S", **U6), placed(MAR, "P", **U6)], MAR),  # to another carer of the same type
        ([placed(JAN, "S", **U6), placed(MAR, "L", placement_postcode="B1 1AA", **U6)], MAR),
        ([placed(JAN, "S", **U6), placed(MAR, "P", placement_type="K2"), placed(MAY, "L", placement_type="K2")], MAR),
    ],
)
def test_a_placement_is_since_the_last_move(spells, since):
    assert placed_since(spells) == since
