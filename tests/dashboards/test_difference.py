"""The caseload has children that are not counted as looked after: what each page says of it, and that all agree."""

from datetime import date, timedelta

import pytest

from authorities.models import CalendarDay
from authorities.words import words_of
from children.models import Allocation, Episode
from children.services import end_allocation
from dashboards.caseload import caseload_rows, children_in_caseload
from dashboards.figures import BY_SLUG, scope_for
from dashboards.figures.difference import CARE, tally_of_rows
from dashboards.figures.looked_after import (
    BETWEEN_BREAKS,
    LOOKED_AFTER,
    SHORT_BREAKS_ONLY,
    UNALLOCATED,
    tally_of_caseload,
)
from dashboards.figures.tally import Tally
from dashboards.permissions import reach_of
from dashboards.rules import Period
from reviews.models import Review
from reviews.services import end_care, start_care
from tests.conftest import NOW, TODAY
from tests.making import viewer

from .test_caseload import CASELOAD, names
from .test_figures import rows_of

PAGES = [("head", "/"), ("iro_manager", "/"), ("head", CASELOAD), ("head", "/figures/")]
BREAK_ENDED = date(2026, 7, 20)
SAID = (
    "Of 10 children in the caseload, 7 are looked-after children: 2 on short breaks (V3 or V4) and 1 between two"
    " short breaks are counted apart. 1 of the 7 looked-after children has no IRO, so 6 are allocated to one."
)


@pytest.fixture
def make_break(make_child, place):
    """Make a child of Ada's on the second short break of a series, or between it and the next, by the services."""

    def make(*, ended_on=None, iro="iro"):
        child = make_child(care_from=date(2026, 1, 12), iro=iro)
        period = child.care_periods.get()
        Episode.objects.filter(child=child).update(legal_status="V4")
        end_care(care_period=period, on=date(2026, 1, 19), reason="E8", at=NOW)
        start_care(
            child=child,
            on=date(2026, 7, 13),
            at=NOW,
            legal_status="V4",
            category_of_need="N2",
            placement_type="U4",
        )
        if ended_on:
            end_care(care_period=child.care_periods.latest("starts_on"), on=ended_on, reason="E8", at=NOW)
        return child

    return make


@pytest.fixture
def mixed(seeded, make_break):
    """Seven looked after, one of them without an IRO; two on short breaks; one between two."""
    return {"on": [make_break(), make_break()], "between": make_break(ended_on=BREAK_ENDED)}


def scope(user, day=TODAY):
    asking = viewer(user)
    period = Period(day - timedelta(days=40), day, "then")
    calendar = CalendarDay.objects.working_calendar()
    return scope_for(asking, reach_of(asking.roles), period, calendar, words_of({}))


def numbers(user, day=TODAY):
    children = tally_of_caseload(scope(user, day))
    return tuple(children.total(chosen) for chosen in (LOOKED_AFTER, SHORT_BREAKS_ONLY, BETWEEN_BREAKS))


def test_a_child_between_two_breaks_owes_the_next_review_of_the_series(mixed, place):
    child = mixed["between"]
    assert not child.care_periods.filter(ends_on=None).exists()
    review = Review.objects.owed().get(child=child)
    assert (review.cycle, review.duty.series) == ("SHORT_BREAK", "SHORT_BREAK")
    assert review.duty.due_on


def test_the_caseload_keeps_it_marked_with_its_iro_and_its_date(mixed, place, signed_in):
    child = mixed["between"]
    page = signed_in(place.people["iro_manager"]).get(CASELOAD)
    row = next(row for row in page.context["table"].rows if row.pk == child.pk)
    assert row.next_due_on == Review.objects.owed().get(child=child).duty.due_on
    assert (row.iro_given_name, row.iro_family_name) == ("Ada", "Iro")
    text = page.content.decode()
    assert text.count(">On short breaks<") == 2
    assert text.count(">Between short breaks<") == 1
    rows = rows_of(signed_in(place.people["iro"]).get(f"{CASELOAD}?format=csv"))
    marks = {row["Reference"]: row["Short breaks"] for row in rows if row["Short breaks"]}
    assert marks == {child.reference: "Between short breaks"} | {
        one.reference: "On short breaks" for one in mixed["on"]
    }


def test_its_iro_has_it_at_home_and_a_stranger_does_not(mixed, place, signed_in):
    assert str(mixed["between"]) in signed_in(place.people["iro"]).get("/").content.decode()
    for role in ("other_iro", "other_team_manager"):
        assert str(mixed["between"]) not in names(signed_in(place.people[role]).get(CASELOAD))


def test_it_is_not_counted_as_looked_after(mixed, place, signed_in):
    here = scope(place.people["head"])
    looked_after = {part.slug: part.count for part in BY_SLUG["children-looked-after"].read(here).parts}
    assert looked_after == {"all": 7, "short-breaks": 2}
    load = {part.slug: part.count for part in BY_SLUG["caseload-per-fte"].read(here).parts}
    assert load == {"all": 6, "short-breaks": 2, "between": 1, "unallocated": 1}
    found = BY_SLUG["caseload-per-fte"].list(here, "between")
    assert found
    assert [row.child_id for row in found[1]] == [mixed["between"].pk]
    assert BY_SLUG["review-up-to-date"].read(here).denominator == 7


@pytest.mark.parametrize("role, address", PAGES)
def test_each_page_says_why_the_numbers_differ_in_the_same_sentence(mixed, place, signed_in, role, address):
    assert SAID in signed_in(place.people[role]).get(address).content.decode()


@pytest.mark.parametrize("role", ["iro", "team_manager", "service_manager", "iro_manager", "head", "director"])
def test_the_list_and_the_figures_count_the_same_children(mixed, place, signed_in, role):
    on_the_page = names(signed_in(place.people[role]).get(CASELOAD))
    assert len(on_the_page) == sum(numbers(place.people[role]))


def test_a_filtered_caseload_does_not_speak_of_all_of_it(mixed, place, signed_in):
    client = signed_in(place.people["head"])
    assert client.get(f"{CASELOAD}?iro=none").context["difference"] == ""


@pytest.mark.parametrize("role", ["iro", "head"])
def test_a_caseload_of_many_pages_is_counted_by_the_database_as_one_page_is_by_its_rows(mixed, place, role):
    asking = viewer(place.people[role])
    rows = caseload_rows(asking, reach_of(asking.roles))
    by_rows, by_database = tally_of_rows(rows), Tally.of(rows, *CARE)
    chosen = (LOOKED_AFTER, SHORT_BREAKS_ONLY, BETWEEN_BREAKS, UNALLOCATED)
    assert [by_rows.total(one) for one in chosen] == [by_database.total(one) for one in chosen]
    assert by_rows.total({}) == by_database.total({}) == len(rows)


def test_nothing_is_said_where_the_numbers_are_the_same(place, make_child, signed_in):
    make_child()
    for role, address in PAGES:
        text = signed_in(place.people[role]).get(address).content.decode()
        assert "in the caseload," not in text
        assert "no IRO," not in text


def test_children_without_an_iro_are_said_alone_where_there_are_no_short_breaks(seeded, place, signed_in):
    said = signed_in(place.people["head"]).get(CASELOAD).context["difference"]
    assert said == "1 of the 7 looked-after children has no IRO, so 6 are allocated to one."


def test_a_child_between_breaks_without_an_iro_waits_for_one_as_any_other(mixed, place, signed_in):
    child = mixed["between"]
    end_allocation(allocation=Allocation.objects.get(child=child, kind="IRO"), on=TODAY, at=NOW)
    client = signed_in(place.people["iro_manager"])
    home = client.get("/")
    waiting = next(one for one in home.context["page"].lists if one.heading == "Children without an IRO").lines
    assert [line.text for line in waiting if line.child_id == child.pk] == ["Between short breaks"]
    assert len(waiting) == len(names(client.get(f"{CASELOAD}?iro=none"))) == 2
    assert "1 of the 7 looked-after children and 1 of those on short breaks have no IRO" in home.content.decode()


def test_each_iros_load_has_the_children_between_breaks_among_short_breaks(mixed, place, signed_in):
    loads = {load.name: load for load in signed_in(place.people["iro_manager"]).get("/").context["page"].loads}
    assert (loads["Ada Iro"].children, loads["Ada Iro"].short_breaks) == (6, 3)


def test_a_past_day_has_the_children_who_were_between_breaks_then(mixed, place):
    head = place.people["head"]
    days = (date(2026, 3, 2), date(2026, 7, 12), date(2026, 7, 13), BREAK_ENDED - timedelta(days=1), BREAK_ENDED)
    assert [numbers(head, day)[1:] for day in days] == [(0, 3), (0, 3), (3, 0), (3, 0), (2, 1)]


def test_full_care_after_breaks_is_looked_after_and_no_break_goes_on(mixed, place):
    child = mixed["between"]
    start_care(
        child=child, on=date(2026, 8, 10), at=NOW, legal_status="C2", category_of_need="N1", placement_type="U6"
    )
    assert numbers(place.people["head"]) == (8, 2, 0)


def test_a_series_is_over_a_year_after_its_last_break(place, make_child):
    child = make_child(care_from=date(2025, 1, 6))
    Episode.objects.filter(child=child).update(legal_status="V4")
    end_care(care_period=child.care_periods.get(), on=date(2025, 1, 20), reason="E8", at=NOW)
    assert numbers(place.people["head"]) == (0, 0, 0)
    assert not children_in_caseload(viewer(place.people["head"])).exists()
