"""A return read after a correction: what was corrected here stands, and what the return says otherwise is listed."""

from datetime import date

import pytest

from children.models import Child, Episode
from children.rules import EPISODE_FIELDS, EpisodeGiven
from returns.models import ReturnProblem
from reviews.services import correct_episode
from tests.conftest import NOW, employ, person

from .conftest import counts, episode, header, no_review

BEGAN, RIGHT = date(2017, 6, 5), date(2017, 6, 1)


@pytest.fixture
def returned(folder, load):
    """A child in care since 5 June 2017, by the return of 2018."""
    say(folder)
    load()
    return Child.objects.get()


@pytest.fixture
def correct(council):
    manager = employ(person(council, "Ivy Lead"), "IRO_MANAGER")

    def make(child, was_on=BEGAN, seen=0, **changed):
        held = Episode.objects.get(child=child, starts_on=was_on)
        made = EpisodeGiven(**{name: getattr(held, name) for name in EPISODE_FIELDS} | changed)
        correct_episode(
            child=child, starts_on=was_on, made=made, reason="By the court's order", seen=seen, by=manager, at=NOW
        )

    return make


def say(folder, *episodes):
    folder.write("Header", header())
    folder.write("Episodes", *(episodes or (episode(),)))
    folder.write("Reviews", no_review())


def stands():
    return list(Episode.objects.order_by("starts_on").values_list("starts_on", "legal_status", "ends_on"))


def differences():
    found = ReturnProblem.objects.filter(reason__contains="corrected here")
    return list(found.values_list("column", "value"))


def test_one_that_still_says_the_old_day_does_not_bring_it_back(returned, correct, load):
    correct(returned, starts_on=RIGHT)
    report = load()
    assert stands() == [(RIGHT, "C2", None)]
    assert returned.care_periods.get().starts_on == RIGHT
    assert differences() == [("DECOM", "05/06/2017")]
    assert counts(report, "Episodes") == (1, 0, 0, 0, 1)
    reason = ReturnProblem.objects.get().reason
    assert "corrected here to 01/06/2017 by Ivy Lead on 17/08/2026, and stands so: By the court's order" in reason


def test_one_that_agrees_raises_no_difference(returned, correct, folder, load):
    correct(returned, starts_on=RIGHT)
    say(folder, episode(starts="01/06/2017"))
    load()
    assert stands() == [(RIGHT, "C2", None)]
    assert differences() == []


def test_a_later_years_return_does_not_bring_it_back_either(returned, correct, folder, load):
    correct(returned, starts_on=RIGHT)
    load(2019)
    assert stands() == [(RIGHT, "C2", None)]
    assert differences() == [("DECOM", "05/06/2017")]


def test_a_legal_status_corrected_here_stands_and_the_rest_of_the_row_is_taken(returned, correct, folder, load):
    correct(returned, legal_status="V2")
    say(folder, episode(ends="04/12/2017", rec="E4A"))
    load()
    assert stands() == [(BEGAN, "V2", date(2017, 12, 4))]
    assert differences() == [("LS", "C2")]


def test_corrections_of_one_episode_add_up_whatever_day_a_return_gives(returned, correct, folder, load):
    correct(returned, starts_on=RIGHT)
    correct(returned, was_on=RIGHT, seen=1, legal_status="V2")
    correct(returned, was_on=RIGHT, seen=2, starts_on=date(2017, 6, 2))
    for day in ("05/06/2017", "01/06/2017", "02/06/2017"):
        say(folder, episode(starts=day))
        load()
        assert stands() == [(date(2017, 6, 2), "V2", None)], day
    assert differences() == [("LS", "C2")]


def test_where_two_episodes_meet_both_stand_as_corrected(folder, load, correct):
    two = (episode(ends="04/09/2017"), episode(starts="04/09/2017", rne="P"))
    say(folder, *two)
    load()
    correct(Child.objects.get(), was_on=date(2017, 9, 4), starts_on=date(2017, 9, 11))
    load()
    assert stands() == [(BEGAN, "C2", date(2017, 9, 11)), (date(2017, 9, 11), "C2", None)]
    assert sorted(differences()) == [("DEC", "04/09/2017"), ("DECOM", "04/09/2017")]


def test_a_return_that_takes_back_the_day_does_not_take_the_corrected_episode_away(returned, correct, folder, load):
    correct(returned, starts_on=RIGHT)
    say(folder, episode(starts="01/06/2017"))
    load()
    say(folder, episode(starts="04/12/2017", rne="P"))
    load()
    assert (RIGHT, "C2", None) in stands()
