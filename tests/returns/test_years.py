"""Several years' returns together: corrected, in any order, and past days told from them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import permutations
from pathlib import Path
from random import Random
from shutil import rmtree

import pytest

from authorities.services import add_authority
from authorities.words import words_of
from children.models import CarePeriod, Child, Episode
from dashboards.figures import BY_SLUG, FIGURES, Scope, known_to
from dashboards.figures.answers import answers
from dashboards.rules import Period
from duties.models import Duty
from duties.serializers import as_shown
from returns.models import ReturnedChild, ReturnProblem
from returns.report import Report
from returns.services import load_return
from reviews.made import ReviewMade
from reviews.models import Review
from reviews.services import record_review
from tests.conftest import LONG_AGO, NOW, employ, person
from timescales import england

from .conftest import Folder, episode, header, no_review, review
from .oracle import lives, month_ends, truth, written

TODAY = date(2026, 11, 25)
YEARS = (2024, 2025, 2026)
Tables = Mapping[str, Sequence[str]]


class Council:
    """An authority of its own and a folder to read returns from."""

    def __init__(self, number: int, path: Path) -> None:
        self.authority = add_authority(code=f"X{number}", name=f"Council {number}", on=LONG_AGO)
        self.path = path / f"council-{number}"

    def read(self, year: int, tables: Tables) -> Report:
        """Read these tables as a year's return."""
        rmtree(self.path, ignore_errors=True)
        self.path.mkdir()
        for table, rows in tables.items():
            Folder(self.path).write(table, *rows)
        return self._load(year)

    def read_together(self, years: Mapping[int, Tables]) -> Report:
        """Read the tables of several years in one folder, each file named by its year."""
        rmtree(self.path, ignore_errors=True)
        self.path.mkdir()
        for year, tables in years.items():
            for table, rows in tables.items():
                Folder(self.path).write(table, *rows, name=f"{table.lower()}-{year - 1}-{year % 100}.csv")
        return self._load(max(years))

    def _load(self, year: int) -> Report:
        return load_return(folder=self.path, authority=self.authority, year=year, at=NOW, on=TODAY)

    def figures(self, first: date, last: date) -> dict[str, tuple[int, float | None]]:
        """Numerator and denominator of each figure."""
        scope = Scope(self.authority.pk, Period(first, last, "then"), TODAY, england(), words_of({}))
        found = answers(scope, FIGURES, child="child__reference")
        return {one.id: (one.numerator, one.denominator) for one in found}

    def reviews(self, reference: str) -> list[tuple[date | None, date | None]]:
        """Each review of a child: the day held, and the day it was due by."""
        rows = Review.objects.filter(authority=self.authority, child__reference=reference)
        return list(rows.order_by("held_on", "pk").values_list("held_on", "duty__due_on"))

    def stands(self) -> list[list[object]]:
        """Everything that stands about its children, without keys."""
        names = {
            Child: ("reference", "date_of_birth", "sex"),
            Episode: ("child__reference", "starts_on", "ends_on", "legal_status", "reason_started", "reason_ended"),
            CarePeriod: ("child__reference", "starts_on", "ends_on", "reason_ended"),
            Review: ("child__reference", "care_period__starts_on", "cycle", "number", "held_on", "participation"),
            Duty: ("child__reference", "kind", "series", "rule", "runs_from_on", "due_on", "met_on", "closed_on"),
        }  # fmt: skip
        return [
            sorted(model._default_manager.filter(authority=self.authority).values_list(*fields), key=str)
            for model, fields in names.items()
        ]


@pytest.fixture
def council(db: None, tmp_path: Path) -> Callable[[], Council]:
    """A new council each time."""
    made: list[Council] = []

    def new() -> Council:
        made.append(Council(len(made), tmp_path))
        return made[-1]

    return new


def child(*episodes: str, reviews: Sequence[str] = ()) -> Tables:
    """The tables of one child, C1."""
    return {"Header": [header()], "Episodes": episodes, "Reviews": reviews or [no_review()]}


def random_returns(seed: int, number: int) -> tuple[list, dict[int, dict[str, list[str]]]]:
    """Random lives, and the three returns a council sends of them."""
    children = lives(Random(seed), number)
    found: dict[int, dict[str, list[str]]] = {year: {"Header": [], "Episodes": [], "Reviews": []} for year in YEARS}
    for year in YEARS:
        for life in children:
            for table, rows in written(life, year).items():
                found[year][table] += rows
    return children, found


@pytest.mark.parametrize("seed", range(3))
def test_years_in_any_order_in_one_folder_or_three_and_twice_give_one_result(council, seed):
    _, years = random_returns(seed, 12)
    first = council()
    for year in YEARS:
        first.read(year, years[year])
    ought = first.stands()
    for order in list(permutations(YEARS))[1:]:
        other = council()
        for year in order:
            other.read(year, years[year])
        assert other.stands() == ought, order
    together = council()
    together.read_together(years)
    assert together.stands() == ought
    for year in YEARS:
        again = first.read(year, years[year])
        assert (again.total("created"), again.total("updated")) == (0, 0)
    assert first.stands() == ought


@pytest.mark.parametrize("order", [(2024, 2025, 2026), (2026, 2024, 2025)])
def test_month_ends_are_those_of_an_oracle(council, order):
    children, years = random_returns(7, 40)
    of_it = council()
    for year in order:
        of_it.read(year, years[year])
    for first, last in month_ends():
        found = of_it.figures(first, last)
        ought = truth(children, first, last)
        assert found["A1"][0] == ought["A1"][0], last
        assert found["C4"] == ought["C4"], last
        assert found["C3"] == ought["C3"], last


K_2024 = child(
    episode(starts="03/04/2023"), reviews=[review("27/04/2023"), review("20/07/2023"), review("10/01/2024")]
)
K_2025 = child(episode(starts="03/04/2023", ends="01/11/2024", rec="E4A"), reviews=[review("01/07/2024")])


@pytest.mark.parametrize("order", [(2024, 2025), (2025, 2024)])
def test_a_past_day_stands_as_it_was_whatever_was_read_first(council, order):
    of_it = council()
    for year in order:
        of_it.read(year, {2024: K_2024, 2025: K_2025}[year])
    on = of_it.figures(date(2024, 7, 1), date(2024, 9, 30))
    assert (on["C4"], on["OVERDUE-REVIEWS"][0], on["C3"]) == ((1, 1), 0, (1, 1))
    duties = as_shown(Duty.objects.filter(authority=of_it.authority), date(2024, 9, 30)).by_due()
    assert [(duty.due_on, duty.met_by_then_on, duty.standing) for duty in duties][-2:] == [
        (date(2024, 7, 10), date(2024, 7, 1), "MET"), (date(2025, 1, 1), None, "NOT_DUE"),
    ]  # fmt: skip
    late = as_shown(Duty.objects.filter(authority=of_it.authority), date(2024, 7, 11))
    assert {duty.standing for duty in late} == {"MET", "NOT_DUE"}


def test_on_a_past_day_what_was_held_later_was_overdue_and_what_came_later_was_not_there(council):
    of_it = council()
    of_it.read(2024, child(episode(starts="03/04/2023"), reviews=[review("05/06/2023"), review("05/09/2023")]))
    duties = as_shown(Duty.objects.filter(authority=of_it.authority), date(2023, 5, 31))
    assert [(duty.number, duty.standing, duty.met_by_then_on) for duty in duties] == [(1, "OVERDUE", None)]
    assert of_it.figures(date(2023, 5, 1), date(2023, 5, 31))["OVERDUE-REVIEWS"][0] == 1


def test_a_review_day_mended_in_the_return_moves_the_same_review(council):
    of_it = council()
    of_it.read(2026, child(episode(starts="07/04/2025"), reviews=[review("28/04/2025"), review("20/07/2025")]))
    uuids = set(Review.objects.values_list("uuid", flat=True))
    of_it.read(2026, child(episode(starts="07/04/2025"), reviews=[review("29/04/2025")]))
    assert of_it.reviews("C1") == [(date(2025, 4, 29), date(2025, 5, 8)), (None, date(2025, 7, 29))]
    assert set(Review.objects.values_list("uuid", flat=True)) < uuids


@pytest.mark.parametrize("mended_in", [2026, 2027])
def test_a_start_mended_in_the_same_return_or_the_next_is_mended(council, mended_in):
    of_it = council()
    of_it.read(2026, child(episode(starts="07/04/2025")))
    period = CarePeriod.objects.get()
    of_it.read(mended_in, child(episode(starts="08/04/2025"), reviews=[review("01/05/2025")]))
    assert list(CarePeriod.objects.values_list("pk", "starts_on")) == [(period.pk, date(2025, 4, 8))]
    assert Episode.objects.count() == 1


def test_a_child_the_return_names_no_more_stays_until_somebody_says_what_became_of_it(council):
    of_it = council()
    both = {
        "Header": [header(), header("C2")],
        "Episodes": [episode(starts="07/04/2025"), episode("C2", "07/04/2025")],
    }
    of_it.read(2026, {**both, "Reviews": [no_review()]})
    of_it.read(2026, child(episode(starts="07/04/2025")))
    assert CarePeriod.objects.filter(child__reference="C2", ends_on=None).exists()
    assert ReturnedChild.objects.get(reference="C2").is_withdrawn


def test_what_was_recorded_here_is_not_moved_by_a_return_that_gives_another_day(council):
    of_it = council()
    of_it.read(2026, child(episode(starts="07/04/2025")))
    made = ReviewMade(
        held_on=date(2025, 4, 28), participation="PN1", discussion="", rag="GREEN", has_no_decisions=True
    )
    iro = employ(person(of_it.authority, "Ina Iro"), "IRO")
    record_review(
        review=Review.objects.open().get(), made=made, token="0e0e7a51-94a8-4a3e-8d5a-1b6e1f4f6f52", follow_up=None,
        by=iro, at=NOW, on=NOW.date(),
    )  # fmt: skip
    report = of_it.read(2026, child(episode(starts="07/04/2025"), reviews=[review("25/04/2025")]))
    assert [held for held, _ in of_it.reviews("C1") if held] == [date(2025, 4, 28)]
    assert "A person has to say which day is right" in report.rejected[0].reason
    assert ReturnProblem.objects.filter(of__authority=of_it.authority, is_row=True).count() == 1


def test_a_year_left_out_leaves_what_may_have_been_held_in_it_unknown_until_it_is_read(council):
    of_it = council()
    of_it.read(2024, K_2024)
    later = child(episode(starts="03/04/2023"), reviews=[review("01/07/2025")])
    of_it.read(2026, later)
    assert of_it.reviews("C1")[-2:] == [(date(2025, 7, 1), None), (None, date(2026, 1, 1))]
    of_it.read(2025, child(episode(starts="03/04/2023"), reviews=[review("09/07/2024"), review("03/01/2025")]))
    assert of_it.reviews("C1")[-2:] == [(date(2025, 7, 1), date(2025, 7, 3)), (None, date(2026, 1, 1))]


def test_a_gap_both_codes_deny_leaves_care_whole_and_the_next_review_unknown(council):
    of_it = council()
    rows = [episode(starts="07/04/2025", ends="05/07/2025"), episode(starts="05/09/2025", rne="P")]
    of_it.read(2026, child(*rows, reviews=[review("28/04/2025")]))
    assert CarePeriod.objects.count() == 1
    assert of_it.reviews("C1") == [(date(2025, 4, 28), date(2025, 5, 8)), (None, None)]
    assert Duty.objects.open().get(kind="REVIEW").why_not_known == "EPISODE_MISSING"
    assert Duty.objects.open().filter(kind="FIND_LAST_REVIEW").count() == 1


def test_a_review_on_the_day_care_ends_and_begins_again_closes_the_old_time(council):
    of_it = council()
    rows = [episode(starts="07/04/2025", ends="28/07/2025", rec="E4A"), episode(starts="28/07/2025")]
    of_it.read(2026, child(*rows, reviews=[review("28/04/2025"), review("28/07/2025")]))
    first = Review.objects.open().get()
    assert (first.number, first.duty.due_on) == (1, date(2025, 8, 26))


def test_adoption_runs_both_clocks_until_the_child_is_placed_and_then_its_own(council):
    of_it = council()
    e1 = "C1,01/10/2025,L,E1,N1,U6,PR1,{},{},,,,"
    start = episode(starts="07/04/2025", ends="01/10/2025")
    reviews = [review("28/04/2025"), review("28/07/2025")]
    of_it.read(2026, child(start, e1.format("", ""), reviews=reviews))
    duties = Duty.objects.open().filter(kind="REVIEW").order_by("due_on")
    both = [("ADOPTION", date(2026, 1, 1)), ("CARE", date(2026, 1, 28))]
    assert list(duties.values_list("series", "due_on")) == both
    assert Review.objects.open().get().duty.series == "ADOPTION"
    placed = child(start, e1.format("01/12/2025", "X1"), "C1,01/12/2025,P,E1,N1,A6,PR1,,,,,,", reviews=reviews)
    of_it.read(2026, placed)
    assert list(duties.values_list("series", "due_on")) == [("ADOPTION", date(2025, 12, 29))]
    of_it.read(2026, {**placed, "Reviews": [*reviews, review("15/12/2025")]})
    assert list(duties.values_list("series", "due_on")) == [("ADOPTION", date(2026, 3, 15))]


def test_after_an_adoption_placement_ends_a_review_is_due_within_42_days_and_then_the_cycle_goes_on(council):
    of_it = council()
    rows = [episode(starts="07/04/2025", ends="01/10/2025"), "C1,01/10/2025,P,C2,N1,U6,PR1,,,,,,"]
    placed = {"PlacedAdoption": ["C1,09/05/2010,01/06/2025,01/10/2025,RD1"]}
    held = [review("28/04/2025"), review("20/06/2025"), review("19/09/2025")]
    of_it.read(2026, {**child(*rows, reviews=held), **placed})
    assert of_it.reviews("C1")[-1] == (None, date(2025, 11, 12))
    of_it.read(2026, {**child(*rows, reviews=[*held, review("03/11/2025")]), **placed})
    assert of_it.reviews("C1")[-1] == (None, date(2026, 5, 3))
    assert Review.objects.open().get().cycle == "CARE"


def test_short_breaks_are_one_series_and_a_review_is_due_between_them(council):
    of_it = council()
    days = [("07/04/2025", "09/04/2025"), ("05/05/2025", "07/05/2025"), ("02/06/2025", "04/06/2025")]
    breaks = [episode(starts=first, ends=last, ls="V3", rec="E4A") for first, last in days]
    again = episode(starts="01/12/2025", ls="V3")
    of_it.read(2026, child(*breaks, reviews=[]))
    assert of_it.reviews("C1") == [(None, date(2025, 7, 7))]
    of_it.read(2026, child(*breaks, again, reviews=[review("02/06/2025"), review("03/12/2025")]))
    assert of_it.reviews("C1") == [
        (date(2025, 6, 2), date(2025, 7, 7)), (date(2025, 12, 3), date(2025, 12, 2)), (None, date(2026, 6, 3)),
    ]  # fmt: skip


def test_one_mistyped_cell_costs_no_child_its_place(council):
    of_it = council()
    report = of_it.read(
        2026,
        {
            "Header": ["C1,9,09/05/2010,CNHE,A12345678901234,x,31/02/2020"],
            "Episodes": ["C1,07/04/2025,S,C2,N99,X9,PR9,,,NONE,AB12  3CDE,SW1A  1AA,12345678901"],
            "Reviews": ["C1,09/05/2010,28/04/2025,PN9"],
        },
    )
    assert report.rejected == []
    assert len(report.blanked) == 13
    assert of_it.reviews("C1") == [(date(2025, 4, 28), date(2025, 5, 8)), (None, date(2025, 7, 28))]


def test_a_header_row_that_cannot_be_read_is_named_as_the_cause(council):
    of_it = council()
    report = of_it.read(2026, {**child(episode(starts="07/04/2025")), "Header": [header(born="31/02/2010")]})
    assert [one.reason[:40] for one in report.rejected if one.file != "header.csv"] == [
        "The child's Header row, row 2, could not", "The child's Header row, row 2, could not",
    ]  # fmt: skip


def test_an_end_left_out_between_two_episodes_is_the_day_the_next_began(council):
    of_it = council()
    report = of_it.read(2026, child(episode(starts="07/04/2025"), episode(starts="05/09/2025", rne="P")))
    assert report.rejected == []
    assert [(one.column, one.row) for one in report.blanked] == [("DEC", 2)]
    assert CarePeriod.objects.get().starts_on == date(2025, 4, 7)


def test_two_files_of_one_table_are_refused_and_named(council):
    of_it = council()
    of_it.path.mkdir()
    folder = (
        Folder(of_it.path).write("Header", header()).write("Episodes", episode(starts="07/04/2025"), name="a.csv")
    )
    folder.write("Episodes", episode(starts="08/04/2025"), name="b.csv")
    report = load_return(folder=of_it.path, authority=of_it.authority, year=2026, at=NOW, on=TODAY)
    assert [(one.file, "as well" in one.reason) for one in report.rejected] == [("a.csv", True), ("b.csv", True)]
    assert not Episode.objects.exists()


def test_after_the_last_day_returns_tell_of_nothing_is_said_of_how_reviews_stand(council):
    of_it = council()
    of_it.read(2026, child(episode(starts="07/04/2025"), reviews=[review("28/04/2025")]))
    of_it.authority.refresh_from_db()
    assert known_to(of_it.authority) == date(2026, 3, 31)
    scope = Scope(
        of_it.authority.pk,
        Period(date(2026, 10, 1), TODAY, "then"),
        TODAY,
        england(),
        words_of({}),
        known_to=date(2026, 3, 31),
    )
    found = {one.id: one for one in answers(scope, FIGURES, child="child__reference")}
    assert (found["C4"].value, found["C4"].numerator, found["C4"].denominator) == (None, 0, 1)
    assert (found["OVERDUE-REVIEWS"].value, found["OVERDUE-REVIEWS"].rows) == (None, [])
    assert BY_SLUG["review-up-to-date"].read(scope).words.value == "Not known"
