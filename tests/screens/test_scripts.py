"""The built scripts and styles in a real browser, under the security policy, with no server behind them."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route

from reviews.rules import DRIFT_WORDS
from screens.cells import status_tag
from screens.components import Chip, ChipGroup, Event, Link, Step, SummaryRow
from screens.fields import ChoiceField, DateField, TextField
from screens.tables import Column, Table
from tests.browser import LAPTOP, barriers, chromium, fits

__all__ = ["chromium"]

ROOT = Path(__file__).parents[2]
HOME = "http://screens.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'"
)
STATUS = "[data-autosave-status]"
MINUTE = 60_000  # milliseconds

FORM = """{% extends "base.html" %}{% load screens %}{% block title %}Record{% endblock %}{% block content %}
{% error_summary form %}<h1 class="govuk-heading-l">Record</h1>
<form method="post" action="/record/" novalidate data-autosave-url="/draft/" data-autosave-version="3">
<input type="hidden" name="csrfmiddlewaretoken" value="{{ token }}">
{{ form.held_on.as_field_group }}{{ form.rag.as_field_group }}
<div class="screens-reveal" data-reveal-for="rag" data-reveal-values="AMBER RED">
{{ form.reason.as_field_group }}</div>
<button class="govuk-button" data-module="govuk-button" data-prevent-double-click="true">Save</button>
<p data-autosave-status></p></form>{% endblock %}"""

GALLERY = """{% extends "base.html" %}{% load screens %}{% block title %}Gallery{% endblock %}
{% block before_content %}{% breadcrumbs links %}{% endblock %}{% block content %}
{% identity_bar "Jo B." rows %}<h1 class="govuk-heading-l">Gallery</h1>{% sub_navigation links %}
{% filter_panel filter groups %}{{ table }}{{ nothing }}
<h2 class="govuk-heading-m">Parts</h2>{% inset "Nothing is late." %}{% warning "This is late." %}
{% details "Why" %}Because.{% enddetails %}{% timeline events 3 %}{% summary_list rows %}
{% task_list steps %}{% side_navigation links label="Parts" %}{% notification "Saved." kind="success" %}
{% notification "Soon." %}{% cursor_pagination "/a" "/b" label="More" %}{% endblock %}"""

NOTED = [
    ("Support the carers", "support"),
    ("Sam will MONITOR this", "monitor"),
    ("The team is working\n with her", "working with"),
    ("Monitoring, then support", "monitoring"),
    ("“Continue.”", "continue"),
]
NOT_NOTED = [
    "",
    "Ben is settled at his supported lodgings",
    "Visits were discontinued in May",
    "The heart monitors are fitted",
    "A self-support group meets at school",
    "She has work within walking distance",
    "Progressé",
]
NOTES = """{% extends "base.html" %}{% load screens %}{% block title %}Decide{% endblock %}{% block content %}
<h1 class="govuk-heading-l">Decide</h1><form method="post" novalidate>{{ form.reason.as_field_group }}
<div role="status" data-note-for="reason" data-note-words="{{ words }}" data-note-says="“{word}” says little."></div>
<button class="govuk-button">Save</button></form>{% endblock %}"""


class RecordForm(forms.Form):
    held_on = DateField(label="Held on", help_text="For example, 4 12 2026")
    rag = ChoiceField(
        label="Rating",
        choices=[("GREEN", "Green"), ("AMBER", "Amber"), ("RED", "Red")],
        widget=forms.RadioSelect(attrs={"data-inline": "true"}),
    )
    reason = TextField(label="Reason", lines=4, max_length=200, count=True)


class FilterForm(forms.Form):
    team = forms.ChoiceField(choices=[("", "All"), ("N", "North")], required=False)


class Site:
    """What the browser is answered: pages by address, the built files, and drafts as each test wants them."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.drafts: list[dict[str, list[str]]] = []
        self.draft_status = 200
        self.needed_token: str | None = None

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOME).split("?")[0]
        if path.startswith("/static/"):
            route.fulfill(path=ROOT / path.removeprefix("/"))
        elif path == "/draft/":
            self.draft(route)
        elif path == "/extend/":
            route.fulfill(json={})
        else:
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=self.pages.get(path, ""), headers=headers)

    def draft(self, route: Route) -> None:
        posted = parse_qs(route.request.post_data or "", keep_blank_values=True)
        self.drafts.append(posted)
        token = route.request.headers.get("x-csrftoken")
        refused = self.needed_token is not None and token != self.needed_token
        status = 403 if refused else self.draft_status
        version = int(posted["version"][0]) + 1
        body = json.dumps({"saved_at": "2026-12-04T14:32:00+00:00", "version": version})
        route.fulfill(status=status, body=body, headers={"Content-Type": "application/json"})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(viewport=LAPTOP, timezone_id="Europe/London", base_url=HOME)
    context.route("**/*", site.answer)
    page = context.new_page()
    yield page
    context.close()


def drawn(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def open_form(page: Page, site: Site, data: dict[str, str] | None = None, **context: Any) -> None:
    site.pages["/"] = drawn(FORM, **{"form": RecordForm(data), "token": "old", **context})
    page.clock.install()
    page.goto("/")


def write(page: Page, words: str) -> None:
    page.check("#id_rag_1")
    page.locator("#id_reason").press_sequentially(words)


def pass_time(page: Page, milliseconds: int) -> None:
    """Let this much time pass in the page, then wait until what it asked meanwhile has been answered."""
    page.clock.run_for(milliseconds)
    page.evaluate("fetch('/asked-last/').then((answer) => answer.text())")  # requests are answered in their order


def count_sendings(page: Page) -> None:
    """From now on the page stays when a form is sent, and counts how often that was."""
    page.evaluate(
        "() => { window.sendings = 0; document.addEventListener('submit',"
        " (event) => { event.preventDefault(); window.sendings += 1 }) }"
    )


def test_a_page_runs_under_the_policy_without_a_word_of_complaint(page: Page, site: Site) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_form(page, site)
    assert complaints == []
    assert "govuk-frontend-supported" in (page.get_attribute("body", "class") or "")
    assert page.evaluate("[htmx.config.allowEval, htmx.config.historyCacheSize]") == [False, 0]


def test_a_field_opens_under_the_answers_that_need_it(page: Page, site: Site) -> None:
    open_form(page, site)
    reason = page.locator("#id_reason")
    assert not reason.is_visible()
    page.check("#id_rag_2")
    assert reason.is_visible()
    page.check("#id_rag_0")
    assert not reason.is_visible()


def open_notes(page: Page, site: Site) -> None:
    site.pages["/"] = drawn(NOTES, form=RecordForm(), words="|".join(DRIFT_WORDS))
    page.clock.install()
    page.goto("/")


def noted(page: Page) -> str:
    return page.locator("[data-note-for]").inner_text()


def test_a_whole_word_is_noted_quietly_as_one_types(page: Page, site: Site) -> None:
    open_notes(page, site)
    for text, word in NOTED:
        page.fill("#id_reason", text)
        pass_time(page, 1000)
        assert noted(page) == f"“{word}” says little."
        page.fill("#id_reason", "")
        pass_time(page, 1000)
        assert noted(page) == ""
    for text in NOT_NOTED:
        page.fill("#id_reason", text)
        pass_time(page, 1000)
        assert noted(page) == "", text


def test_a_word_half_typed_is_left_alone(page: Page, site: Site) -> None:
    open_notes(page, site)
    page.locator("#id_reason").press_sequentially("support")
    assert noted(page) == ""
    page.locator("#id_reason").press_sequentially("ed lodgings")
    pass_time(page, 1000)
    assert noted(page) == ""
    page.fill("#id_reason", "Support")
    page.press("#id_reason", "Tab")
    assert noted(page) == "“support” says little."
    assert barriers(page) == []


def test_the_error_summary_has_the_focus_and_leads_to_the_box(page: Page, site: Site) -> None:
    open_form(page, site, {"rag": "RED", "reason": "x"})
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.click(".govuk-error-summary a")
    assert page.evaluate("document.activeElement.id") == "id_held_on-day"


def test_typing_is_saved_within_five_seconds_however_long_it_goes_on(page: Page, site: Site) -> None:
    open_form(page, site)
    page.check("#id_rag_1")
    page.focus("#id_reason")
    pass_time(page, 10)
    site.drafts.clear()
    for _ in range(5):
        page.locator("#id_reason").press_sequentially("word ")
        pass_time(page, 1000)
    assert [draft["reason"][0].rstrip() for draft in site.drafts] == ["word word word word word"]
    page.locator(STATUS, has_text="Saved 14:32").wait_for()
    write(page, "more")
    pass_time(page, 5000)
    assert site.drafts[-1]["reason"] == ["word word word word word more"]
    assert site.drafts[-1]["version"] == ["5"]


def test_a_save_on_its_way_is_called_off_when_the_form_is_sent(page: Page, site: Site) -> None:
    called_off: list[str] = []
    open_form(page, site)
    page.route("**/draft/", lambda route: None)  # the service takes its time
    page.on("requestfailed", lambda request: called_off.append(request.url))
    with page.expect_request("**/draft/"):
        write(page, "kept")
        page.clock.run_for(2500)
    count_sendings(page)
    with page.expect_event("requestfailed"):
        page.click("text=Save")
    assert called_off == [f"{HOME}/draft/"]
    assert "Not saved" not in page.locator(STATUS).inner_text()


def test_leaving_a_box_saves_it(page: Page, site: Site) -> None:
    open_form(page, site)
    page.fill("#id_held_on-day", "4")
    page.focus("#id_held_on-month")
    pass_time(page, 10)
    assert site.drafts[-1]["held_on_day"] == ["4"]


def test_a_failure_is_said_and_tried_again(page: Page, site: Site) -> None:
    site.draft_status = 500
    open_form(page, site)
    write(page, "kept")
    pass_time(page, 2500)
    page.locator(
        STATUS, has_text="Not saved: the service answered with an error (500). We will try again."
    ).wait_for()
    site.draft_status = 200
    pass_time(page, 3500)
    page.locator(STATUS, has_text="Saved 14:32").wait_for()
    assert site.drafts[-1]["reason"] == ["kept"]


def test_who_comes_second_is_told_and_keeps_their_text(page: Page, site: Site) -> None:
    site.draft_status = 409
    open_form(page, site)
    write(page, "mine")
    pass_time(page, 2500)
    page.locator(
        STATUS, has_text="this draft was changed on another page, or the review has been recorded"
    ).wait_for()
    tries = len(site.drafts)
    pass_time(page, 5 * MINUTE)
    assert len(site.drafts) == tries
    assert page.input_value("#id_reason") == "mine"


def test_who_was_signed_out_is_told_and_saved_after_signing_in_elsewhere(page: Page, site: Site) -> None:
    site.draft_status = 401
    open_form(page, site)
    write(page, "mine")
    pass_time(page, 2500)
    page.locator(STATUS, has_text="you have been signed out").wait_for()
    # signing in again changed the token: the page asks for its own afresh
    site.draft_status, site.needed_token = 200, "new"
    site.pages["/"] = drawn(FORM, form=RecordForm(), token="new")
    pass_time(page, 3500)
    page.locator(STATUS, has_text="Saved 14:32").wait_for()
    assert site.drafts[-1]["reason"] == ["mine"]
    assert page.input_value("main input[name=csrfmiddlewaretoken]") == "new"


def test_the_end_of_the_session_is_announced_and_put_off(page: Page, site: Site) -> None:
    open_form(page, site, idle_minutes=30, session_extend_url="/extend/")
    pass_time(page, 24 * MINUTE)
    assert page.locator(".screens-timeout").count() == 0
    pass_time(page, MINUTE + 1000)
    page.locator(".screens-timeout", has_text="signed out in 5 minutes").wait_for()
    page.click("text=Stay signed in")
    page.locator(".screens-timeout").wait_for(state="detached")
    pass_time(page, 24 * MINUTE)
    assert page.locator(".screens-timeout").count() == 0


def test_a_button_clicked_twice_sends_once(page: Page, site: Site) -> None:
    open_form(page, site)
    count_sendings(page)
    page.dblclick("text=Save")
    assert page.evaluate("window.sendings") == 1


def test_nothing_stays_in_the_browser(page: Page, site: Site) -> None:
    open_form(page, site)
    write(page, "private")
    pass_time(page, 3000)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def gallery() -> str:
    rows = [("R-7000 A.B.", "Second review", "4 Dec 2026"), ("R-7001 C.D.", "Third review", "5 Dec 2026")] * 15
    columns = [
        Column("child", "Child", lambda row: row[0], sort=lambda row: row[0]),
        Column("next", "What is next", lambda row: row[1]),
        Column("due", "Due by", lambda row: row[2]),
        *(Column(f"c{n}", f"Another {n}", lambda row: "Some more words") for n in range(4)),
        Column("standing", "Standing", lambda row: status_tag("Overdue", "bad")),
    ]
    request = RequestFactory().get("/?sort=child")
    links = [Link("Story", "/", True), Link("Reviews and decisions", "/r/", count=3), Link("Plans", "/p/")]
    return drawn(
        GALLERY,
        authority="Exampleshire County Council",
        navigation=[("What waits for me", "/", True, 7), ("Caseload", "/c/", False, None)],
        search_url="/search/",
        links=links,
        rows=[SummaryRow("Reference", "R-7F3K", [Link("Change", "/c/")])],
        filter=FilterForm(),
        groups=[ChipGroup("Standing", [Chip("Overdue", "?")])],
        table=Table(columns, "Caseload", per_page=10).render(request, rows),
        nothing=Table(columns, "Late", name="late").render(request, []),
        page=Paginator(rows, 10).page(1),
        events=[Event("Review held", date(2026, 12, 4), by="Ada", status="Amber", kind="warn")],
        steps=[Step("Decisions", "In progress", "/d/", "info", "Each with an owner"), Step("Check", "Cannot start")],
    )


@pytest.mark.parametrize("width", [1366, 320])
@pytest.mark.parametrize("state", ["gallery", "empty form", "wrong form"])
def test_every_part_is_accessible_and_fits(page: Page, site: Site, state: str, width: int) -> None:
    wrong = {"rag": "RED", "reason": "y" * 300, "held_on_day": "31", "held_on_month": "2", "held_on_year": "2026"}
    site.pages["/"] = {
        "gallery": gallery,
        "empty form": lambda: drawn(FORM, form=RecordForm()),
        "wrong form": lambda: drawn(FORM, form=RecordForm(wrong)),
    }[state]()
    page.set_viewport_size({"width": width, "height": 768})
    page.goto("/")
    assert barriers(page) == []
    assert fits(page)
