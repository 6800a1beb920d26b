"""The caseload: what is due first stands first, and only what this person may see stands there."""

from datetime import date

import pytest

from audit.models import AccessEvent
from tests.conftest import NOW

from .conftest import concern, held, waiting

CASELOAD = "/caseload/"


def names(page):
    return [str(row) for row in page.context["table"].rows]


def test_children_stand_by_what_is_due_first_and_those_without_a_date_last(seeded, place, signed_in):
    first, second, third, fourth, fifth, sixth = seeded
    page = signed_in(place.people["iro"]).get(CASELOAD)
    assert names(page) == [str(child) for child in (third, second, sixth, fourth, first, fifth)]


def test_a_row_says_what_is_next_its_day_and_where_it_stands(seeded, place, signed_in):
    text = signed_in(place.people["iro"]).get(CASELOAD).content.decode()
    for words in ("Third looked-after", "5 Jul 2026", "Overdue", "Due soon", "Not due", "Not known", "Not booked"):
        assert words in text
    assert "Met late" in text
    assert "Stage 1" in text
    assert "working days" in text


@pytest.mark.parametrize(
    "query, expected",
    [
        ("standing=overdue", [2]),
        ("standing=due-soon", [1, 5]),
        ("standing=not-due", [3, 0]),
        ("standing=not-known", [4]),
        ("standing=met-late", [2, 1, 5]),
        ("rag=RED", [2]),
        ("rag=RED&standing=not-due", []),
        ("team=North", [2, 1, 5, 3, 0, 4]),
        ("team=South", []),
        ("standing=nonsense&rag=PURPLE&team=Nowhere", [2, 1, 5, 3, 0, 4]),
        ("sort=child&dir=desc", [5, 4, 3, 2, 1, 0]),
        ("sort=;drop&page=99", [2, 1, 5, 3, 0, 4]),
    ],
)
def test_filters_and_sorts(seeded, place, signed_in, query, expected):
    page = signed_in(place.people["iro"]).get(f"{CASELOAD}?{query}")
    assert names(page) == [str(seeded[index]) for index in expected]


def test_standing_filters_divide_the_caseload(seeded, place, signed_in):
    client = signed_in(place.people["iro_manager"])
    found = [
        name
        for standing in ("overdue", "due-soon", "not-due", "not-known")
        for name in names(client.get(f"{CASELOAD}?standing={standing}"))
    ]
    assert sorted(found) == sorted(names(client.get(CASELOAD)))


def test_an_iro_manager_filters_by_iro_and_by_none(seeded, place, signed_in, make_child):
    client = signed_in(place.people["iro_manager"])
    assert len(names(client.get(f"{CASELOAD}?iro={place.people['iro'].uuid}"))) == 6
    assert len(names(client.get(f"{CASELOAD}?iro=none"))) == 1
    assert "No IRO" in client.get(f"{CASELOAD}?iro=none").content.decode()


def test_a_filter_that_is_on_stands_as_a_chip_that_takes_it_off(seeded, place, signed_in):
    page = signed_in(place.people["iro"]).get(f"{CASELOAD}?standing=overdue&rag=RED")
    chips = [(group.heading, chip.label, chip.url) for group in page.context["filters"].chips for chip in group.chips]
    assert chips == [("Standing", "Overdue", "?rag=RED"), ("Last rating", "Red", "?standing=overdue")]


def test_business_support_sees_dates_but_no_rating_and_no_concern(seeded, place, signed_in):
    page = signed_in(place.people["business_support"]).get(f"{CASELOAD}?rag=RED")
    text = page.content.decode()
    assert len(names(page)) == 7
    assert "Due by" in text
    for hidden in ("Last rating", "Open escalation", "Stage 1", "Amber"):
        assert hidden not in text


@pytest.mark.parametrize(
    "role, seen",
    [
        ("iro", 6),
        ("other_iro", 0),
        ("team_manager", 6),
        ("other_team_manager", 1),
        ("service_manager", 6),
        ("head", 7),
    ],
)
def test_each_sees_only_their_own(seeded, place, elsewhere, signed_in, make_child, role, seen):
    make_child(home=elsewhere)
    assert len(names(signed_in(place.people[role]).get(CASELOAD))) == seen


@pytest.mark.parametrize("role", ["other_iro", "returns_officer", "administrator"])
def test_an_empty_caseload_says_why(place, signed_in, role):
    text = signed_in(place.people[role]).get(CASELOAD).content.decode()
    assert "allocated to you" in text or "Your role opens no child" in text


def test_no_match_says_so(seeded, place, signed_in):
    assert (
        "No child matches these filters"
        in signed_in(place.people["iro"]).get(f"{CASELOAD}?team=East").content.decode()
    )


def test_the_list_leaves_one_access_event_with_every_child_shown(seeded, place, signed_in):
    signed_in(place.people["iro"]).get(CASELOAD)
    event = AccessEvent.objects.get(actor_id=place.people["iro"].pk)
    assert (event.action, event.what) == ("LIST", "dashboards:caseload")
    assert sorted(event.child_ids) == sorted(child.pk for child in seeded)


def test_a_child_with_two_cycles_stands_once_by_the_earlier(place, make_child, signed_in):
    child = make_child(care_from=date(2025, 3, 3))
    waiting(child, runs_from_on=date(2026, 7, 8))
    waiting(child, rule="SHORT_BREAK_LATER", runs_from_on=date(2026, 3, 8), cycle="SHORT_BREAK")
    page = signed_in(place.people["iro"]).get(CASELOAD)
    assert names(page) == [str(child)]
    assert page.context["table"].rows[0].next_due_on == date(2026, 9, 8)


def test_a_child_without_any_planned_review_still_stands_there(place, make_child, signed_in):
    child = make_child()
    page = signed_in(place.people["iro"]).get(CASELOAD)
    assert names(page) == [str(child)]
    assert "No review planned" in page.content.decode()


def test_a_name_with_markup_is_shown_as_text(place, make_child, signed_in):
    child = make_child()
    child.given_name = "<script>alert(1)</script>"
    child.save()
    text = signed_in(place.people["iro"]).get(CASELOAD).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    "role", ["iro", "iro_manager", "team_manager", "service_manager", "head", "business_support"]
)
def test_the_caseload_asks_the_same_few_questions_at_any_size(seeded, place, make_child, signed_in, role, questions):
    client = signed_in(place.people[role])
    few = questions(client, CASELOAD)
    for index in range(8):
        child = make_child(care_from=date(2025, 3, 3))
        held(child, date(2026, 7, 10), date(2026, 7, 10 + index), rag="GREEN")
        waiting(child, runs_from_on=date(2026, 1, 10 + index))
        concern(child, place.people["iro"])
    assert questions(client, CASELOAD) == few <= 12


def test_seventy_children_need_no_paging(place, make_child, signed_in):
    for _ in range(70):
        make_child(worker=None, team=None)
    page = signed_in(place.people["iro"]).get(CASELOAD)
    assert len(names(page)) == 70


def test_a_booking_after_the_due_date_is_marked_before_it_is_late(place, make_child, signed_in):
    child = make_child(care_from=date(2025, 3, 3))
    by = {"planned_at": NOW, "planned_by": place.people["iro"]}
    waiting(child, runs_from_on=date(2026, 2, 18), planned_for_on=date(2026, 8, 20), **by)
    browser = signed_in(place.people["iro"])
    assert "Too late" in browser.get(CASELOAD).content.decode()
    assert "Booked too late" in browser.get("/").content.decode()


def test_children_of_one_name_are_told_apart(place, make_child, signed_in):
    pair = [make_child(care_from=date(2025, 3, 3)) for _ in range(2)]
    for child in pair:
        child.given_name, child.family_name = "Poppy", "Yarrow"
        child.save()
        waiting(child, runs_from_on=date(2026, 2, 20))
    browser = signed_in(place.people["iro"])
    for page in (CASELOAD, "/"):
        text = browser.get(page).content.decode()
        assert all(child.reference in text for child in pair)
