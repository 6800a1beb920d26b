"""Every pair of acts on the same child, the second begun while the first is not yet committed."""

import pytest
from django.db import transaction

from tests.conftest import employ, person
from timescales.refusals import Refused

from .at_once import at_once
from .conflicts import ACTS, TOLD
from .scenes import Scene, acts_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(place, make_child, ladder, record):
    """Makes scenes, each about a child of its own."""
    place.people["second_team_manager"] = employ(
        person(place.authority, "Nora North"), "TEAM_MANAGER", team=place.teams["north"]
    )

    def make():
        with transaction.atomic():  # one commit rather than dozens
            return Scene.of(place, make_child(), ladder, record)

    return make


def people(scene, first, second):
    """Who acts first, and who second."""
    cast = scene.place.people
    return (
        cast["team_manager" if first == "answer" else "iro_manager"],
        cast["second_team_manager" if second == "answer" else "iro"],
    )


def test_the_table_names_acts_that_there_are():
    assert {act for pair in TOLD for act in pair} <= set(ACTS)


@pytest.mark.parametrize("first", ACTS)
def test_of_a_conflicting_pair_one_is_done_and_the_other_told_and_of_the_rest_both_are_done(scene, first):
    for second in ACTS:
        now = scene()
        one, other = people(now, first, second)
        begun = acts_of(other, now)
        both = at_once(now.act(first, one), now.act(second, other, is_other=first == second))
        told = TOLD.get((first, second))
        pair = f"{first}, then {second}"
        assert both.first.refusal is None, f"{pair}: {both.first.refusal}"
        if told is None:
            assert both.second.refusal is None, f"{pair}: {both.second.refusal}"
            continue
        assert both.has_waited, pair
        assert isinstance(both.second.refusal, Refused), pair
        assert both.second.refusal.message.startswith(told.format(first=now.first)), pair
        assert acts_of(one, now), pair
        assert acts_of(other, now) == begun, pair


@pytest.mark.parametrize("act", ACTS)
def test_the_same_act_of_one_person_at_once_is_done_once_and_gives_the_same_back(scene, act):
    now = scene()
    by, _ = people(now, act, "raise")
    pressed = now.act(act, by)
    before = acts_of(by, now)
    both = at_once(pressed, pressed)
    assert both.has_waited
    assert (both.first.refusal, both.second.refusal) == (None, None)
    assert both.second.result == both.first.result
    done = acts_of(by, now)[len(before) :]
    assert done
    assert len(done) == len(set(done))
