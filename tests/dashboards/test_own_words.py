"""An authority's own words stand wherever a page, a list or a file would say the standard ones."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alerts.services import sweep
from authorities.models import Policy
from authorities.words import say, words_of
from dashboards.figures import FIGURES
from escalations.models import Escalation
from tests.conftest import NOW, TODAY

OWN = {
    "escalation": "challenge",
    "escalations": "challenges",
    "child_looked_after": "child in our care",
    "children_looked_after": "children in our care",
}
OURS = re.compile(r"\S*escalat\w*|looked-after child\w*", re.IGNORECASE)  # "looked-after review" is the law's name
FIGURE_PAGES = ("dashboards:figure", "dashboards:download")
READ_ALOUD = ("aria-label", "title", "alt", "data-label")
ROLES = (
    "iro",
    "iro_manager",
    "social_worker",
    "team_manager",
    "head",
    "business_support",
    "analyst",
    "auditor",
    "governance",
)
SAID = {
    "iro": ("Open {escalation}", "{Escalation} R-", "{Escalations} about this child"),
    "iro_manager": (
        "Stuck {escalations}",
        "{Children_looked_after}",
        "the {escalation}",
        "the list of {escalations}",
    ),
    "team_manager": ("Answers {escalations} about the children of the team",),
    "head": (
        "{escalation} is past its answer date",
        "Open {escalations} by stage",
        "{Children_looked_after}, at month end",
        "{Children_looked_after} without an IRO",
    ),
    "analyst": ("{Escalations} raised by the day", "{Children_looked_after} allocated to an IRO on the day"),
    "business_support": ("Your role does not read what {escalations} say.",),
}
SAID_OF_NOTHING = [
    ("iro_manager", "dashboards:home", "Every {child_looked_after} has an IRO."),
    ("social_worker", "dashboards:home", "No {child_looked_after} is allocated to you."),
    ("iro", "dashboards:home", "No {child_looked_after} is allocated to you yet."),
    ("team_manager", "dashboards:caseload", "No {child_looked_after} is allocated to you or to a team"),
]


class Shown(HTMLParser):
    """What a page shows or has read aloud."""

    def __init__(self):
        super().__init__()
        self.found, self.silent = [], False

    def handle_starttag(self, tag, attrs):
        self.silent = tag in ("script", "style")
        self.found += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag):
        self.silent = False

    def handle_data(self, data):
        self.found += [] if self.silent else [data]


def shown(answer):
    if answer["Content-Type"].startswith("text/csv"):
        return answer.content.decode()
    page = Shown()
    page.feed(answer.content.decode())
    return " ".join(" ".join(page.found).split())


def addresses(child, escalation):
    """Pages that speak of children or of concerns, by name and what fills the blanks."""
    plain = ("dashboards:home", "dashboards:caseload", "escalations:list", "dashboards:figures", "alerts:list")
    of_child = ("dashboards:child", "escalations:of_child", "escalations:raise", "children:people", "children:access")
    acts = ("escalation", "respond", "move_up", "resolve")
    return [
        *(reverse(name) for name in (*plain, "accounts:mine", "returns:data_quality")),
        *(reverse(name, args=[child.uuid]) for name in of_child),
        *(reverse(f"escalations:{name}", args=[escalation.uuid]) for name in acts),
        *(reverse(name, args=[figure.slug]) for figure in FIGURES for name in FIGURE_PAGES),
    ]


@pytest.fixture
def walk(seeded, place, signed_in):
    """Everything one role reads on its way through the product, by address."""
    sweep(authority=place.authority, at=NOW, on=TODAY)
    child = seeded[1]
    escalation = Escalation.objects.get(child=child)

    def read(role):
        browser = signed_in(place.people[role])
        answers = {address: browser.get(address) for address in addresses(child, escalation)}
        log = {"reference": child.reference, "email": ""}
        answers["log"] = browser.post(reverse("children:access_log"), log)
        assert answers["/"].status_code == 200
        return {address: shown(answer) for address, answer in answers.items() if answer.status_code in (200, 403)}

    return read


def decided(place, words):
    """The words of the authority once it has decided on these of its own."""
    Policy.objects.create(authority=place.authority, starts_on=TODAY, words=words)
    return words_of(words)


def unsaid(role, words, text):
    return [said for said in SAID.get(role, ()) if say(said, words) not in text]


@pytest.mark.parametrize("role", ROLES)
def test_pages_say_the_authoritys_words_and_never_ours(place, walk, role):
    words, read = decided(place, OWN), walk(role)
    assert {address: OURS.findall(text) for address, text in read.items() if OURS.search(text)} == {}
    assert unsaid(role, words, " ".join(read.values())) == []


@pytest.mark.parametrize("role", SAID)
def test_an_authority_without_words_of_its_own_reads_ours(place, walk, role):
    words = decided(place, {})
    assert unsaid(role, words, " ".join(walk(role).values())) == []


@pytest.mark.parametrize("own", [{}, OWN], ids=["ours", "own"])
@pytest.mark.parametrize("role, name, said", SAID_OF_NOTHING)
def test_a_page_without_children_says_so_in_the_authoritys_words(place, signed_in, own, role, name, said):
    assert say(said, decided(place, own)) in shown(signed_in(place.people[role]).get(reverse(name)))


@pytest.mark.parametrize("role", ["iro", "head"])
@pytest.mark.parametrize("name", ["dashboards:home", "dashboards:caseload", "dashboards:figures", "alerts:list"])
def test_a_page_reads_the_words_once(seeded, place, signed_in, role, name):
    browser = signed_in(place.people[role])
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(reverse(name)).status_code == 200
    assert sum('."words"' in query["sql"] for query in asked.captured_queries) == 1


def test_words_hold_from_their_day_on(place, signed_in):
    Policy.objects.create(authority=place.authority, starts_on=TODAY + timedelta(days=1), words=OWN)
    assert "Stuck escalations" in shown(signed_in(place.people["iro_manager"]).get("/"))
