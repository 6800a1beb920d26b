"""Whatever a return says, in whatever order years are read: no crash, no row lost, and again changes nothing."""

from datetime import date, timedelta
from random import Random

import pytest

from children.models import CarePeriod, Child, Episode
from children.rules import joined
from children.services import spells
from reviews.models import Review

from .conftest import episode, header, review

FIRST, LAST = date(2015, 1, 1), date(2019, 12, 31)
ODD = ["", "31/02/2017", "2017-06-05", "PN8", "x" * 300, "\u0660", "05/06/17", "=1+1", "'", "\u202e", "99/99/9999"]


def day(rng: Random) -> str:
    # Few different days, so that episodes meet, overlap and repeat.
    return f"{FIRST + timedelta(days=rng.randrange(0, (LAST - FIRST).days, 61)):%d/%m/%Y}"


def a_return(rng: Random, folder, children: list[str]) -> None:
    """Write a return of random episodes and reviews, some with a value spoilt."""
    episodes = [
        episode(
            rng.choice(children), day(rng), rng.choice(["", day(rng)]), rne=rng.choice("SSPL"),
            ls=rng.choice(["C2", "V2", "V4"]), rec=rng.choice(["X1", "E4A", ""]),
        )
        for _ in range(rng.randint(0, 9))
    ]  # fmt: skip
    reviews = [review(day(rng), rng.choice(["PN0", "PN1"]), rng.choice(children)) for _ in range(rng.randint(0, 9))]
    folder.write("Header", *(header(child, sex=rng.choice("12")) for child in children if rng.random() < 0.9))
    folder.write("Episodes", *(spoilt(rng, row) for row in episodes))
    folder.write("Reviews", *(spoilt(rng, row) for row in reviews))


def spoilt(rng: Random, row: str) -> str:
    if rng.random() > 0.1:
        return row
    cells = row.split(",")
    cells[rng.randrange(len(cells))] = rng.choice(ODD)
    return ",".join(cells)


def check_what_is_held() -> None:
    for child in Child.objects.all():
        episodes = list(Episode.objects.filter(child=child))
        runs = [(run[0].starts_on, run[-1].ends_on) for run in joined(spells(episodes))]
        periods = CarePeriod.objects.filter(child=child).order_by("starts_on")
        assert list(periods.values_list("starts_on", "ends_on")) == runs
        waiting = Review.objects.open().filter(child=child)
        assert waiting.count() == periods.filter(ends_on=None).count()
        assert set(waiting.values_list("care_period", flat=True)) == set(
            periods.filter(ends_on=None).values_list("pk", flat=True)
        )
        for held in Review.objects.held().filter(child=child, duty__due_on__isnull=False):
            assert held.duty.runs_from_on is not None
            assert held.held_on is not None
            assert held.duty.runs_from_on < held.held_on or held.duty.runs_from_on == held.care_period.starts_on


@pytest.mark.parametrize("seed", range(10))
def test_any_return_in_any_order_is_read_whole_and_once(folder, load, seed):
    rng = Random(seed)
    for _ in range(4):
        year = rng.choice([2016, 2017, 2018, 2019])
        a_return(rng, folder, ["C1", "C2"])
        report = load(year)
        assert all(f.read == f.created + f.updated + f.unchanged + f.rejected for f in report.files)
        assert report.total("rejected") == len(report.rejected)
        check_what_is_held()
        again = load(year)
        assert (again.total("created"), again.total("updated")) == (0, 0)
