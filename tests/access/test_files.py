"""Every table as a file: what its pages show, all of it, for who may take it, and each taking logged."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import User
from alerts.services import sweep
from audit.models import AccessEvent, BusinessEvent
from authorities.services import add_service, add_team
from children.models import Child, Episode
from children.services import add_child, allocate, move_team
from escalations.models import Escalation
from escalations.rules import ConcernRaised
from escalations.services import raise_concern
from reviews.made import DecisionMade, ReviewMade
from reviews.models import Review
from reviews.services import record_review, start_care
from tests.access.world import CARE_FROM, World
from tests.conftest import NOW, TODAY, employ, person
from tests.making import make_decision, make_review

pytestmark = pytest.mark.django_db  # each test in a savepoint inside the world's transaction
FEW, MANY = 2, 120  # half of each late; half of the many are more than a page, and all of them more than the longest


@dataclass(frozen=True)
class List:
    """A table: the page it stands on, who reads it, and what sets it apart from others on the page."""

    page: str
    role: str = "IRO"
    table: str = "table"
    prefix: str = ""
    slug: str = ""
    is_about_children: bool = True

    def __str__(self) -> str:
        return f"{self.page} {self.prefix}{self.role}"

    def address(self, world: World) -> str:
        if ":of_child" in self.page or self.page.startswith("children:"):
            return reverse(self.page, args=[world.subjects["own"].child.uuid])
        if self.page == "accounts:account":
            return reverse(self.page, args=[world.subjects["own"].ids["account"]])
        return reverse(self.page, args=[self.slug] if self.slug else [])

    def client(self, world: World) -> Client:
        return world.clients[self.role]

    def file(self, world: World, query: str = "") -> Any:
        return self.client(world).get(f"{self.address(world)}?{self.prefix}format=csv{query}")


TABLES = [
    List("dashboards:caseload"),
    List("dashboards:caseload", "HEAD_OF_SERVICE"),
    List("dashboards:home", table="caseload"),
    List("dashboards:home", "IRO_MANAGER", "loads", "loads-", is_about_children=False),
    List("reviews:list"),
    List("reviews:decisions"),
    List("escalations:list"),
    List("alerts:list", table="late", prefix="late-"),
    List("alerts:list", table="coming", prefix="coming-"),
    List("children:access"),
    List("accounts:list", "SYSTEM_ADMINISTRATOR", is_about_children=False),
    List("accounts:posts", "SYSTEM_ADMINISTRATOR", is_about_children=False),
    List("authorities:structure", "SYSTEM_ADMINISTRATOR", "teams", "teams-", is_about_children=False),
    List("authorities:structure", "SYSTEM_ADMINISTRATOR", "services", "services-", is_about_children=False),
    List("returns:data_quality", "RETURNS_OFFICER", "checks", "checks-", is_about_children=False),
    List("returns:data_quality_list", "RETURNS_OFFICER", slug="no-placement"),
]
OF_ONE = [
    List("reviews:of_child"),
    List("reviews:of_child", prefix="decisions-"),
    List("escalations:of_child"),
    List("children:people", prefix="people-"),
    List("children:people", prefix="teams-"),
    List("children:people", prefix="readers-"),
    List("children:care", prefix=f"care-{CARE_FROM}-"),
    List("accounts:account", "SYSTEM_ADMINISTRATOR", is_about_children=False),
]
every_list = pytest.mark.parametrize("table", TABLES + OF_ONE, ids=str)


@pytest.fixture(scope="module")
def asked_of_few(world: World) -> dict[str, int]:
    """How many questions each file asks while there is a row or two; after it there are many rows of everything."""
    record(world)
    grow(world, range(FEW))
    found = {str(table): questions(world, table) for table in TABLES + OF_ONE}
    grow(world, range(FEW, MANY))
    return found


@pytest.fixture(autouse=True)
def _many(asked_of_few: dict[str, int]) -> None:
    """Every test here stands among many rows."""


def record(world: World) -> None:
    """The first review of Ada's child, with two decisions."""
    review = Review.objects.open().get(child=world.subjects["own"].child)
    made = ReviewMade(
        held_on=TODAY,
        participation="PN1",
        discussion="Doing well.",
        rag="GREEN",
        decisions=[DecisionMade(text=text, outcome="Done", owner="Sam", due_on=TODAY) for text in ("-Go", "Stay")],
    )
    ada = review.child.allocations.get(kind="IRO").user
    record_review(review=review, made=made, token=uuid4(), follow_up=None, by=ada, at=NOW, on=TODAY)


def grow(world: World, numbers: range) -> None:
    """More children of Ada's, every second one's review overdue and the others' due soon, each with a concern."""
    own = world.subjects["own"].child
    ada = own.allocations.get(kind="IRO").user
    for number in numbers:
        child = another(own, ada, number, on=CARE_FROM - (number % 2) * timedelta(days=60))
        concern = ConcernRaised("@The plan has drifted.", "A dated plan.")
        stage = own.authority.ladders.get().stages.get(position=0)
        raise_concern(child=child, stage=stage, raised=concern, by=ada, at=NOW, on=TODAY)
        employ(person(own.authority, f"Pia Person{number}"), "AUDITOR")
        add_team(
            authority=own.authority,
            name=f"=Team {number}",
            service=add_service(authority=own.authority, name=f"=Service {number}"),
        )
        before = make_review(child, rule="NOT_KNOWN", held_on=TODAY - timedelta(days=80), source="RETURN")
        make_decision(before, text="=Decided", due_on=TODAY)
    Episode.objects.filter(child__reference__startswith="MANY").update(placement_type="")
    sweep(authority=own.authority, at=NOW, on=TODAY)
    look = {"at": NOW, "authority_id": own.authority_id, "actor_id": ada.pk, "child_ids": [own.pk]}
    AccessEvent.objects.bulk_create(AccessEvent(**look, action="VIEW", what="children:people") for _ in numbers)


def another(like: Child, ada: User, number: int, *, on: date) -> Child:
    """One more child of the same team and IRO, looked after since a day."""
    child = Child(
        authority=like.authority,
        reference=f"MANY{number}",
        given_name="=Given",
        family_name=f"Name{number:03}",
        date_of_birth=like.date_of_birth,
        sex="F",
    )
    add_child(child=child, at=NOW)
    start_care(child=child, on=on, at=NOW, legal_status="C2", category_of_need="N1", placement_type="U6")
    move_team(child=child, team=like.team_allocations.get().team, on=on, at=NOW)
    allocate(child=child, kind="IRO", user=ada, on=on, at=NOW)
    return child


def questions(world: World, table: List) -> int:
    """How many statements the file asks of the database; transaction marks are none."""
    with transaction.atomic():
        table.file(world)
        with CaptureQueriesContext(connection) as asked:
            assert table.file(world).status_code == 200
        transaction.set_rollback(True)
    return sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries)


def lines(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def pages(world: World, table: List) -> Iterator[Any]:
    """Every page of the list, by its own links to the next."""
    address: str | None = f"{table.address(world)}?"
    while address:
        answer = table.client(world).get(address)
        yield answer
        drawn = answer.context[table.table].html if table.prefix else str(answer.content, "utf-8")
        html = drawn.replace("&amp;", "&")  # of two tables on a page, only this one's links
        following = re.findall(rf'href="(\?[^"]*{table.prefix}(?:page|before)=[^"]*)" rel="next"', html)
        address = f"{table.address(world)}{following[0]}" if following else None


def drawn(html: str, part: str) -> list[str]:
    """The texts of the headings, or of the rows, of a drawn table."""
    pattern = r'<th scope="col".*?</th>' if part == "headings" else r"<tr.*?</tr>"
    found = re.findall(pattern, html if part == "headings" else html.partition("<tbody")[2], re.S)
    return [
        unescape(strip_tags(re.sub(r'<span class="screens-table__arrow".*?</span>', "", each))).strip()
        for each in found
    ]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_the_file_holds_every_row_of_every_page_in_its_order(table, world):
    shown = [answer.context[table.table].html for answer in pages(world, table)]
    rows = [row for html in shown for row in drawn(html, "rows")]
    taken = lines(table.file(world))
    assert len(shown) > 1 or table.page in ("dashboards:home", "returns:data_quality"), "too few rows to prove it by"
    if table.page == "children:access":
        taken = taken[-len(rows) :]  # a look at a page is itself a look
        rows = rows[-len(taken) :]
    assert len(taken) == len(rows) > 0
    first = next(iter(taken[0]))
    for line, row in zip(taken, rows, strict=True):
        assert table.page == "children:access" or line[first].lstrip("'") in row


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_the_file_has_the_columns_of_the_page(table, world):
    headings = drawn(next(pages(world, table)).context[table.table].html, "headings")
    assert [name for name in lines(table.file(world))[0] if name in headings] == headings


@every_list
def test_no_markup_and_no_formula_stands_in_a_file(table, world):
    for line in lines(table.file(world)):
        assert not any("<" in text or text.startswith(("=", "+", "-", "@")) for text in line.values())


@every_list
def test_a_file_asks_the_same_few_questions_at_any_size(table, world, asked_of_few):
    assert questions(world, table) == asked_of_few[str(table)]


@every_list
def test_taking_a_file_is_logged_with_every_child_in_it(table, world):
    found = lines(table.file(world))
    if not table.is_about_children:
        event = BusinessEvent.objects.latest("pk")
        assert (event.verb, event.detail) == ("list.downloaded", {"page": table.page})
        return
    looked = AccessEvent.objects.latest("pk")
    named = {line["Reference"] for line in found} if "Reference" in found[0] else {"OWN1"}
    assert (looked.action, looked.what) == ("DOWNLOAD", table.page)
    assert set(Child.objects.filter(pk__in=looked.child_ids).values_list("reference", flat=True)) == named


@every_list
def test_no_strangers_child_stands_in_a_file(table, world):
    text = table.file(world).content.decode()
    assert "FAR1" not in text
    assert table.role != "IRO" or "OTHER1" not in text


@pytest.mark.parametrize("role", ["SOCIAL_WORKER", "TEAM_MANAGER", "DIRECTOR", "AUDITOR"])
@pytest.mark.parametrize(
    "page", ["dashboards:caseload", "reviews:list", "escalations:list", "escalations:of_child", "children:people"]
)
def test_who_may_only_read_is_offered_no_file_and_given_none(role, page, world):
    table = List(page, role, prefix="people-" if page == "children:people" else "")
    refused = table.file(world)
    assert refused.status_code == 403
    assert "may not download" in refused.content.decode()
    assert "Download as CSV" not in table.client(world).get(table.address(world)).content.decode()
    assert not AccessEvent.objects.filter(action="DOWNLOAD").exists()


@pytest.mark.parametrize("page", ["dashboards:caseload", "reviews:list", "escalations:list"])
def test_a_child_one_may_only_read_is_on_the_page_and_not_in_the_file(page, world):
    """Ada, who may export her own children, comes to manage the team of another's as well."""
    other = world.subjects["other"].child
    ada = User.objects.get(pk=world.subjects["own"].child.allocations.get(kind="IRO").user_id)
    employ(ada, "TEAM_MANAGER", team=other.team_allocations.get().team)
    table = List(page)
    answer = table.client(world).get(f"{table.address(world)}?all=1&standing=")
    assert "OTHER1" in answer.content.decode()
    assert "OTHER1" not in table.file(world).content.decode()


def test_a_file_keeps_the_filters_and_the_order_of_its_page(world):
    table = List("reviews:list")
    overdue = lines(table.file(world, "&standing=OVERDUE&sort=child&dir=desc"))
    assert {line["Standing"] for line in overdue} == {"Overdue"}
    assert [line["Child"] for line in overdue] == sorted((line["Child"] for line in overdue), reverse=True)
    assert 0 < len(overdue) < len(lines(table.file(world)))


def test_a_list_is_shown_whole_to_be_printed(world):
    table = List("dashboards:caseload")
    first = table.client(world).get(table.address(world))
    assert f"Show all {MANY + 1} on one page, to print" in first.content.decode()
    whole = table.client(world).get(f"{table.address(world)}?all=1")
    assert len(whole.context["table"].rows) == MANY + 1
    assert "Show 100 at a time" in whole.content.decode()


def test_the_log_of_who_looked_downloads_by_its_form(world):
    sought = {"reference": "OWN1", "email": ""}
    client = world.clients["INFORMATION_GOVERNANCE"]
    page = client.post(reverse("children:access_log"), sought)
    assert "Download as CSV" in page.content.decode()
    found = lines(client.post(reverse("children:access_log"), sought | {"format": "csv"}))
    assert len(found) >= MANY
    assert all("OWN1" in line["Whose record"] for line in found[:FEW])
    assert BusinessEvent.objects.filter(verb="list.downloaded").exists()


SEARCH = {"query": "Name"}


def found(world: World, role: str = "IRO", **asked: str) -> Any:
    return world.clients[role].post(reverse("dashboards:search"), SEARCH | asked)


def test_what_a_search_found_downloads_whole_by_its_form(world):
    page = found(world).content.decode()
    assert "Only the first 50 by name are shown" in page
    assert "Download as CSV" in page
    taken = lines(found(world, format="csv"))
    assert [line["Child"] for line in taken] == [f"'=Given Name{number:03}" for number in range(MANY)]
    looked = AccessEvent.objects.latest("pk")
    assert (looked.action, looked.what, len(looked.child_ids)) == ("DOWNLOAD", "dashboards:search", MANY)


def test_what_a_search_found_is_shown_whole_to_be_printed(world):
    page = found(world, all="1")
    assert len(page.context["table"].rows) == MANY
    assert "Show more on one page" not in page.content.decode()
    assert len(AccessEvent.objects.latest("pk").child_ids) == MANY


def test_a_search_gives_no_file_to_whoever_may_only_read(world):
    assert "Download as CSV" not in found(world, "TEAM_MANAGER").content.decode()
    assert found(world, "TEAM_MANAGER", format="csv").status_code == 403


def test_a_search_gives_no_child_that_one_may_only_read(world):
    other = world.subjects["other"].child
    ada = User.objects.get(pk=world.subjects["own"].child.allocations.get(kind="IRO").user_id)
    employ(ada, "TEAM_MANAGER", team=other.team_allocations.get().team)
    everybody = {"query": "secretfamily"}
    assert "OTHER1" in found(world, **everybody).content.decode()
    assert {line["Reference"] for line in lines(found(world, **everybody, format="csv"))} == {"OWN1"}


def test_the_files_of_a_people_page_say_what_it_says(world):
    people, teams, readers = (lines(table.file(world)) for table in OF_ONE[3:6])
    assert {line["As"] for line in people} == {"IRO", "social worker"}
    assert [line["Team"] for line in teams] == ["North"]
    assert "Allocated as" in next(line["Why"] for line in readers if line["Name"] == "Ada Iro")


def test_the_files_of_a_child_say_what_the_page_says(world):
    own = world.subjects["own"].child
    coming, held, _ = lines(OF_ONE[0].file(world))
    assert coming["Due by"] == Review.objects.open().get(child=own).duty.due_on.isoformat()
    assert (held["Held on"], held["Rating"], held["Standing"]) == (TODAY.isoformat(), "Green", "Met")
    assert [line["Decision"] for line in lines(OF_ONE[1].file(world))] == ["'-Go", "Stay", "Find a mentor"]
    concern = lines(OF_ONE[2].file(world))[0]
    assert concern["What it is about"] == Escalation.objects.get(child=own).concern
