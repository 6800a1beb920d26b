"""The frame of every page, and the pages for when something is wrong."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages.storage.base import Message
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from screens import cells, errors
from screens.components import Chip, ChipGroup, Event, Link, SummaryRow

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGE = (
    '{% extends "base.html" %}{% block title %}Caseload{% endblock %}'
    "{% block content %}<h1>Caseload</h1>{% endblock %}"
)


def drawn(source: str, **context: Any) -> str:
    return Template("{% load screens %}" + source).render(Context(context))


def page(**context: Any) -> str:
    return Template(PAGE).render(Context(context))


def request(method: str = "get", **data: str) -> HttpRequest:
    made = getattr(RequestFactory(), method)("/", data)
    made.user = type("Nobody", (), {"is_authenticated": False, "is_anonymous": True})()
    return made


@pytest.fixture
def no_frame(settings: Any) -> None:
    """Only what the frame itself needs: these pages must stand without what other rooms put in the context."""
    options = {"context_processors": ["django.template.context_processors.request"]}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": options}]


def test_the_frame_stands_with_nothing_to_say() -> None:
    html = page()
    assert "<title>Caseload – IRO service</title>" in html
    assert 'href="#main-content"' in html
    assert "Independent Reviewing Officer service" in html
    assert "Search" not in html
    assert "Last checked" not in html
    assert html.count("<h1") == 1


def test_the_frame_says_whose_it_is_and_what_waits() -> None:
    html = page(
        authority="Exampleshire <b>",
        navigation=[("Caseload", "/caseload/", True, None), ("Escalations", "/escalations/", False, 2)],
        search_url="/search/",
        last_sweep_at=datetime(2026, 12, 4, 9, tzinfo=UTC),
    )
    assert "Exampleshire &lt;b&gt;" in html
    assert 'href="/caseload/" aria-current="page"' in html
    assert '2<span class="govuk-visually-hidden"> waiting</span>' in html
    assert '<form action="/search/" method="post"' in html
    assert "Last checked for alerts" in html


def test_the_title_says_when_a_form_has_errors() -> None:
    assert "<title>Error: Caseload" in page(has_errors=True)


def test_messages_are_banners() -> None:
    html = page(messages=[Message(25, "Saved <b>"), Message(40, "Not sent")])
    assert 'govuk-notification-banner--success" role="alert"' in html
    assert "Saved &lt;b&gt;" in html
    assert "There is a problem" in html


def test_a_page_warns_before_the_session_ends_only_where_it_can_be_extended() -> None:
    assert 'data-idle-minutes="30" data-session-extend-url="/s/"' in page(idle_minutes=30, session_extend_url="/s/")
    assert "data-idle-minutes" not in page(idle_minutes=30)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_needs_what_the_security_policy_refuses(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"<[^>]*\sstyle\s*=", source)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", source)
    assert "<style" not in source
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert "javascript:" not in source
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', source)


@pytest.mark.usefixtures("no_frame")
@pytest.mark.parametrize(
    "view, status, words",
    [
        (errors.bad_request, 400, "nothing was changed"),
        (errors.permission_denied, 403, "Your role in this service does not allow it"),
        (errors.page_not_found, 404, "nothing was lost"),
        (errors.csrf_failure, 403, "This page was open too long to be sent"),
        (errors.server_error, 500, "The fault is ours"),
    ],
)
def test_an_error_page_says_what_happened_and_what_to_do(view: Any, status: int, words: str) -> None:
    response: HttpResponse = view(request())
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert html.count("<h1") == 1
    assert 'href="/"' in html


@pytest.mark.usefixtures("no_frame")
def test_a_refusal_gives_its_reason() -> None:
    refusal = PermissionDenied("Only the child's own IRO <may> record this.")
    html = errors.permission_denied(request(), refusal).content.decode()
    assert "Only the child&#x27;s own IRO &lt;may&gt; record this." in html


@pytest.mark.usefixtures("no_frame")
def test_a_refused_form_gives_the_text_back_but_no_password() -> None:
    posted = request("post", reason="two\nlines <b>", password="secret-words", csrfmiddlewaretoken="tok3n")
    html = errors.csrf_failure(posted).content.decode()
    assert "two\nlines &lt;b&gt;" in html
    assert "secret-words" not in html
    assert "tok3n" not in html


@pytest.mark.usefixtures("no_frame")
def test_who_comes_second_keeps_their_text() -> None:
    response = errors.conflict(
        request(),
        heading="This review has already been recorded",
        message="Alex recorded it at 14:30.",
        kept=[("Reason", "mine <b>"), ("Views", "")],
        links=[Link("See the record", "/r/")],
    )
    html = response.content.decode()
    assert response.status_code == 409
    assert '<dd class="govuk-body govuk-inset-text screens-kept">mine &lt;b&gt;</dd>' in html
    assert '<a class="govuk-link" href="/r/">See the record</a>' in html
    assert "Views" not in html


def test_the_page_for_our_own_faults_needs_nothing_at_all() -> None:
    source = (TEMPLATES / "500.html").read_text()
    assert "{%" not in source
    assert "{{" not in source
    assert render_to_string("500.html").count("<h1") == 1


def test_days_and_moments_are_said_aloud() -> None:
    when = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert drawn("{{ on|day }} · {{ at|day }} · {{ at|moment }}", on=date(2026, 12, 4), at=when) == (
        "4 December 2026 · 2 July 2026 · 2 July 2026, 00:30"
    )
    assert drawn("[{{ on|day }}{{ on|moment }}{{ on|short_day }}]", on=None) == "[]"
    assert cells.short_day(date(2026, 12, 4)) == "4 Dec 2026"


def test_a_tag_has_a_known_meaning_and_escaped_words() -> None:
    assert cells.status_tag("<Red>", "bad") == '<strong class="govuk-tag govuk-tag--red">&lt;Red&gt;</strong>'
    with pytest.raises(KeyError):
        cells.status_tag("Red", "red")


def test_a_link_may_say_more_to_those_who_hear_it() -> None:
    assert cells.link("Change", "/a?b=1&c=2", hidden="the date") == (
        '<a class="govuk-link" href="/a?b=1&amp;c=2">Change<span class="govuk-visually-hidden"> the date</span></a>'
    )


def test_a_timeline_tells_days_from_moments() -> None:
    events = [
        Event("Review held", date(2026, 12, 4), "<b>", by="Ada", status="Amber", kind="warn"),
        Event("Answered", datetime(2026, 11, 20, 14, 32, tzinfo=UTC), url="/a/"),
    ]
    html = drawn("{% timeline events 3 %}", events=events)
    assert '<h3 class="moj-timeline__title">Review held <strong class="govuk-tag govuk-tag--orange">Amber' in html
    assert '<time datetime="2026-12-04">4 December 2026</time>' in html
    assert '<time datetime="2026-11-20T14:32:00+00:00">20 November 2026, 14:32</time>' in html
    assert "&lt;b&gt;" in html
    assert '<a class="govuk-link" href="/a/">Answered</a>' in html


def test_who_a_page_is_about() -> None:
    html = drawn("{% identity_bar name facts %}", name="Jo <B>", facts=[SummaryRow("Age", 12)])
    assert "Jo &lt;B&gt;" in html
    assert "<dt>Age</dt><dd>12</dd>" in html


def test_a_filter_shows_what_is_on() -> None:
    from django import forms

    form = type("FilterForm", (forms.Form,), {"team": forms.CharField(required=False)})()
    groups = [ChipGroup("Standing", [Chip("Overdue", "?team=n")]), ChipGroup("Team")]
    html = drawn("{% filter_panel form groups %}", form=form, groups=groups)
    assert '<a class="moj-filter__tag" href="?team=n">' in html
    assert "Clear filters" in html
    assert ">Team</h3>" not in html
    assert "Clear filters" not in drawn("{% filter_panel form %}", form=form)


def test_attributes_are_escaped_and_none_is_left_out() -> None:
    values = {"data-a": '"', "data-b": None, "data-c": 3}
    assert drawn("<form{% attributes values %}>", values=values) == '<form data-a="&quot;" data-c="3">'
