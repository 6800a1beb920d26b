"""The figures as a command and other systems are given them: the page's numbers, with the rows behind them."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AccessEvent
from authorities.models import CalendarDay
from authorities.words import words_of
from children.models import Child
from dashboards.figures import FIGURES, scope_for
from dashboards.permissions import reach_of
from dashboards.rules import Period
from duties.models import Duty
from reviews.models import Review
from tests.api.conftest import Machine, assert_problem
from tests.making import viewer

from .conftest import held, waiting

WANTED = ["A1", "B4", "C3", "C3a", "C3b", "C3c", "C4", "C6", "F2", "F2-RED", "F2-AMBER", "F2-GREEN"]
BANDS = ["C6-1-TO-2", "C6-3-TO-5", "C6-6-TO-10", "C6-11-TO-20", "C6-OVER-20"]
QUARTER = {"from": "2026-07-01", "to": "2026-08-17"}
THEN = {"from": "2026-04-01", "to": "2026-07-12"}
KEYS = {"id", "title", "value", "numerator", "denominator", "definition", "rows"}


def printed(place, *words):
    out = StringIO()
    call_command("figures", "--authority", place.authority.code, *words, stdout=out)
    return out.getvalue()


def told(place, *words):
    """What the command says of each figure, by its id."""
    return by_id(json.loads(printed(place, *words, "--format", "json")))


def by_id(answer):
    found = {figure["id"]: figure for figure in answer["figures"]}
    assert len(found) == len(answer["figures"])
    assert all(set(figure) == KEYS for figure in found.values())
    return found


def scope_of(user, days):
    period = Period(date.fromisoformat(days["from"]), date.fromisoformat(days["to"]), "then")
    calendar = CalendarDay.objects.working_calendar()
    asking = viewer(user)
    return scope_for(asking, reach_of(asking.roles), period, calendar, words_of({}))


def period(days):
    return ["--from", days["from"], "--to", days["to"]]


def test_the_command_gives_every_figure_with_the_rows_of_its_numerator(seeded, place):
    found = told(place, *period(QUARTER))
    assert {*WANTED, *BANDS} <= set(found)
    for figure in found.values():
        assert figure["numerator"] == len(figure["rows"]), figure["id"]
        assert figure["title"]
        assert figure["definition"].endswith(".")
        assert "{" not in figure["title"] + figure["definition"]


def test_a_share_is_to_one_decimal_and_a_count_is_the_number(seeded, place):
    found = told(place, *period(QUARTER))
    numbers = {key: (one["value"], one["numerator"], one["denominator"]) for key, one in found.items()}
    assert numbers["C3"] == (50.0, 2, 4)
    assert numbers["C3a"] == (100.0, 1, 1)
    assert numbers["C3b"] == (0.0, 0, 1)
    assert numbers["C3c"] == (50.0, 1, 2)
    assert numbers["C4"] == (57.1, 4, 7)
    assert numbers["A1"] == (7, 7, None)
    assert numbers["B4"] == (3.0, 6, 2.0)
    assert numbers["C6"] == (2, 2, 2)
    assert numbers["C6-1-TO-2"] == (50.0, 1, 2)
    assert numbers["F2"] == (3, 3, 3)
    assert numbers["F2-RED"] == (33.3, 1, 3)


def test_each_row_names_its_child_and_the_duty_it_was_counted_by(seeded, place):
    found = told(place, *period(QUARTER))
    late = Review.objects.get(held_on=date(2026, 8, 14))
    assert found["C6-OVER-20"]["rows"] == [{"child": late.child.reference, "duty": str(late.duty.uuid)}]
    standing = {row["child"]: row["duty"] for row in found["C4"]["rows"]}
    first = Duty.objects.get(child=seeded[0], met_on=None)
    assert standing[first.child.reference] == str(first.uuid)
    assert {row["duty"] for row in found["A1"]["rows"]} == {None}


def test_where_there_is_nothing_to_divide_by_there_is_no_value(place):
    found = told(place, "--year", "2017-18")
    assert {key: one["value"] for key, one in found.items() if key in WANTED} == {"A1": 0} | dict.fromkeys(
        [key for key in WANTED if key != "A1"]
    )
    assert found["B4"]["denominator"] == 0
    assert not any(one["rows"] for one in found.values())


def test_both_days_are_in_a_period_and_counts_on_a_day_are_of_its_last(place, make_child):
    child = make_child(care_from=date(2025, 1, 6))
    make_child(care_from=date(2026, 7, 2))
    held(child, date(2026, 7, 1), date(2026, 7, 1))
    counts = {
        days: {key: one["numerator"] for key, one in told(place, "--from", days[0], "--to", days[1]).items()}
        for days in (("2026-07-01", "2026-07-01"), ("2026-06-01", "2026-06-30"), ("2026-07-02", "2026-07-02"))
    }
    assert [(found["C3"], found["A1"]) for found in counts.values()] == [(1, 1), (0, 1), (0, 2)]


def test_a_year_that_has_begun_counts_up_to_today(seeded, place):
    this_year = told(place, "--year", "2026-27")
    assert this_year["A1"] == told(place, *period(QUARTER))["A1"]
    assert this_year["C3"]["denominator"] == 5


@pytest.mark.parametrize(
    "words, message",
    [
        ([], "Give either a year, or both from and to"),
        (["--year", "2017-18", "--to", "2026-07-01"], "Give either a year, or both from and to"),
        (["--year", "2017"], "2017 is not a year"),
        (["--year", "2017-19"], "2017-19 is not a year"),
        (["--year", "2017-18", "--figure", "X9"], "There is no figure X9. There are C3, C4"),
        (["--year", "2017-18", "--figure", "C3z"], "There is no figure C3z"),
        (["--year", "2027-28"], "has not begun"),
        (["--from", "2026-07-01", "--to", "2026-08-18"], "today or in the past"),
        (["--from", "2026-07-02", "--to", "2026-07-01"], "the first day or later"),
        (["--from", "soon", "--to", "2026-07-01"], "soon is not a date"),
        (["--year", "2017-18", "--authority", "E99"], "no authority with the code E99"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(place, words, message):
    with pytest.raises(CommandError, match=message) as refused:
        printed(place, *words)
    assert refused.value.returncode == 2


@pytest.mark.parametrize("wanted", ["C3", "C3a", "F2-RED", "C6-OVER-20", "OVERDUE-REVIEWS"])
def test_one_figure_can_be_asked_for_alone(seeded, place, wanted):
    every = told(place, *period(QUARTER))
    assert told(place, *period(QUARTER), "--figure", wanted) == {wanted: every[wanted]}
    asked = Machine(place.people["head"]).get("/figures/", **QUARTER, figure=wanted)
    assert set(by_id(asked.json())) == {wanted}


def test_a_part_says_what_it_is_a_share_of(seeded, place):
    found = told(place, *period(QUARTER))
    assert found["C3a"]["definition"].startswith("First reviews in time, out of “First reviews (C3a)”. Reviews held")
    assert found["F2-RED"]["definition"].startswith("Red, out of “Reviews rated”. Reviews held")


def test_people_read_the_same_in_lines(seeded, place):
    lines = printed(place, *period(QUARTER)).splitlines()
    assert "C3  Reviews in time  50.0 (2 of 4)" in lines
    assert "A1  Looked-after children  7" in lines


@pytest.mark.parametrize("days", [QUARTER, THEN])
@pytest.mark.parametrize("role", ["head", "iro_manager", "iro", "team_manager", "other_iro"])
def test_the_api_gives_the_numbers_of_the_page_and_logs_what_it_lists(seeded, place, role, days):
    user = place.people[role]
    found = by_id(Machine(user).get("/figures/", **days).json())
    scope = scope_of(user, days)
    for figure in FIGURES:
        if figure.code in found:
            assert found[figure.code]["numerator"] == figure.read(scope).numerator
    listed = {row["child"] for figure in found.values() for row in figure["rows"]}
    assert all(figure["numerator"] == len(figure["rows"]) for figure in found.values())
    logged = AccessEvent.objects.filter(actor_id=user.pk, what="api:figure-list", action="LIST")
    children = set(Child.objects.filter(pk__in=[pk for event in logged for pk in event.child_ids]))
    assert {str(child.uuid) for child in children} == listed


def test_the_api_and_the_command_count_alike(seeded, place):
    by_api = by_id(Machine(place.people["head"]).get("/figures/", year="2026-27").json())
    by_command = told(place, "--year", "2026-27")
    assert by_api.keys() == by_command.keys()
    for key, one in by_command.items():
        assert {**by_api[key], "rows": None} == {**one, "rows": None}
        assert duties_in(by_api[key]) == duties_in(one)


def duties_in(figure):
    return sorted(row["duty"] or "" for row in figure["rows"])


def test_who_reads_a_few_children_is_not_told_of_a_whole_authoritys_posts(seeded, place):
    assert "B4" not in by_id(Machine(place.people["iro"]).get("/figures/", **QUARTER).json())


@pytest.mark.parametrize("role, status", [("social_worker", 403), ("analyst", 403), ("business_support", 403)])
def test_who_reads_no_figures_or_may_not_use_the_api_is_refused(seeded, place, role, status):
    assert_problem(Machine(place.people[role]).get("/figures/", **QUARTER), status)


@pytest.mark.parametrize(
    "query, field",
    [
        ({}, "from"),
        ({"year": "2017"}, "year"),
        ({"year": "2017-18", "from": "2026-07-01"}, "year"),
        ({"from": "2026-07-02", "to": "2026-07-01"}, "to"),
        ({"from": "soon", "to": "2026-07-01"}, "from"),
        ({"year": "2017-18", "figure": "X9"}, "figure"),
        ({"from": "2026-07-01", "to": "2999-01-01"}, "to"),
        ({"year": "2017-18", "ward": "North"}, "ward"),
    ],
)
def test_the_api_says_which_part_of_a_period_cannot_be(place, query, field):
    assert_problem(Machine(place.people["head"]).get("/figures/", **query), 400, field)


def test_command_and_api_ask_the_same_few_questions_at_any_size(seeded, place, make_child):
    machines = {role: Machine(place.people[role]) for role in ("head", "iro", "team_manager")}

    def asked():
        found = {}
        for name, ask in {
            "command": lambda: told(place, *period(QUARTER)),
            **{role: (lambda one=one: one.get("/figures/", **QUARTER)) for role, one in machines.items()},
        }.items():
            ask()
            with CaptureQueriesContext(connection) as queries:
                ask()
            found[name] = len(queries)
        return found

    def more():
        for days in (0, 1, 3, 5, 10, 20, 35):
            child = make_child(care_from=date(2025, 3, 3))
            held(child, date(2026, 7, 10), date(2026, 7, 10) + timedelta(days=days), rag="GREEN")
            waiting(child, runs_from_on=date(2026, 1, 10) + timedelta(days=days))

    more()  # so that no band is empty: the rows of an empty one are not asked for
    few = asked()
    more()
    assert asked() == few
    assert max(few.values()) <= 45


def test_every_part_with_a_code_is_a_share_of_a_part_there_is(seeded, place):
    scope = scope_of(place.people["head"], QUARTER)
    for figure in FIGURES:
        parts = figure.parts(scope)
        assert {part.of for part in parts if part.code} <= {part.slug for part in parts}
